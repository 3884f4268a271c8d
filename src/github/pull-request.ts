import {readFile} from 'node:fs/promises'
import {messageOf} from '../errors.ts'
import {count, object, optional, parseJson, required, string} from '../lib/json.ts'

/** The pull request that a run of a workflow is about. */
export interface PullRequest {
  readonly owner: string
  readonly repo: string
  readonly number: number
  /** The commit at the tip of its branch; undefined where the event does not say. */
  readonly headSha: string | undefined
  /**
   * Whether the workflow runs in the name of the base (`pull_request_target`): then it is the base that is checked out.
   */
  readonly runsOnBase: boolean
}

export type PullRequestReading =
  | {readonly kind: 'pull-request'; readonly pull: PullRequest}
  /** A run of anything else: a push, a schedule, no runner at all. */
  | {readonly kind: 'none'; readonly event: string}
  | {readonly kind: 'unreadable'; readonly reason: string}

/**
 * The part of an event that says which pull request it is about.
 * https://docs.github.com/webhooks/webhook-events-and-payloads
 */
const event = object({
  pull_request: optional(object({number: required(count), head: optional(object({sha: optional(string)}))})),
  // A comment on a pull request is a comment on an issue that is one.
  issue: optional(object({number: required(count), pull_request: optional(object({url: optional(string)}))})),
})

/** Reads from the runner's environment which pull request this run is about, if any. Throws nothing. */
export async function readPullRequest(env: Readonly<Record<string, string | undefined>>): Promise<PullRequestReading> {
  const {GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path = '', GITHUB_REPOSITORY: repository = ''} = env
  if (path === '') return {kind: 'none', event: name}
  const [owner = '', repo = '', ...rest] = repository.split('/')
  if (owner === '' || repo === '' || rest.length > 0) {
    return {kind: 'unreadable', reason: `GITHUB_REPOSITORY is ${JSON.stringify(repository)}, expected OWNER/NAME`}
  }
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (thrown) {
    return {kind: 'unreadable', reason: `the event cannot be read: ${messageOf(thrown)}`}
  }
  return parsePullRequest(bytes, {name, owner, repo})
}

/** Parses an event, whose name and repository the runner gives. */
export function parsePullRequest(
  bytes: Uint8Array,
  {name, owner, repo}: {readonly name: string; readonly owner: string; readonly repo: string},
): PullRequestReading {
  const parsed = parseJson(bytes, event)
  if (!parsed.ok) return {kind: 'unreadable', reason: `the event cannot be understood: ${parsed.problem}`}
  const {pull_request: pull, issue} = parsed.value
  const number = pull?.number ?? (issue?.pull_request ? issue.number : undefined)
  if (number === undefined) return {kind: 'none', event: name}
  const runsOnBase = name !== 'pull_request'
  return {kind: 'pull-request', pull: {owner, repo, number, headSha: pull?.head?.sha, runsOnBase}}
}
