import type {Result} from '../lib/result.ts'
import {readStandings} from '../workspace/checked-out.ts'
import {listChangedFiles} from './changed-files.ts'
import type {GitHubClient} from './client.ts'
import {hunksOf, isChanged} from './diff-lines.ts'
import {WRITES} from './ours.ts'
import type {PullRequest} from './pull-request.ts'
import {deleteComment, findReview, findThreads, type Thread, updateReview} from './review-threads.ts'

/** A comment on lines of a file as the pull request has it. */
export interface LineComment {
  /** From the root of the repository. */
  readonly file: string
  readonly line: number
  readonly endLine: number
  readonly body: string
}

/** A review of which there is one on a pull request, whatever runs. */
export interface StickyReview {
  /** What the review and its comments are found by: all their bodies begin with it. */
  readonly marker: string
  /** What the review says besides, of so many comments. */
  readonly describe: (count: number) => string
  readonly comments: readonly LineComment[]
}

/** What has become of it, in numbers of comments; `aside`: on lines that the pull request does not change. */
export interface ReviewOutcome {
  readonly made: number
  readonly kept: number
  readonly removed: number
  readonly aside: number
}

/** Comments of one review: who has more to mend than this sees the rest when it is done. */
const MOST = 30

const REVIEWS = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const COMMENTS = '/repos/{owner}/{repo}/pulls/{pull_number}/comments'

/**
 * Brings the review up to date: comments that are there stay, those that no longer hold are taken away, new ones are
 * added. What somebody resolved is left as it is, and not said again. Throws nothing; the problem is one for a warning.
 */
export function putReview(
  client: GitHubClient,
  pull: PullRequest,
  workspace: string,
  {marker, describe, comments}: StickyReview,
): Promise<Result<ReviewOutcome>> {
  // A request that broke off may have done its work: each further try looks first.
  return client.attempt(WRITES, async () => {
    const changed = comments.length === 0 ? [] : await onChangedLines(client, pull, workspace, comments)
    const wanted = changed.slice(0, MOST).map(comment => ({...comment, body: `${marker}\n${comment.body}`}))
    const threads = await findThreads(client, pull, marker)
    const kept = new Map(wanted.map(comment => [comment, threads.find(thread => isSame(thread, comment))] as const))
    const missing = wanted.filter(comment => kept.get(comment) === undefined)
    const stale = threads.filter(thread => !thread.isResolved && ![...kept.values()].includes(thread))
    const review = await findReview(client, pull, marker)
    const body = `${marker}\n${describe(wanted.length)}`
    // Nothing can be added to a review that is there: further comments stand beside it.
    if (review === undefined && missing.length > 0) await createReview(client, pull, body, missing)
    else for (const comment of missing) await client.post(COMMENTS, {...placeOf(pull), ...lineOf(comment)})
    if (review !== undefined && review.body !== body) await updateReview(client, review.id, body)
    for (const {id} of stale) await deleteComment(client, id)
    return {
      made: missing.length,
      kept: wanted.length - missing.length,
      removed: stale.length,
      aside: comments.length - wanted.length,
    }
  })
}

/**
 * Those on lines that the pull request changes, in files that the workspace holds as the pull request has them: GitHub
 * takes no others, and lines of another file are other lines.
 */
async function onChangedLines(
  client: GitHubClient,
  pull: PullRequest,
  workspace: string,
  comments: readonly LineComment[],
): Promise<readonly LineComment[]> {
  const {changed} = await listChangedFiles(client, pull)
  const named = changed.filter(({path, status}) => status !== 'removed' && comments.some(({file}) => file === path))
  const standings = await readStandings(workspace, named, true)
  const same = new Set(standings.flatMap(({file, standing}) => (standing === 'there' ? [file.path] : [])))
  const hunks = new Map(named.map(({path, patch = ''}) => [path, hunksOf(patch)]))
  return comments.filter(({file, line, endLine}) => same.has(file) && isChanged(hunks.get(file) ?? [], line, endLine))
}

async function createReview(
  client: GitHubClient,
  pull: PullRequest,
  body: string,
  comments: readonly LineComment[],
): Promise<void> {
  await client.post(REVIEWS, {...placeOf(pull), event: 'COMMENT', body, comments: comments.map(lineOf)})
}

function placeOf({owner, repo, number, headSha}: PullRequest) {
  return {owner, repo, pull_number: number, ...(headSha === undefined ? {} : {commit_id: headSha})}
}

/** https://docs.github.com/rest/pulls/comments#create-a-review-comment-for-a-pull-request */
function lineOf({file, line, endLine, body}: LineComment) {
  const start = line === endLine ? {} : {start_line: line, start_side: 'RIGHT'}
  return {path: file, body, line: endLine, side: 'RIGHT', ...start}
}

function isSame(thread: Thread, {file, line, endLine, body}: LineComment): boolean {
  const isThere = thread.file === file && thread.line === line && thread.endLine === endLine
  // Ends of lines may come back in another form than they were sent.
  return isThere && thread.body.replaceAll('\r\n', '\n') === body.replaceAll('\r\n', '\n')
}
