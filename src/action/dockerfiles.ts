import {messageOf, SourceError} from '../errors.ts'
import type {RawOptions} from '../pipeline/options.ts'
import {escapeLogLines, escapeMarkdown} from '../report/index.ts'
import type {ActionHost} from './host.ts'

/** What is to be checked beside what the user named. */
export type Found =
  | {readonly kind: 'found'; readonly globs: readonly string[]; readonly note?: string | undefined}
  /** Neither an image nor a Dockerfile is named, and the pull request changes none. */
  | {readonly kind: 'nothing'}

/**
 * What a pull request changes is checked where no Dockerfile is named. Without an image it
 * is all there is: then it must be known.
 */
export async function findChanged(host: ActionHost, token: string, written: RawOptions): Promise<Found> {
  if (written.dockerfile.length > 0) return {kind: 'found', globs: []}
  const changed = await changedDockerfiles(host, token)
  if (changed.kind === 'none') return {kind: 'found', globs: []}
  const isAlone = written.image.length === 0 && written.metadata.trim() === ''
  if (!isAlone || changed.globs.length > 0) return {kind: 'found', globs: changed.globs, note: changed.note}
  if (changed.note === undefined) return {kind: 'nothing'}
  throw new SourceError('unavailable', changed.note, {
    hint: 'Name an image, or the Dockerfiles: nothing was checked.',
  })
}

type ChangedDockerfiles =
  /** Not of a pull request. */
  | {readonly kind: 'none'}
  /** `note`: what is not known, or not at hand; then there may be more than `globs` name. */
  | {readonly kind: 'changed'; readonly globs: readonly string[]; readonly note: string | undefined}

/** Asks which Dockerfiles the pull request changes. What stands in the way is a note, never a failure. */
async function changedDockerfiles(host: ActionHost, token: string): Promise<ChangedDockerfiles> {
  const {github} = host
  const reading = await github.pullRequest()
  if (reading.kind === 'none') return reading
  const unknown = (reason: string): ChangedDockerfiles => ({
    kind: 'changed',
    globs: [],
    note: `The Dockerfiles that the pull request changes are not known: ${reason}.`,
  })
  if (reading.kind === 'unreadable') return unknown(reading.reason)
  if (token === '') return unknown('there is no token')
  try {
    const {files, note} = await (await github.open(token)).changedDockerfiles(reading.pull, github.workspace)
    return {kind: 'changed', globs: files.map(literalGlob), note}
  } catch (thrown) {
    // For example, the bundle with the client of GitHub cannot be loaded.
    return unknown(messageOf(thrown))
  }
}

/** Says in the log and in the summary what was left aside. */
export async function tellNote(host: ActionHost, note: string): Promise<void> {
  host.log(escapeLogLines(`Note: ${note}`))
  await host.summary(`\n> ${escapeMarkdown(note)}\n`)
}

/**
 * A pattern that matches this path, and none that anybody has beside it: nothing in it is a
 * wildcard but for what cannot be quoted.
 */
export function literalGlob(path: string): string {
  // Braces are expanded before brackets are looked at, and a backslash has no way to
  // be itself: `?` is any one character.
  const plain = path.replace(/[*?[\]()]/g, '[$&]').replace(/[{}\\]/g, '?')
  // At the beginning, `!` and `#` would have a meaning.
  return /^[!#]/.test(plain) ? `./${plain}` : plain
}
