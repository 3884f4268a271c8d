import type {EngineRefusal} from '../../image/source.ts'
import {defined} from '../../lib/defined.ts'
import {FormatError} from '../../lib/format-error.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf} from '../../lib/over-limit.ts'
import {fileCapability, type TarEntry} from '../../lib/tar-entry.ts'
import {checkLinkedName, checkNames, describeEntry, leavesRoot, unusable} from './entry-names.ts'
import {
  impliedDirectory,
  isCleanPath,
  type LayerDirectory,
  type LayerFile,
  type LayerNode,
  type Owner,
  ownString,
  pathComponents,
  placeInTree,
} from './layer-tree.ts'
import {SIZES, TreeRoom} from './room.ts'
import {charge, type Steps} from './steps.ts'

/** A layer's tree while its tar is read. */
export interface GrowingLayer extends Steps {
  readonly root: LayerDirectory
  /** AUFS kept hard links in a directory of its own; such layers are still about. By base name. */
  readonly aufsLinks: Map<string, LayerFile>
  readonly owners: Map<string, Owner>
  /**
   * Where the file before this went: most go where the last one did. Only while nothing was
   * made since that could lead elsewhere.
   */
  last: {readonly path: string; readonly directory: LayerDirectory} | undefined
  /** The directories that have an entry of their own. */
  readonly described: WeakSet<LayerDirectory>
  /** Why engines do not unpack the layer, by kind: the first of each. */
  readonly refusals: Map<RefusalKind, EngineRefusal>
  readonly room: TreeRoom
}

type RefusalKind = 'unbound-link' | 'repeated-name' | 'outside-the-root' | 'own-whiteout' | 'replaced' | 'late-opaque'

export function growingLayer(
  limits: Limits = DEFAULT_LIMITS,
  room: TreeRoom = new TreeRoom(boundOf(limits, 'image-tree-bytes')),
): GrowingLayer {
  return {
    root: impliedDirectory(),
    aufsLinks: new Map(),
    owners: new Map(),
    last: undefined,
    described: new WeakSet(),
    refusals: new Map(),
    room,
    bound: boundOf(limits, 'layer-steps'),
    steps: 0,
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts */
const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
/** What AUFS kept beside the root's own files. https://github.com/moby/moby/blob/master/pkg/archive/whiteouts.go */
const AUFS = '.wh..wh.'
const AUFS_LINKS = '.wh..wh.plnk'

/**
 * Puts one entry of a layer's tar where an engine would. Answers the regular file that it made, for whoever wants its
 * body. What no engine unpacks throws a FormatError.
 */
export function applyEntry(layer: GrowingLayer, entry: TarEntry): LayerFile | undefined {
  checkNames(entry)
  if (leavesRoot(entry.name)) refuse(layer, 'outside-the-root', 'classic', entry, 'leads out of the root')
  return besideLast(layer, entry) ?? applyAnywhere(layer, entry)
}

function refuse(
  {refusals}: GrowingLayer,
  kind: RefusalKind,
  by: EngineRefusal['by'],
  entry: TarEntry,
  why: string,
): void {
  if (!refusals.has(kind)) refusals.set(kind, {by, problem: `${describeEntry(entry)} ${why}`})
}

/** The common case: a new regular file in the directory that the last one is in. */
function besideLast(layer: GrowingLayer, entry: TarEntry): LayerFile | undefined {
  const {last} = layer
  const {kind, name} = entry
  if (kind !== 'file' || !last || name[last.path.length] !== '/' || !name.startsWith(last.path)) return undefined
  const base = name.slice(last.path.length + 1)
  if (base.includes('/') || base === '' || base === '.' || base === '..' || base.startsWith(WHITEOUT)) return undefined
  const {children} = last.directory
  if (children.has(base)) return undefined
  const file = fileNode(layer, entry)
  children.set(ownString(base), file)
  return file
}

function applyAnywhere(layer: GrowingLayer, entry: TarEntry): LayerFile | undefined {
  layer.last = undefined
  const names = pathComponents(entry.name)
  const base = names.at(-1)
  if (base === undefined) {
    if (entry.kind !== 'directory') throw unusable(entry, 'is the root and no directory')
    Object.assign(layer.root, owner(entry))
    return undefined
  }
  const [first = ''] = names
  if (first.startsWith(AUFS) && !(names.length === 1 && first === OPAQUE)) {
    if (first === AUFS_LINKS && entry.kind === 'file') layer.aufsLinks.set(base, fileNode(layer, entry))
    return undefined
  }
  const place = placeInTree(layer.root, names, {
    make: (parent, made) => {
      layer.room.take(SIZES.name + made.length + SIZES.directory)
      checkLinkedName(entry, made)
      if (parent.whiteouts?.has(made))
        refuse(layer, 'own-whiteout', 'both', entry, 'is below a whiteout of its own layer')
    },
    follow: steps => charge(layer, entry, steps),
  })
  if (!place) throw unusable(entry, 'is below what is not a directory')
  const {directory, name} = place
  if (name === OPAQUE) {
    charge(layer, entry, directory.children.size)
    if (directory.opaque) refuse(layer, 'repeated-name', 'classic', entry, 'appears twice')
    if ([...directory.children.values()].some(child => child.kind === 'directory' && !layer.described.has(child)))
      refuse(layer, 'late-opaque', 'containerd', entry, 'comes after directories that have no entries of their own')
    directory.opaque = true
  } else if (name.startsWith(WHITEOUT)) {
    const hidden = name.slice(WHITEOUT.length)
    if (directory.whiteouts?.has(hidden)) refuse(layer, 'own-whiteout', 'both', entry, 'appears twice')
    if (directory.children.has(hidden))
      refuse(layer, 'own-whiteout', 'both', entry, 'is a whiteout of what its own layer has before it')
    whiteout(layer, directory, hidden)
  } else {
    const file = put(layer, directory, ownString(name), entry)
    const slash = entry.name.lastIndexOf('/')
    if (file && slash > 0 && isCleanPath(entry.name)) layer.last = {path: entry.name.slice(0, slash), directory}
    return file
  }
  return undefined
}

/** The order of a file and its whiteout in one tar does not matter: a whiteout is for the layers below. */
function whiteout({room}: GrowingLayer, directory: LayerDirectory, name: string): void {
  // `.wh.`, `.wh..` and `.wh...` name nothing that could be in the directory.
  if (name === '' || name === '.' || name === '..') return
  room.take(SIZES.name + name.length)
  directory.whiteouts ??= new Set()
  directory.whiteouts.add(ownString(name))
}

function put(layer: GrowingLayer, directory: LayerDirectory, name: string, entry: TarEntry): LayerFile | undefined {
  const there = directory.children.get(name)
  if (there && (there.kind !== 'directory' || layer.described.has(there)))
    refuse(layer, 'repeated-name', 'classic', entry, 'has a name that the layer had before')
  if (there?.kind === 'directory' && entry.kind !== 'directory' && hasDescribed(layer, there))
    refuse(layer, 'replaced', 'both', entry, 'takes the place of directories that its own layer has before it')
  switch (entry.kind) {
    case 'directory': {
      const before = directory.children.get(name)
      // Only a directory upon a directory is not a replacement: what is in it stays.
      const made = before?.kind === 'directory' ? before : impliedDirectory()
      if (made !== before) layer.room.take(SIZES.name + name.length + SIZES.directory)
      directory.children.set(name, Object.assign(made, owner(entry)))
      layer.described.add(made)
      return undefined
    }
    case 'hard-link':
      layer.room.take(SIZES.name + name.length)
      directory.children.set(name, linkNode(layer, entry))
      return undefined
    case 'character-device':
      // overlayfs takes a device 0, 0 for its own whiteout, wherever it came from.
      if (entry.device.major === 0 && entry.device.minor === 0) {
        directory.children.delete(name)
        whiteout(layer, directory, name)
        return undefined
      }
      directory.children.set(name, fileNode(layer, entry))
      return undefined
    case 'other':
      throw new FormatError(
        'unsupported',
        `${describeEntry(entry)} is of type ${JSON.stringify(entry.type)}, which no engine unpacks`,
      )
    default: {
      const file = fileNode(layer, entry)
      directory.children.set(name, file)
      return file.kind === 'file' ? file : undefined
    }
  }
}

/**
 * link(2) binds to the file that is there now, and does not follow a symlink; what becomes of the name later does not
 * matter.
 */
function linkNode(layer: GrowingLayer, entry: TarEntry): LayerNode {
  const names = pathComponents(entry.linkName)
  const target =
    names[0] === AUFS_LINKS
      ? layer.aufsLinks.get(names.at(-1) ?? '')
      : findInTree(layer.root, entry.linkName, steps => charge(layer, entry, steps))
  if (target?.kind === 'directory')
    throw unusable(entry, `is a hard link to the directory ${JSON.stringify(entry.linkName)}`)
  if (leavesRoot(entry.linkName))
    refuse(layer, 'outside-the-root', 'classic', entry, `links to ${JSON.stringify(entry.linkName)}, out of the root`)
  if (target) {
    // moby's and containerd's extraction chown, chmod and set the attributes of whatever they made, a link too; of a
    // symlink there is nothing to change that counts.
    if (target.kind !== 'hard-link' && target.kind !== 'symlink') target.owner = sharedOwner(layer, entry)
    return target
  }
  const why = `is a hard link to ${JSON.stringify(entry.linkName)}, which the layer itself does not have before it`
  refuse(layer, 'unbound-link', 'both', entry, why)
  layer.room.take(SIZES.file + entry.linkName.length)
  const link = {kind: 'hard-link', target: entry.linkName} as const
  return isHidden(layer.root, pathComponents(entry.linkName)) ? {...link, hidden: true} : link
}

/**
 * Whether the layer has taken a path away from the layers below by now. link(2) then finds nothing there; on overlayfs
 * it finds the whiteout, and the new name is one more.
 */
function isHidden(root: LayerDirectory, path: readonly string[]): boolean {
  let directory = root
  for (const name of path) {
    const child = directory.children.get(name)
    if (!child) return directory.opaque || directory.whiteouts?.has(name) === true
    if (child.kind !== 'directory') return false
    directory = child
  }
  return false
}

/** What a layer has at a path; a symlink at its end is not followed. */
export function findInTree(
  root: LayerDirectory,
  path: string,
  follow?: (names: number) => void,
): LayerNode | undefined {
  const place = placeInTree(root, pathComponents(path), defined({follow}))
  return place?.directory.children.get(place.name)
}

function fileNode(layer: GrowingLayer, entry: TarEntry): LayerFile {
  const {kind, content, sparse} = entry
  if (kind === 'directory' || kind === 'hard-link' || kind === 'other') throw new Error(`${kind} is not a file`)
  const target = kind === 'symlink' ? entry.linkName : undefined
  const ofContent = SIZES.region * (sparse?.length ?? 0) + (target?.length ?? 0)
  // The name may be a whole path; only its last component stays, and a path has few.
  layer.room.take(SIZES.name + entry.name.length - entry.name.lastIndexOf('/') - 1 + SIZES.file + ofContent)
  return {
    kind,
    owner: sharedOwner(layer, entry),
    size: entry.size,
    target,
    offset: kind === 'file' ? content.offset : 0,
    sparse: sparse && {length: content.length, regions: sparse},
  }
}

function sharedOwner({owners, room}: GrowingLayer, entry: TarEntry): Owner {
  const {kind, uid, gid} = entry
  const capability = fileCapability(entry)
  // Linux gives every symlink all permissions.
  const mode = kind === 'symlink' ? 0o777 : entry.mode
  const key = `${mode} ${uid} ${gid} ${capability ?? ''}`
  const known = owners.get(key)
  if (!known) room.take(SIZES.owner + 2 * key.length)
  const shared = known ?? {mode, uid, gid, ...defined({capability})}
  owners.set(key, shared)
  return shared
}

/** Whether an entry of the layer made the directory or one below it: engines set its times in the end. */
function hasDescribed({described}: GrowingLayer, top: LayerDirectory): boolean {
  const open = [top]
  for (let directory = open.pop(); directory; directory = open.pop()) {
    if (described.has(directory)) return true
    for (const child of directory.children.values()) if (child.kind === 'directory') open.push(child)
  }
  return false
}

function owner({mode, uid, gid}: TarEntry): Owner {
  return {mode, uid, gid}
}
