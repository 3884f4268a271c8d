import {boolean, object, optional, required, string} from '../lib/json.ts'

/** What a token lacks that may write nothing on a pull request. */
export const WRITES = 'pull-requests: write, which a run for a fork never has'

/** Who asks. */
export const viewer = required(object({login: required(string)}))

/** Null of somebody who left. */
const author = optional(object({__typename: optional(string, ''), login: required(string)}))

/** What somebody wrote, and who. */
export const written = object({
  id: required(string),
  body: required(string),
  viewerDidAuthor: optional(boolean, false),
  author,
})

/** As GraphQL says who wrote something. */
interface Authored {
  readonly viewerDidAuthor: boolean
  readonly author?: {readonly __typename: string; readonly login: string} | undefined
}

/**
 * Whether something is ours. The token of a workflow is the app's: it sees itself as `github-actions[bot]`, and what it
 * wrote as the bot `github-actions`'s.
 */
export function isOurs({viewerDidAuthor: isViewers, author: writer}: Authored, login: string): boolean {
  if (isViewers) return true
  return writer?.__typename === 'Bot' && login.endsWith('[bot]') && writer.login === login.replace(/\[bot\]$/, '')
}
