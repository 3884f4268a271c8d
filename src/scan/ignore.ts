import picomatch from 'picomatch'
import {fail, ok, type Result} from '../lib/result.ts'

/** Files that the user wants left out of the scan, and why. */
export interface IgnoreEntry {
  /** As it was written. */
  readonly glob: string
  readonly reason?: string
}

/**
 * `GLOB # reason`: an absolute glob in which `*` stays inside a directory, `**` does not, and files whose names begin
 * with a dot count as any other. What names a directory covers all that is in it.
 */
export function parseIgnore(text: string): Result<IgnoreEntry> {
  const [, written = '', reason = ''] = /^(.*?)(?:(?:^|\s)#(.*))?$/s.exec(text.trim()) ?? []
  const glob = written.trim()
  if (!glob.startsWith('/') && !glob.startsWith('**/')) {
    return fail(`expected an absolute path or glob such as /opt/sdk/** or **/testdata/**, got ${JSON.stringify(text)}`)
  }
  if (glob.length > LONGEST) return fail(`expected a glob of at most ${LONGEST} characters, got ${glob.length}`)
  return ok({glob, ...(reason.trim() === '' ? {} : {reason: reason.trim()})})
}

/** PATH_MAX of Linux with room for signs of globs; picomatch throws from 65,536 characters on. */
const LONGEST = 8192

/** The first of the entries that covers a path. */
export function ignoreMatcher(entries: readonly IgnoreEntry[]): (path: string) => IgnoreEntry | undefined {
  const compiled = entries.map(entry => {
    const glob = entry.glob.replace(/\/+$/, '')
    // `/` is the whole image, and picomatch throws for an empty pattern.
    const patterns = glob === '' ? ['/**'] : [glob, `${glob}/**`]
    return {entry, matches: picomatch(patterns, {dot: true, nonegate: true})}
  })
  return path => compiled.find(({matches}) => matches(path))?.entry
}
