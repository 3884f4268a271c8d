import {type DynamicInfo, type ElfIdentity, identify, readDynamic} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {look, type Process} from '../look.ts'
import {mayRead} from '../permission.ts'
import type {LibcKind, Rejected} from './obstacle.ts'

/** A program or library in memory, as far as a loader knows it. */
export interface LoadedObject {
  /** The name it was asked for by; of the program its path. */
  readonly name: string
  /** As it was opened: symlinks are not followed in it. */
  readonly path: string
  readonly node: FileNode
  readonly elf: ElfIdentity
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

const ELFOSABI_GNU = 3
const ET_EXEC = 2
const ET_DYN = 3
const PT_DYNAMIC = 2

/** Opens a file as one libc's loader would open a library, up to where it would map it. */
export async function openLibrary(rootfs: RootFs, process: Process, request: Request, libc: LibcKind): Promise<Opened> {
  const {name, path, loader} = request
  const {node} = await look(rootfs, process, path)
  if (!node) return {kind: 'missing'}
  if (node.kind === 'directory')
    return fatal(path, libc === 'glibc' ? 'cannot read file data: Error 21' : 'Is a directory')
  if (node.kind !== 'file') return skip(path, `it is a ${node.kind}`)
  if (!mayRead(node, process.user)) return skip(path, 'no read permission')
  const file = await rootfs.open(node)
  const elf = await identify(file)
  if (node.size < (loader.elf.header.class === 64 ? 64 : 52)) {
    return fatal(path, libc === 'glibc' ? 'file too short' : 'Exec format error')
  }
  if (elf.kind !== 'elf') return fatal(path, libc === 'glibc' ? 'invalid ELF header' : 'Exec format error')
  const refused = libc === 'glibc' ? verifyGlibc(request, elf) : verifyMusl(request, elf)
  if (refused) return refused
  const dynamic = await readDynamic(elf, file)
  // _dl_map_object_from_fd: what was linked to be a program is none to load.
  if (dynamic?.pie && libc === 'glibc') return fatal(name, 'cannot dynamically load position-independent executable')
  if (!dynamic) return fatal(path, 'object file has no dynamic section')
  return {kind: 'loaded', object: {name, path, node, elf, dynamic, loader}}
}

/**
 * open_verify() and _dl_map_object_from_fd() of glibc's elf/dl-load.c. A file of another class or machine is passed over, as on systems
 * where both stand in one directory; what is no library at all ends the start.
 */
function verifyGlibc({name, path, loader}: Request, elf: ElfIdentity): Opened | undefined {
  const expected = loader.elf.header
  const {ident, machine, type, version} = elf.header
  if (ident.class !== (expected.class === 64 ? 2 : 1)) {
    return skip(path, `wrong ELF class: ELFCLASS${ident.class === 1 ? 32 : 64} (${elf.machine})`, true)
  }
  if (ident.data !== (expected.data === 'little' ? 1 : 2)) {
    return fatal(path, `ELF file data encoding not ${expected.data}-endian`)
  }
  if (ident.version !== 1) return fatal(path, 'ELF file version ident does not match current one')
  if (ident.osabi !== 0 && ident.osabi !== ELFOSABI_GNU) return fatal(path, 'ELF file OS ABI invalid')
  if (version !== 1) return fatal(path, 'ELF file version does not match current one')
  if (machine !== expected.machine) return skip(path, `it is ${elf.machine}, expected ${loader.elf.machine}`)
  if (type !== ET_DYN && type !== ET_EXEC) return fatal(path, 'only ET_DYN and ET_EXEC can be loaded')
  return type === ET_EXEC ? fatal(name, 'cannot dynamically load executable') : undefined
}

/**
 * map_library() of musl's ldso/dynlink.c looks at e_type and PT_DYNAMIC alone. A library of another machine is mapped, and then fails in
 * relocation or in its first call: it is refused here.
 */
function verifyMusl({path, loader}: Request, elf: ElfIdentity): Opened | undefined {
  const {machine, type} = elf.header
  if (machine !== loader.elf.header.machine) return fatal(path, `it is ${elf.machine}, expected ${loader.elf.machine}`)
  // Both want the same addresses: EBUSY.
  if (type === ET_EXEC && rootOf(loader).elf.header.type === ET_EXEC) return fatal(path, 'Resource busy')
  const loads = (type === ET_DYN || type === ET_EXEC) && elf.segments.some(segment => segment.type === PT_DYNAMIC)
  return loads ? undefined : fatal(path, 'Exec format error')
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
