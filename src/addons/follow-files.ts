import type {FileNode, RootFs} from '../image/rootfs.ts'
import {LIMITS} from '../lib/limits.ts'
import {fileAt, readText} from './files.ts'

/** A file of a language that was read, with what is known of it beside. */
export interface ReadFile<T> {
  readonly file: T
  readonly text: string
}

/**
 * Reads files, and those that they load, the nearest first: each once, and at most `followed-modules`. Those of one
 * level are read at once, so that a layer that can only be passed over is passed over once for all. `enter` gives what
 * the files of a level load.
 */
export async function followFiles<T extends {readonly node: FileNode}>(
  files: Pick<RootFs, 'open'>,
  starts: readonly T[],
  enter: (level: readonly ReadFile<T>[]) => Promise<readonly T[]>,
  levels = Infinity,
): Promise<void> {
  const seen = new Set<string>()
  let next = starts
  for (let level = 0; level < levels && next.length > 0; level += 1) {
    const fresh = next.filter(({node: {path}}) => {
      const isNew = !seen.has(path) && seen.size < LIMITS['followed-modules'].most
      if (isNew) seen.add(path)
      return isNew
    })
    const texts = await Promise.all(fresh.map(({node}) => readText(files, node, LIMITS['module-bytes'].most)))
    next = await enter(
      fresh.flatMap((file, at) => {
        const text = texts[at]
        return text === undefined ? [] : {file, text}
      }),
    )
  }
}

/** Looks for files, at most so often; afterwards it finds none. */
export function limitedLooks(
  files: Pick<RootFs, 'lookup'>,
  most: number,
): (path: string) => Promise<FileNode | undefined> {
  let left = most
  return async path => {
    left -= 1
    return left < 0 ? undefined : fileAt(files, path)
  }
}
