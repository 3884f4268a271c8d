import type {FileNode} from '../../image/rootfs.ts'
import {sortByName} from '../../lib/tar-name.ts'
import {
  childPath,
  directoryNode,
  fileNode,
  type MergedDirectory,
  type MergedFile,
  type MergedNode,
  mergedRoot,
} from './merged.ts'
import {bindLink, type View} from './view.ts'

/** A file of the merged tree; what it is in its layer, where it is not a directory. */
export interface Walked {
  readonly node: FileNode
  readonly file: MergedFile | undefined
}

/** One step of the walk: a file or directory itself, or what is in a directory. */
interface Step {
  /** What the paths of this step go on with, as far as they are the same. */
  readonly key: string
  readonly name: string
  readonly node: MergedNode
  readonly inside: boolean
}

/**
 * Every file below the root, in the order of the paths' bytes: `/a`, `/a-b`, `/a/b`, for `-` comes before `/`. So a
 * directory and what is in it are sorted apart, as `a` and `a/`.
 */
export async function* walkFiles({layers, top}: View): AsyncGenerator<Walked, void, undefined> {
  const root = await mergedRoot(layers, top)
  const open = [{directory: root, steps: (await sortedSteps(root)).values()}]
  for (let last = open.at(-1); last; last = open.at(-1)) {
    const {value: step, done} = last.steps.next()
    if (done) open.pop()
    else if (step.node.kind !== 'directory') {
      const path = childPath(last.directory, step.name)
      const file = step.node.kind === 'file' ? step.node : await bindLink(layers, step.node, path)
      yield {node: fileNode(path, file), file}
    } else if (step.inside) {
      const {directory} = step.node
      open.push({directory, steps: (await sortedSteps(directory)).values()})
    } else yield {node: directoryNode(step.node.directory), file: undefined}
  }
}

async function sortedSteps(directory: MergedDirectory): Promise<readonly Step[]> {
  const steps: Step[] = []
  for (const [name, node] of await directory.children()) {
    steps.push({key: name, name, node, inside: false})
    if (node.kind === 'directory') steps.push({key: `${name}/`, name, node, inside: true})
  }
  return sortByName(steps, ({key}) => key)
}
