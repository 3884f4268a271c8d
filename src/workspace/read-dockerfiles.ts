import {glob, readFile, stat} from 'node:fs/promises'
import {resolve} from 'node:path'
import {SourceError, UsageError} from '../errors.ts'
import {fixedBound, tellLimit} from '../lib/over-limit.ts'
import {nameInWorkspace} from './path-inside.ts'

/** A Dockerfile of the workspace. */
export interface DockerfileText {
  /** Relative to the workspace, with `/` between its parts. */
  readonly file: string
  readonly text: string
}

/** A file that is larger is not a Dockerfile, whatever its name. In bytes. */
const SIZE = fixedBound('dockerfile-bytes')

/** Folders that hold what others wrote. */
const FOREIGN_FOLDERS: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/**
 * Reads the Dockerfiles that globs name, each once, in the order of their names. `*`, `**`, `?`, `[…]` and `{a,b}` are
 * known. A glob that names no file is the user's mistake.
 */
export async function readDockerfiles(globs: readonly string[], workspace: string): Promise<readonly DockerfileText[]> {
  const names = new Set<string>()
  for (const pattern of globs) {
    const found = await filesOf(pattern, workspace)
    if (found.length === 0) {
      throw new UsageError(`dockerfile: no file matches ${JSON.stringify(pattern)}`, {
        hint: 'The pattern is relative to the workspace: check the repository out first.',
      })
    }
    for (const name of found) names.add(name)
  }
  const sorted = [...names].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return Promise.all(sorted.map(file => readOne(file, workspace)))
}

async function filesOf(pattern: string, workspace: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const name of glob(pattern, {cwd: workspace, exclude: entry => FOREIGN_FOLDERS.has(entry)})) {
    // `Dockerfile*` finds `Dockerfile.dockerignore` too, which is BuildKit's name for
    // the list of a Dockerfile of its own.
    if (name.endsWith('.dockerignore')) continue
    const path = resolve(workspace, name)
    // A link that leads nowhere is not a file.
    const node = await stat(path).catch(() => undefined)
    if (node?.isFile() === true) found.push(nameInWorkspace(path, workspace))
  }
  return found
}

async function readOne(file: string, workspace: string): Promise<DockerfileText> {
  try {
    const path = resolve(workspace, file)
    const {size} = await stat(path)
    if (size > SIZE.most) throw new Error(tellLimit(SIZE, most => `it has ${size} bytes, expected at most ${most}`))
    return {file, text: await readFile(path, 'utf8')}
  } catch (thrown) {
    throw new SourceError(
      'unavailable',
      `${file} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`,
      {
        cause: thrown,
      },
    )
  }
}
