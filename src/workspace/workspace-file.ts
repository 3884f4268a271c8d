import {lstat, readFile, realpath} from 'node:fs/promises'
import {isAbsolute, resolve} from 'node:path'
import {LIMITS} from '../lib/limits.ts'
import {pathInside} from './path-inside.ts'

/** A file that is larger is not a Dockerfile. In bytes. */
const SIZE_LIMIT = LIMITS['dockerfile-bytes'].most

/**
 * Reads a file of the workspace whose name somebody else gave, an image's provenance for one. Undefined where there is
 * none, where it is not a small regular file, and where the name leads out of the
 * workspace in any way, through links too.
 */
export async function readWorkspaceFile(name: string, workspace: string): Promise<string | undefined> {
  if (name.includes('\0')) return undefined
  try {
    const root = await realpath(workspace)
    const path = await realpath(resolve(root, name))
    if (isAbsolute(name) || pathInside(root, path) === undefined) return undefined
    const node = await lstat(path)
    return node.isFile() && node.size <= SIZE_LIMIT ? await readFile(path, 'utf8') : undefined
  } catch {
    // What cannot be read is not the same file as what an image was built from, which is all that matters.
    return undefined
  }
}
