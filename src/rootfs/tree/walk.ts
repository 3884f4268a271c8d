import type {FileNode} from '../../image/rootfs.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {childPath, directoryNode, fileNode, type MergedDirectory, type MergedFile, mergedRoot} from './merged.ts'
import {bindLink, type View} from './view.ts'

/** A file of the merged tree; what it is in its layer, where it is not a directory. */
export interface Walked {
  readonly node: FileNode
  readonly file: MergedFile | undefined
}

/** A directory that is walked through. */
interface Open {
  readonly directory: MergedDirectory
  /** What is left: each name, and for what is in a directory its name with a slash behind, which no name has. */
  readonly steps: Iterator<string>
}

/**
 * Every file below the root, in the order of the paths' bytes: `/a`, `/a-b`, `/a/b`, for `-` comes before `/`. So a
 * directory and what is in it are sorted apart, as `a` and `a/`.
 */
export async function* walkFiles({layers, top}: View): AsyncGenerator<Walked, void, undefined> {
  const open = [await openDirectory(await mergedRoot(layers, top))]
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const {value: step, done} = last.steps.next()
    if (done) {
      open.pop()
      continue
    }
    const isInside = step.endsWith('/')
    const name = isInside ? step.slice(0, -1) : step
    const node = last.directory.named(name)
    if (node.kind !== 'directory') {
      const path = childPath(last.directory, name)
      const file = node.kind === 'file' ? node : await bindLink(layers, node, path)
      yield {node: fileNode(path, file), file}
    } else if (isInside) open.push(await openDirectory(node.directory))
    else yield {node: directoryNode(node.directory), file: undefined}
  }
}

async function openDirectory(directory: MergedDirectory): Promise<Open> {
  const steps = await directory.names()
  const inside = steps.filter(name => directory.isDirectory(name)).map(name => `${name}/`)
  for (const step of inside) steps.push(step)
  return {directory, steps: sortByName(steps, step => step).values()}
}
