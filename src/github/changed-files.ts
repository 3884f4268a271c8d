import {arrayOf, object, optional, required, string} from '../lib/json.ts'
import type {ChangedFile} from '../workspace/checked-out.ts'
import type {GitHubClient} from './client.ts'
import type {PullRequest} from './pull-request.ts'

/** A file that a pull request changes, with what is changed in it where GitHub shows that. */
export interface PullFile extends ChangedFile {
  /** Hunks of a unified diff; absent of what is binary or too large. */
  readonly patch?: string | undefined
}

const PER_PAGE = 100
/**
 * GitHub lists 3,000 files of a pull request and no more.
 * https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
 */
const PAGES = 30

const page = arrayOf(
  object({filename: required(string), status: required(string), sha: required(string), patch: optional(string)}),
)

/** `isCut`: there may be more. */
export async function listChangedFiles(
  client: GitHubClient,
  {owner, repo, number}: PullRequest,
): Promise<{readonly changed: readonly PullFile[]; readonly isCut: boolean}> {
  const changed: PullFile[] = []
  for (let at = 1; at <= PAGES; at += 1) {
    const parameters = {owner, repo, pull_number: number, per_page: PER_PAGE, page: at}
    const files = await client.get('/repos/{owner}/{repo}/pulls/{pull_number}/files', parameters, page)
    changed.push(...files.map(({filename, status, sha, patch}) => ({path: filename, status, sha, patch})))
    if (files.length < PER_PAGE) return {changed, isCut: false}
  }
  return {changed, isCut: true}
}
