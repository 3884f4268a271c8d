import {boolean, object, optional, required, string} from '../lib/json.ts'

/** Who wrote something; null of somebody who left. */
export const author = optional(object({__typename: optional(string, ''), login: required(string)}))
export const viewerDidAuthor = optional(boolean, false)

/** As GraphQL says who wrote something. */
export interface Authored {
  readonly viewerDidAuthor: boolean
  readonly author?: {readonly __typename: string; readonly login: string} | undefined
}

/**
 * Whether something is ours. The token of a workflow is the app's: it sees itself as `github-actions[bot]`, and what it
 * wrote as the bot `github-actions`'s.
 */
export function isOurs({viewerDidAuthor: isViewers, author: writer}: Authored, viewer: string): boolean {
  if (isViewers) return true
  return writer?.__typename === 'Bot' && viewer.endsWith('[bot]') && writer.login === viewer.replace(/\[bot\]$/, '')
}
