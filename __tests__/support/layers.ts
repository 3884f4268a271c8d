import {type LayoutFile, type LayoutLayer, layerBytes, sha256} from '../../scripts/support/layout-builder.ts'
import {parseDigest} from '../../src/image/digest.ts'
import type {FileNode, RootFs} from '../../src/image/rootfs.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {type LayerBlob, type LayeredRootFs, type LayeredRootFsOptions, layeredRootFs} from '../../src/rootfs/index.ts'
import {all, inChunks} from './streams.ts'

export type TestLayer = LayoutLayer | readonly LayoutFile[]

export interface TestRootFs extends LayeredRootFs {
  /** The layers that were passed over, in the order of the passes. */
  readonly passes: readonly number[]
}

/** A root filesystem over layers in memory, the lowest first. */
export function rootFsOf(layers: readonly TestLayer[], options: LayeredRootFsOptions = {}): TestRootFs {
  const passes: number[] = []
  const blobs = layers.map((layer, index): LayerBlob => {
    const {blob} = layerBytes('length' in layer ? {files: layer} : layer)
    return layerBlobOf(blob, {
      onPass: () => passes.push(index),
      seekable: !('length' in layer) && layer.compression === 'none',
      mediaType: 'length' in layer ? undefined : layer.mediaType,
    })
  })
  return {...layeredRootFs(blobs, options), passes}
}

export function layerBlobOf(
  blob: Uint8Array,
  options: {readonly onPass?: () => void; readonly seekable?: boolean; readonly mediaType?: string | undefined} = {},
): LayerBlob {
  const digest = parseDigest(sha256(blob))
  if (!digest.ok) throw new Error(digest.problem)
  return {
    digest: digest.value,
    mediaType: options.mediaType ?? 'application/vnd.oci.image.layer.v1.tar+gzip',
    stream() {
      options.onPass?.()
      return inChunks(blob, 4096)
    },
    ...(options.seekable ? {access: async () => bytesAccess(blob)} : {}),
  }
}

/**
 * What is at a path, in a word: the content of a file, `dir`, `-> target`, the kind of anything else, or why nothing is
 * there.
 */
export async function peek(rootfs: RootFs, path: string): Promise<string> {
  const found = await rootfs.lookup(path)
  return found.outcome === 'found' ? describeNode(rootfs, found.node) : found.outcome
}

/** The whole tree: path -> what is there. */
export async function treeOf(rootfs: RootFs): Promise<Readonly<Record<string, string>>> {
  const nodes = await all(rootfs.files())
  return Object.fromEntries(
    await Promise.all(nodes.map(async node => [node.path, await describeNode(rootfs, node)] as const)),
  )
}

async function describeNode(rootfs: RootFs, node: FileNode): Promise<string> {
  if (node.kind === 'directory') return 'dir'
  if (node.kind === 'symlink') return `-> ${node.target}`
  if (node.kind !== 'file') return node.kind
  const file = await rootfs.open(node)
  return Buffer.from(await file.read(0, file.size)).toString()
}

export const file = (path: string, content = path): LayoutFile => ({path, content})
export const link = (path: string, linkTarget: string): LayoutFile => ({path, linkTarget})
export const hard = (path: string, hardlink: string): LayoutFile => ({path, hardlink})
export const dir = (path: string, mode = 0o755): LayoutFile => ({path, directory: true, mode})
export const gone = (path: string): LayoutFile => ({path, whiteout: true})
export const opaque = (path: string): LayoutFile => ({path, opaque: true})
