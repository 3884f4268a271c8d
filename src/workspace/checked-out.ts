import {createHash} from 'node:crypto'
import {readFile, realpath, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {LIMITS} from '../lib/limits.ts'
import {pathInside} from './path-inside.ts'

/** A file that a pull request touches. */
export interface ChangedFile {
  /** From the root of the repository; of a renamed file the new name. */
  readonly path: string
  readonly status: string
  /** Git's name of the content, at the tip of the pull request. */
  readonly sha: string
}

/**
 * How a changed file stands in the workspace. `indirect`: there is a link in its path: a pull request must
 * not be able to have a file read that is not its own, such as the token in `.git/config`. `other`: its
 * content is not that of the pull request.
 */
export type Standing = 'there' | 'absent' | 'indirect' | 'other'

/** In bytes: a file that is larger is not a Dockerfile, whatever its name. */
const SIZE_LIMIT = LIMITS['dockerfile-bytes'].most

/**
 * Looks at each of the files; with `mustBeSame` also into it, since a workspace with the base
 * checked out has files of the same names.
 */
export async function readStandings(
  workspace: string,
  files: readonly ChangedFile[],
  mustBeSame: boolean,
): Promise<{readonly file: ChangedFile; readonly standing: Standing}[]> {
  const root = await realpath(workspace).catch(() => workspace)
  return Promise.all(files.map(async file => ({file, standing: await readStanding(root, file, mustBeSame)})))
}

async function readStanding(root: string, {path, sha}: ChangedFile, mustBeSame: boolean): Promise<Standing> {
  const expected = join(root, path)
  const real = await realpath(expected).catch(() => undefined)
  if (real === undefined) return 'absent'
  if (real !== expected || pathInside(root, expected) === undefined) return 'indirect'
  const {size, isFile} = await stat(real).then(found => ({size: found.size, isFile: found.isFile()}))
  if (!isFile || size > SIZE_LIMIT) return 'indirect'
  return mustBeSame && gitBlobId(await readFile(real), sha) !== sha ? 'other' : 'there'
}

/** Git's name of a blob, by the hash that `like` is of. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function gitBlobId(content: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${content.length}\0`).update(content).digest('hex')
}
