import type {FileNode} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import type {StackedLayer} from '../content/stacked-layer.ts'
import {impliedDirectory, type LayerDirectory, type LayerFile, type LayerNode} from './layer-tree.ts'

/** A file of the merged tree. */
export interface MergedFile {
  readonly kind: 'file'
  readonly node: LayerFile
  /** The layer whose entry is seen at the path. */
  readonly layer: number
  /** The layer that has the content: a lower one for a hard link across layers. */
  readonly contentLayer: number
}

/** A hard link whose target was not in its layer before it. */
export interface MergedLink {
  readonly kind: 'hard-link'
  readonly target: string
  readonly hidden?: true
  readonly layer: number
}

export type MergedNode = MergedFile | MergedLink | {readonly kind: 'directory'; readonly directory: MergedDirectory}

/**
 * A directory as overlayfs merges it: the directories of this name in all layers, from the top down to the first that
 * is opaque, or to below a layer that has a whiteout or something else under the name. So a directory upon a lower
 * layer's symlink hides the symlink, as it does in Docker and in containerd on overlayfs, and nothing is written
 * through it. Layers are read from the top, and no further down than needed.
 */
export class MergedDirectory {
  readonly path: string
  readonly parent: MergedDirectory | undefined
  /** The topmost layer that has it. */
  readonly layer: number
  readonly node: LayerDirectory
  readonly #layers: readonly StackedLayer[]
  readonly #name: string
  /** What the layers from the top one down have, as far as they were asked. */
  readonly #asked: (LayerDirectory | undefined)[]
  #ended: boolean

  constructor(place: {
    readonly layers: readonly StackedLayer[]
    readonly parent: MergedDirectory | undefined
    readonly name: string
    readonly layer: number
    readonly node: LayerDirectory
    /** The same layer takes the name away from those below. */
    readonly alone: boolean
  }) {
    const {layers, parent, name, layer, node, alone} = place
    this.path = parent ? childPath(parent, name) : '/'
    this.parent = parent
    this.layer = layer
    this.node = node
    this.#layers = layers
    this.#name = name
    this.#asked = [node]
    this.#ended = node.opaque || alone
  }

  /** What a name leads to; symlinks are not followed. */
  async child(name: string): Promise<MergedNode | undefined> {
    for (let layer = this.layer; layer >= 0; layer -= 1) {
      const directory = await this.#at(layer)
      const node = directory?.children.get(name)
      if (directory && node) return this.#merge(name, layer, node, directory)
      if (directory?.whiteouts?.has(name)) return undefined
    }
    return undefined
  }

  /**
   * The names of all that is in the directory. There may be a million: what they lead to is made when it is requested.
   */
  async names(): Promise<string[]> {
    const directories: LayerDirectory[] = []
    for (let layer = this.layer; layer >= 0; layer -= 1) {
      const directory = await this.#at(layer)
      if (directory) directories.push(directory)
    }
    const [only = this.node, ...more] = directories
    if (more.length === 0) return [...only.children.keys()]
    const found = new Set<string>()
    const hidden = new Set<string>()
    for (const {children, whiteouts} of directories) {
      for (const name of children.keys()) if (!hidden.has(name)) found.add(name)
      for (const name of whiteouts ?? []) hidden.add(name)
    }
    return [...found]
  }

  /** Whether one of `names()` is a directory. */
  isDirectory(name: string): boolean {
    return this.#named(name).node.kind === 'directory'
  }

  /** What one of `names()` leads to. */
  named(name: string): MergedNode {
    const {layer, node, directory} = this.#named(name)
    return this.#merge(name, layer, node, directory)
  }

  #named(name: string) {
    for (const [below, directory] of this.#asked.entries()) {
      const node = directory?.children.get(name)
      if (directory && node) return {layer: this.layer - below, node, directory}
    }
    throw new Error(`${this.path} has no ${name}`)
  }

  #merge(name: string, layer: number, node: LayerNode, directory: LayerDirectory): MergedNode {
    if (node.kind === 'hard-link') return {...node, layer}
    if (node.kind !== 'directory') return {kind: 'file', node, layer, contentLayer: layer}
    const alone = directory.whiteouts?.has(name) ?? false
    return {
      kind: 'directory',
      directory: new MergedDirectory({layers: this.#layers, parent: this, name, layer, node, alone}),
    }
  }

  /** What a layer adds to this directory. */
  async #at(layer: number): Promise<LayerDirectory | undefined> {
    while (!this.#ended && this.#asked.length <= this.layer - layer) {
      const next = this.layer - this.#asked.length
      const above = this.parent ? await this.parent.#at(next) : undefined
      const node = this.parent ? above?.children.get(this.#name) : await this.#layers[next]?.tree()
      this.#asked.push(node?.kind === 'directory' ? node : undefined)
      const covers = node !== undefined && (node.kind !== 'directory' || node.opaque)
      this.#ended = covers || above?.whiteouts?.has(this.#name) === true
    }
    return this.#asked[this.layer - layer]
  }
}

/** The root directory as the layers up to `top` make it; it is there even where no layer is. */
export async function mergedRoot(layers: readonly StackedLayer[], top: number): Promise<MergedDirectory> {
  const node = (await layers[top]?.tree()) ?? impliedDirectory()
  return new MergedDirectory({layers, parent: undefined, name: '', layer: Math.max(top, 0), node, alone: top < 0})
}

/** The path of a name in a directory. */
export function childPath(directory: MergedDirectory, name: string): string {
  return directory.parent ? `${directory.path}/${name}` : `/${name}`
}

export function fileNode(path: string, {node, layer}: MergedFile): FileNode {
  const {kind, owner, size, target} = node
  const {mode, uid, gid, capability} = owner
  return {
    path,
    kind,
    mode,
    uid,
    gid,
    size,
    ...defined({target, capability}),
    layer,
  }
}

export function directoryNode({path, layer, node: {mode, uid, gid}}: MergedDirectory): FileNode {
  return {path, kind: 'directory', mode, uid, gid, size: 0, layer}
}
