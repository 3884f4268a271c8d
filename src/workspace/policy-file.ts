import {lstat, readFile, realpath} from 'node:fs/promises'
import {resolve} from 'node:path'
import {LIMITS} from '../lib/limits.ts'
import {pathInside} from './path-inside.ts'

/** A file that is larger is not a policy. In bytes. */
const SIZE_LIMIT = LIMITS['dockerfile-bytes'].most

/**
 * Reads a policy file of the workspace. A file behind a link is refused, since messages about a wrong file quote it: a
 * pull request must not be able to have a token in `.git/config` printed. What cannot be read is thrown, with why.
 */
export async function readPolicyFile(name: string, workspace: string): Promise<string> {
  const root = await realpath(workspace)
  const path = resolve(root, name)
  const inside = pathInside(root, path)
  if (inside === undefined) throw new Error('it is not in the workspace')
  if (inside.split('/')[0] === '.git') throw new Error('it is a file of git')
  if ((await realpath(path)) !== path) throw new Error('it is a symlink, or behind one')
  const node = await lstat(path)
  if (!node.isFile()) throw new Error('it is not a file')
  if (node.size > SIZE_LIMIT) throw new Error(`it has ${node.size} bytes, at most ${SIZE_LIMIT} are read`)
  return await readFile(path, 'utf8')
}
