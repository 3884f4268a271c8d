import {readStandings} from '../workspace/checked-out.ts'
import {listChangedFiles} from './changed-files.ts'
import type {GitHubClient} from './client.ts'
import {isDockerfileName} from './dockerfile-name.ts'
import type {PullRequest} from './pull-request.ts'

/**
 * The Dockerfiles that a pull request changes, as paths in the workspace; `note` says what is not among them, and why.
 */
export interface ChangedDockerfiles {
  readonly files: readonly string[]
  readonly note?: string
}

/** So many names are reported. */
const TOLD = 10

/**
 * Lists the Dockerfiles that a pull request adds or changes and that the workspace holds as the pull request has them.
 * Throws nothing: a token that may not list them, or an API that does not answer, is a note.
 */
export async function findChangedDockerfiles(
  client: GitHubClient,
  pull: PullRequest,
  workspace: string,
): Promise<ChangedDockerfiles> {
  const listed = await client.attempt('pull-requests: read', () => listChangedFiles(client, pull))
  if (!listed.ok) {
    return {files: [], note: `The Dockerfiles that the pull request changes are not known: ${listed.problem}.`}
  }
  const {changed, isCut} = listed.value
  const dockerfiles = changed.filter(({status, path}) => status !== 'removed' && isDockerfileName(path))
  const standings = await readStandings(workspace, dockerfiles, pull.runsOnBase)
  const names = (standing: string): string[] =>
    standings.flatMap(({file, ...found}) => (found.standing === standing ? [file.path] : []))
  const notes = [
    ...(isCut ? ['GitHub lists 3000 changed files and no more: further Dockerfiles are not known.'] : []),
    ...about(names('absent'), 'is changed by the pull request and is not in the workspace: check out the pull request'),
    ...about(names('other'), "is not the pull request's in the workspace: something else is checked out"),
    ...about(names('indirect'), 'is not a regular file in the workspace: symlinks are not followed'),
  ]
  return {files: names('there').sort(), ...(notes.length === 0 ? {} : {note: notes.join(' ')})}
}

function about(names: readonly string[], what: string): string[] {
  if (names.length === 0) return []
  const more = names.length > TOLD ? ` and ${names.length - TOLD} more` : ''
  return [`${names.slice(0, TOLD).join(', ')}${more} ${names.length === 1 ? what : what.replace(/^is\b/, 'are')}.`]
}
