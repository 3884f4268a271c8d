import {messageOf} from '../errors.ts'
import type {Location} from '../image/location.ts'
import type {Options} from '../pipeline/options.ts'
import {formatPlatform} from '../platform/index.ts'
import {
  type CommentMode,
  type CommentSubject,
  commentMarker,
  escapeLogLines,
  hideSecrets,
  isCommentWanted,
  renderComment,
} from '../report/index.ts'
import type {ActionHost, GitHubSide} from './host.ts'

export interface CommentInputs {
  readonly mode: CommentMode
  /** Empty where there is none. */
  readonly token: string
}

/**
 * Writes the comment on the pull request, or brings it up to date. What stands in the
 * way is a warning: no job fails of it.
 */
export async function commentOn(
  host: ActionHost,
  {mode, token}: CommentInputs,
  {images, platforms}: Pick<Options, 'images' | 'platforms'>,
  subject: CommentSubject,
): Promise<void> {
  if (mode === 'never') return
  const {github} = host
  const reading = await github.pullRequest()
  if (reading.kind === 'unreadable') return warn(host, reading.reason)
  if (reading.kind === 'none') {
    const event = reading.event === '' ? 'of no event' : `of the event ${reading.event}`
    host.log(escapeLogLines(`No comment: this run is ${event}, not of a pull request.`))
    return
  }
  if (token === '') return warn(host, 'there is no token')
  const {runUrl} = github
  const marker = keyOf(github, {images, platforms})
  const {pull} = reading
  const text = renderComment(marker, mode, subject, {commit: pull.headSha, runUrl})
  try {
    const open = await github.open(token)
    const body = hideSecrets(text, github.secrets())
    const outcome = await open.comment(pull, {marker, body, create: isCommentWanted(mode, subject)})
    if (!outcome.ok) return warn(host, outcome.problem)
    if (outcome.value !== 'none') host.log(`The comment on pull request #${pull.number} is ${outcome.value}.`)
  } catch (thrown) {
    // For example, the bundle with the client of GitHub cannot be loaded.
    warn(host, messageOf(thrown))
  }
}

/** The marker of what this step writes on a pull request. */
export function keyOf(
  {workflow, job, step}: GitHubSide,
  {images, platforms}: Pick<Options, 'images' | 'platforms'>,
): string {
  return commentMarker({
    ...{workflow, job, step},
    images: images.map(nameOf),
    platforms: platforms?.map(formatPlatform) ?? [],
  })
}

function warn(host: ActionHost, reason: string): void {
  host.annotate({
    level: 'warning',
    title: 'No comment on the pull request',
    message: escapeLogLines(`The comment could not be written: ${reason}.`),
  })
}

/** An image without its tag and digest. */
function nameOf(location: Location): string {
  return 'reference' in location ? location.reference.name : `${location.transport}:${location.path}`
}
