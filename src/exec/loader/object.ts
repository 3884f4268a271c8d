import {
  type DynamicInfo,
  EHDR_SIZE,
  ET,
  identify,
  judgeLibrary,
  type LibraryFile,
  type LinkFile,
  PT,
  readDynamic,
} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {mayRead} from '../permission.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {LibcKind, Rejected} from './obstacle.ts'

/** A program or library in memory, as far as a loader knows it. */
export interface LoadedObject {
  /** The name it was requested by; of the program its path. */
  readonly name: string
  /** As it was opened: symlinks are not followed in it. */
  readonly path: string
  readonly node: FileNode
  /** Of a program that a script has copied: where the copy is, whose `node` is the original's. */
  readonly place?: string | undefined
  readonly elf: LinkFile
  readonly dynamic: DynamicInfo
  /** The object whose DT_NEEDED brought it; undefined for the program. */
  readonly loader: LoadedObject | undefined
}

/** What a loader finds at one path. */
export type Opened =
  | {readonly kind: 'loaded'; readonly object: LoadedObject}
  | {readonly kind: 'missing'}
  /** Left aside; the search goes on. */
  | {readonly kind: 'skipped'; readonly rejected: Rejected; readonly otherClass: boolean}
  /** The loader gives up over it. */
  | {readonly kind: 'fatal'; readonly rejected: Rejected}

export interface Request {
  readonly name: string
  readonly path: string
  readonly loader: LoadedObject
}

/** What is read of a file before it is mapped. */
export interface ReadLibrary {
  readonly file: LibraryFile
  /** It has a PT_DYNAMIC. */
  readonly linked: boolean
  readonly dynamic: DynamicInfo | undefined
}

/** Reads what a loader sees of a file: by opening it, or from what is known of it already. */
export type LibraryReader = (node: FileNode) => Promise<ReadLibrary>

/** Opens each file that is requested. */
export function openingReader(rootfs: RootFs): LibraryReader {
  return async node => {
    const access = await rootfs.open(node)
    const file = await identify(access)
    if (file.kind !== 'elf') return {file, linked: false, dynamic: undefined}
    const linked = file.segments.some(segment => segment.type === PT.PT_DYNAMIC)
    return {file, linked, dynamic: await readDynamic(file, access)}
  }
}

/** Where a loader looks, and as whom. */
export interface Sights {
  readonly rootfs: RootFs
  readonly process: Process
  readonly read: LibraryReader
}

/** Opens a file as one libc's loader would open a library, up to where it would map it. */
export async function openLibrary(sights: Sights, request: Request, libc: LibcKind): Promise<Opened> {
  const {rootfs, process} = sights
  const {name, path, loader} = request
  const {node} = await resolve(rootfs, process, path)
  if (!node) return {kind: 'missing'}
  if (node.kind === 'directory')
    return fatal(path, libc === 'glibc' ? 'cannot read file data: Error 21' : 'Is a directory')
  if (node.kind !== 'file') return skip(path, `it is a ${node.kind}`)
  if (!mayRead(node, process.user)) return skip(path, 'no read permission')
  const seen = await sights.read(node)
  const {file: elf, dynamic} = seen
  const refused = libc === 'glibc' ? verifyGlibc(request, elf, node.size) : verifyMusl(request, seen, node.size)
  if (refused) return refused
  if (elf.kind !== 'elf') throw new Error(`${path} was taken for a library and is ${elf.kind}`)
  // _dl_map_object_from_fd: what was linked to be a program is none to load.
  if (dynamic?.pie && libc === 'glibc') return fatal(name, 'cannot dynamically load position-independent executable')
  if (!dynamic) return fatal(path, 'object file has no dynamic section')
  return {kind: 'loaded', object: {name, path, node, elf, dynamic, loader}}
}

/**
 * A file of another class or machine is passed over, as both may stand in one
 * directory; what is not a library ends the start.
 */
function verifyGlibc({name, path, loader}: Request, library: LibraryFile, size: number): Opened | undefined {
  const verdict = judgeLibrary(library, loader.elf, size)
  if (verdict.outcome === 'loads') return undefined
  if (verdict.outcome === 'skipped') return skip(path, verdict.reason, verdict.cause === 'class')
  return fatal(verdict.stage === 'open' ? path : name, verdict.reason)
}

/**
 * map_library() of musl's ldso/dynlink.c looks at e_type and PT_DYNAMIC alone. A library of another machine is mapped,
 * and then fails in relocation or in its first call: it is refused here.
 */
function verifyMusl({path, loader}: Request, {file: elf, linked}: ReadLibrary, size: number): Opened | undefined {
  if (size < EHDR_SIZE[loader.elf.header.class] || elf.kind !== 'elf') return fatal(path, 'Exec format error')
  const {machine, type} = elf.header
  if (machine !== loader.elf.header.machine) return fatal(path, `it is ${elf.machine}, expected ${loader.elf.machine}`)
  // Both want the same addresses: EBUSY.
  if (type === ET.ET_EXEC && rootOf(loader).elf.header.type === ET.ET_EXEC) return fatal(path, 'Resource busy')
  const isLibrary = type === ET.ET_DYN || type === ET.ET_EXEC
  return isLibrary && linked ? undefined : fatal(path, 'Exec format error')
}

function rootOf(object: LoadedObject): LoadedObject {
  return object.loader ? rootOf(object.loader) : object
}

function skip(path: string, reason: string, otherClass = false): Opened {
  return {kind: 'skipped', rejected: {path, reason}, otherClass}
}

function fatal(path: string, reason: string): Opened {
  return {kind: 'fatal', rejected: {path, reason}}
}
