import type {FileKind, FileNode, Hop, Lookup, RootFs} from '../../src/image/rootfs.ts'
import {bytesAccess, type RandomAccess} from '../../src/lib/bytes.ts'
import {surveyByOpening} from './survey-by-opening.ts'

/** One file of a tree in memory. A string is the content of a file of mode 0644. */
export type MemoryEntry =
  | string
  | Uint8Array
  | {
      readonly content?: string | Uint8Array
      /** What a symlink points to. */
      readonly link?: string
      readonly kind?: FileKind
      /** Default: 0755 for a directory, 0777 for a link, else 0644. */
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
      readonly layer?: number
      /** security.capability, in hexadecimal. */
      readonly capability?: string
    }

/** Absolute path -> file. Directories on the way are made where they are not given. */
export type MemoryTree = Readonly<Record<string, MemoryEntry>>

/** An executable file, for tables. */
export function executable(content: string | Uint8Array, mode = 0o755): MemoryEntry {
  return {content, mode}
}

interface Inode {
  readonly node: FileNode
  readonly content: Uint8Array
  readonly children: Map<string, Inode>
}

const MAX_LINKS = 40
const NAME_MAX = 255
const PATH_MAX = 4096

/** A root filesystem over literals that resolves paths as path_resolution(7) and the kernel's fs/namei.c do. */
export function memoryRootfs(tree: MemoryTree): RootFs {
  const root = newInode('/', {kind: 'directory', ...(typeof tree['/'] === 'object' ? tree['/'] : {})})
  for (const path of Object.keys(tree).sort()) {
    const entry = tree[path]
    if (entry !== undefined && path !== '/') plant(root, path, entry)
  }
  const contents = new Map<string, Uint8Array>()
  for (const inode of walk(root)) contents.set(inode.node.path, inode.content)
  const rootfs: RootFs = {
    lookup: async path => resolve(root, path),
    open: async (file): Promise<RandomAccess> => {
      const content = contents.get(file.path)
      if (!content || file.kind !== 'file') throw new Error(`${file.path} was not given by this root filesystem`)
      return bytesAccess(content)
    },
    list: async ({path}) => {
      const directory = [root, ...walk(root)].find(({node}) => node.path === path && node.kind === 'directory')
      if (!directory) throw new Error(`${path} is not a directory of this root filesystem`)
      return [...directory.children.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    },
    async *files() {
      const nodes = [...walk(root)].map(inode => inode.node)
      yield* nodes.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    },
    survey: inspection => surveyByOpening(rootfs, inspection),
  }
  TREES.set(rootfs, tree)
  return rootfs
}

const TREES = new WeakMap<RootFs, MemoryTree>()

/** What such a root filesystem was made of. */
export function treeOf(rootfs: RootFs): MemoryTree {
  const tree = TREES.get(rootfs)
  if (!tree) throw new Error('this is not a root filesystem in memory')
  return tree
}

function resolve(root: Inode, path: string): Lookup {
  const hops: Hop[] = []
  const through: FileNode[] = []
  if (!path.startsWith('/')) throw new Error(`lookup of a relative path: ${path}`)
  // getname() copies the path before anything is looked at.
  if (Buffer.byteLength(path) >= PATH_MAX) return {outcome: 'name-too-long', at: path, hops, through}
  let trail: readonly Inode[] = [root]
  // What is still to be walked; a trailing slash leaves an empty last component, which asks for a directory.
  let rest = components(path)
  while (rest.length > 0) {
    const here = trail.at(-1) ?? root
    const name = rest[0] ?? ''
    rest = rest.slice(1)
    if (here.node.kind !== 'directory') return {outcome: 'not-a-directory', at: here.node.path, hops, through}
    if (name === '') continue
    if (through.at(-1) !== here.node) through.push(here.node)
    if (name === '.') continue
    if (name === '..') {
      trail = trail.length > 1 ? trail.slice(0, -1) : trail
      continue
    }
    const at = here === root ? `/${name}` : `${here.node.path}/${name}`
    if (Buffer.byteLength(name) > NAME_MAX) return {outcome: 'name-too-long', at, hops, through}
    const found = here.children.get(name)
    if (!found) return {outcome: 'missing', at, hops, through}
    if (found.node.kind !== 'symlink') {
      trail = [...trail, found]
      continue
    }
    const target = found.node.target ?? ''
    if (hops.length >= MAX_LINKS) return {outcome: 'too-many-links', at, hops, through}
    hops.push({path: at, target})
    if (target === '') return {outcome: 'missing', at, hops, through}
    if (target.startsWith('/')) trail = [root]
    rest = [...components(target), ...rest]
  }
  return {outcome: 'found', node: (trail.at(-1) ?? root).node, hops, through}
}

/** `/a//b/` -> `a`, `b`, and an empty one for the trailing slash. */
function components(path: string): string[] {
  const names = path.split('/').filter(name => name !== '')
  return path.endsWith('/') ? [...names, ''] : names
}

function plant(root: Inode, path: string, entry: MemoryEntry): void {
  const names = path.split('/').filter(name => name !== '')
  let here = root
  names.forEach((name, index) => {
    const at = `/${names.slice(0, index + 1).join('/')}`
    const last = index === names.length - 1
    const child = here.children.get(name) ?? newInode(at, last ? entry : {kind: 'directory'})
    if (last && here.children.has(name)) throw new Error(`${path} is given twice`)
    if (!last && child.node.kind !== 'directory') throw new Error(`${at} is not a directory, but ${path} is in it`)
    here.children.set(name, child)
    here = child
  })
}

function newInode(path: string, entry: MemoryEntry): Inode {
  const given = typeof entry === 'string' || entry instanceof Uint8Array ? {content: entry} : entry
  const kind = given.kind ?? (given.link === undefined ? 'file' : 'symlink')
  const content = typeof given.content === 'string' ? Buffer.from(given.content) : (given.content ?? new Uint8Array())
  const usual = kind === 'directory' ? 0o755 : kind === 'symlink' ? 0o777 : 0o644
  const node: FileNode = {
    path,
    kind,
    mode: given.mode ?? usual,
    uid: given.uid ?? 0,
    gid: given.gid ?? 0,
    size: kind === 'file' ? content.length : 0,
    ...(given.capability === undefined ? {} : {capability: given.capability}),
    ...(given.link === undefined ? {} : {target: given.link}),
    ...(given.layer === undefined ? {} : {layer: given.layer}),
  }
  return {node, content, children: new Map()}
}

function* walk(inode: Inode): Generator<Inode> {
  if (inode.node.path !== '/') yield inode
  for (const child of inode.children.values()) yield* walk(child)
}
