import {SourceError} from '../../errors.ts'
import {FormatError} from '../../lib/format-error.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, raiseHint, tellLimit} from '../../lib/over-limit.ts'
import {readTar} from '../../lib/tar.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {type DockerCli, dockerError} from './docker-cli.ts'

/** What a visitor of entries answers: whether it has seen enough. */
export type Visit = (entry: TarEntry) => Promise<'more' | 'enough'>

export type TarOutcome =
  | {readonly ended: 'enough'}
  | {readonly ended: 'whole'; readonly entries: number}
  | {readonly ended: 'failed'; readonly stderr: string; readonly error: SourceError}

/** Go's archive/tar, which engines write tars with, always marks the end, and nothing follows it. */
const END = {rest: 1024 * 1024} as const

/**
 * Walks the tar that a docker command prints, until the visitor has seen enough: then the command is ended, or
 * to the end, where its exit code counts. A stream that breaks off is a SourceError (the daemon died, or the run
 * was cancelled), never a short answer.
 */
export async function visitTar(
  cli: DockerCli,
  args: readonly string[],
  visit: Visit,
  limits: Limits = DEFAULT_LIMITS,
): Promise<TarOutcome> {
  const child = cli.stream(args)
  let entries = 0
  try {
    for await (const entry of readTar(child.stdout, END)) {
      entries += 1
      checkExtent(entries, entry, limits)
      if ((await visit(entry)) === 'more') continue
      await child.stop()
      return {ended: 'enough'}
    }
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) {
      await child.stop()
      throw thrown
    }
    // Why it broke off, the command's own end says better; that throws where the run was cancelled.
    const {exitCode, stderr} = await child.finished()
    if (exitCode !== 0 && entries === 0) return {ended: 'failed', stderr, error: dockerError(args, stderr, exitCode)}
    if (exitCode !== 0) throw dockerError(args, stderr, exitCode)
    const printed = `docker ${args.join(' ')} printed a tar that cannot be read: ${thrown.message}`
    throw new SourceError('unavailable', printed, {hint: thrown.hint, cause: thrown})
  }
  const {exitCode, stderr} = await child.finished()
  if (exitCode !== 0) return {ended: 'failed', stderr, error: dockerError(args, stderr, exitCode)}
  return {ended: 'whole', entries}
}

/** Throws where there is more of a container, or of a saved image, than is read. */
function checkExtent(entries: number, entry: TarEntry, limits: Limits): void {
  const check = (bound: Bound, seen: number, tell: (most: string) => string): void => {
    if (seen <= bound.most) return
    throw new SourceError('unsupported', tellLimit(bound, tell), {hint: raiseHint(bound, seen)})
  }
  check(boundOf(limits, 'image-entries'), entries, most => `the engine gives more than ${most} files`)
  const end = entry.content.offset + entry.content.length
  check(boundOf(limits, 'image-bytes'), end, most => `the engine gives files of more than ${most}`)
}

/** The first `limit` bytes of an entry, or all that it has; a copy. */
export async function readStart(entry: TarEntry, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(limit, entry.size))
  let size = 0
  for await (const chunk of entry.body()) {
    const part = chunk.subarray(0, bytes.length - size)
    bytes.set(part, size)
    size += part.length
    if (size >= bytes.length) break
  }
  return bytes.subarray(0, size)
}
