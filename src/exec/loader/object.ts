import {type DynamicInfo, type ElfIdentity, identify, readDynamic} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {look, type Process} from '../look.ts'
import {mayRead} from '../permission.ts'
import type {Rejected} from './obstacle.ts'

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

/**
 * open_verify() of glibc's elf/dl-load.c. A file of another class or machine is passed over, as on systems where both stand in
 * one directory; what is no ELF file at all ends the start. musl looks at less, and then fails in relocation: there, too,
 * nothing starts.
 */
export async function openLibrary(rootfs: RootFs, process: Process, {name, path, loader}: Request): Promise<Opened> {
  const {node} = await look(rootfs, process, path)
  if (!node) return {kind: 'missing'}
  const skip = (reason: string, otherClass = false): Opened => ({kind: 'skipped', rejected: {path, reason}, otherClass})
  const fatal = (reason: string): Opened => ({kind: 'fatal', rejected: {path, reason}})
  if (node.kind === 'directory') return fatal('cannot read file data: Is a directory')
  if (node.kind !== 'file') return skip(`it is a ${node.kind}`)
  if (!mayRead(node, process.user)) return skip('no read permission')
  const file = await rootfs.open(node)
  const elf = await identify(file)
  if (elf.kind !== 'elf') return fatal(node.size < 64 ? 'file too short' : 'invalid ELF header')
  const expected = loader.elf.header
  const {ident, machine, type} = elf.header
  if (ident.class !== (expected.class === 64 ? 2 : 1)) {
    return skip(`wrong ELF class: ELFCLASS${ident.class === 1 ? 32 : 64} (${elf.machine})`, true)
  }
  if (ident.data !== (expected.data === 'little' ? 1 : 2))
    return fatal(`ELF file data encoding not ${expected.data}-endian`)
  if (ident.osabi !== 0 && ident.osabi !== ELFOSABI_GNU) return fatal('ELF file OS ABI invalid')
  if (machine !== expected.machine) return skip(`it is ${elf.machine}, expected ${loader.elf.machine}`)
  if (type !== ET_DYN && type !== ET_EXEC) return fatal('only ET_DYN and ET_EXEC can be loaded')
  const dynamic = await readDynamic(elf, file)
  if (!dynamic) return fatal('object file has no dynamic section')
  return {kind: 'loaded', object: {name, path, node, elf, dynamic, loader}}
}
