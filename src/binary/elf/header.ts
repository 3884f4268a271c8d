import type {ByteOrder} from '../../lib/byte-view.ts'
import {type ElfClass, EM} from '../../platform/index.ts'
import {EHDR_SIZE, ELFCLASS, ELFDATA, ET, EV_CURRENT, PHDR_SIZE} from './constants.ts'
import type {ElfHeader} from './types.ts'

/**
 * Decodes an ELF header in one layout and byte order, whatever `e_ident` says: a kernel never asks
 * EI_DATA, and most never ask EI_CLASS (fs/binfmt_elf.c). `head` is the file's beginning; what it lacks
 * counts as zero, as in the kernel's buffer.
 *
 *     at 16 u16 e_type, u16 e_machine, u32 e_version, word e_entry, word e_phoff, word e_shoff, u32 e_flags,
 *     u16 e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx          (word: 4 or 8 bytes by class)
 */
export function decodeHeader(head: Uint8Array, elfClass: ElfClass, data: ByteOrder): ElfHeader {
  const bytes = padded(head)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = data === 'little'
  const wide = elfClass === 64
  const tail = wide ? 48 : 36
  return {
    class: elfClass,
    data,
    ident: {
      class: view.getUint8(4),
      data: view.getUint8(5),
      version: view.getUint8(6),
      osabi: view.getUint8(7),
      abiversion: view.getUint8(8),
    },
    type: view.getUint16(16, little),
    machine: view.getUint16(18, little),
    version: view.getUint32(20, little),
    entry: wide ? view.getBigUint64(24, little) : BigInt(view.getUint32(24, little)),
    phoff: wide ? view.getBigUint64(32, little) : BigInt(view.getUint32(28, little)),
    shoff: wide ? view.getBigUint64(40, little) : BigInt(view.getUint32(32, little)),
    flags: view.getUint32(tail, little),
    ehsize: view.getUint16(tail + 4, little),
    phentsize: view.getUint16(tail + 6, little),
    phnum: view.getUint16(tail + 8, little),
    shentsize: view.getUint16(tail + 10, little),
    shnum: view.getUint16(tail + 12, little),
    shstrndx: view.getUint16(tail + 14, little),
  }
}

/**
 * Decodes an ELF header in the layout and order that its ident names, or that the rest shows where the ident cannot be.
 */
export function decodeHeaderByIdent(head: Uint8Array): ElfHeader {
  const data = findOrder(head)
  return decodeHeader(head, findClass(head, data), data)
}

/** What of `e_ident` is not what the rest of the header is. */
export function findIdentProblems(header: ElfHeader): readonly string[] {
  const {ident} = header
  const problems: string[] = []
  if (ident.class !== ELFCLASS[header.class]) problems.push(`EI_CLASS is ${ident.class} in a ${header.class}-bit file`)
  if (ident.data !== ELFDATA[header.data]) problems.push(`EI_DATA is ${ident.data} in a ${header.data}-endian file`)
  if (ident.version !== EV_CURRENT) problems.push(`EI_VERSION is ${ident.version}, expected 1`)
  if (header.version !== EV_CURRENT) problems.push(`e_version is ${header.version}, expected 1`)
  return problems
}

function findOrder(head: Uint8Array): ByteOrder {
  const stated = head[5] === ELFDATA.big ? 'big' : 'little'
  const other = stated === 'big' ? 'little' : 'big'
  // e_type decides: it reads 0x0200 in the wrong order. Types of an operating system's
  // own (0xfe00 and up) are left alone.
  const type = u16(head, 16, stated)
  const known = type <= ET.ET_CORE || type >= 0xfe00
  return !known && isProgramType(u16(head, 16, other)) ? other : stated
}

function findClass(head: Uint8Array, data: ByteOrder): ElfClass {
  const stated = head[4] === ELFCLASS[32] ? 32 : head[4] === ELFCLASS[64] ? 64 : undefined
  const fits = (elfClass: ElfClass) => u16(head, elfClass === 64 ? 54 : 42, data) === PHDR_SIZE[elfClass]
  if (stated && (fits(stated) || !isProgramType(u16(head, 16, data)))) return stated
  if (fits(64)) return 64
  if (fits(32)) return 32
  const machine = u16(head, 18, data)
  return stated ?? (machine === EM.EM_386 || machine === EM.EM_ARM ? 32 : 64)
}

/** What lies behind the file's end counts as zero. */
function u16(head: Uint8Array, at: number, data: ByteOrder): number {
  const [first, second] = [head[at] ?? 0, head[at + 1] ?? 0]
  return data === 'little' ? first | (second << 8) : (first << 8) | second
}

function isProgramType(type: number): boolean {
  return type === ET.ET_EXEC || type === ET.ET_DYN
}

function padded(head: Uint8Array): Uint8Array {
  if (head.length >= EHDR_SIZE[64]) return head
  const whole = new Uint8Array(EHDR_SIZE[64])
  whole.set(head)
  return whole
}
