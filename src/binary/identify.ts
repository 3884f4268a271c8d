import {byteView, startsWith, withPrefix} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {defined} from '../lib/defined.ts'
import {AR_MAGIC, identifyAr, THIN_AR_MAGIC} from './ar.ts'
import {ELF_MAGIC} from './elf/constants.ts'
import {identifyElf} from './elf/identify.ts'
import type {ArchiveFormat, Identity} from './identity.ts'
import {FAT_MAGIC, hasMachOMagic, identifyMachO} from './mach-o.ts'
import {identifyPe} from './pe.ts'
import {identifyScript} from './script.ts'
import {identifyText, readFirstLine} from './text.ts'

/**
 * What a first look reads of every file, in bytes; ELF program headers and a PE header may
 * need one read more, of at most 64 KiB.
 */
export const FIRST_LOOK = 4096

const ascii = (text: string): readonly number[] => [...text].map(character => character.charCodeAt(0))

const ARCHIVE_MAGIC: readonly (readonly [readonly number[], ArchiveFormat])[] = [
  [[0x1f, 0x8b], 'gzip'],
  [ascii('PK\x03\x04'), 'zip'],
  [ascii('PK\x05\x06'), 'zip'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'xz'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [ascii('BZh'), 'bzip2'],
  [[0x04, 0x22, 0x4d, 0x18], 'lz4'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '7z'],
  [[0xed, 0xab, 0xee, 0xdb], 'rpm'],
]

const OTHER_MAGIC: readonly (readonly [readonly number[], string])[] = [
  [[0x42, 0x43, 0xc0, 0xde], 'LLVM bitcode'],
  [[0x0b, 0x17, 0xc0, 0xde], 'LLVM bitcode'],
  [[0x01, 0x07], 'a.out program'],
  [[0x0b, 0x01], 'a.out program'],
  [[0x00, 0x00, 0x8a, 0x97], 'Plan 9 program for amd64'],
  [[0x00, 0x00, 0x01, 0xeb], 'Plan 9 program for 386'],
  [[0x01, 0xdf], 'XCOFF program (AIX)'],
  [[0x01, 0xf7], 'XCOFF program (AIX)'],
  [ascii('hsqs'), 'squashfs image'],
  [ascii('\x89PNG'), 'PNG image'],
  [ascii('%PDF'), 'PDF document'],
  [ascii('SQLite format 3'), 'SQLite database'],
]

const SHEBANG = ascii('#!')
const MZ = ascii('MZ')
/**
 * https://github.com/jart/cosmopolitan/blob/master/ape/specification.md: for all systems, for all but Windows, and for
 * debuggers.
 */
const APE = [ascii("MZqFpD='"), ascii("jartsr='"), ascii("APEDBG='")]
const WASM = ascii('\0asm')
const USTAR = ascii('ustar')
const AR = [ascii(AR_MAGIC), ascii(THIN_AR_MAGIC)]

/** Says what a file is. Never throws for what is in it; a read that fails is passed on. */
export async function identify(file: RandomAccess): Promise<Identity> {
  if (file.size === 0) return {kind: 'empty'}
  const head = await file.read(0, FIRST_LOOK)
  const first = withPrefix(file, head)
  if (startsWith(head, ELF_MAGIC)) return identifyElf(first, head)
  if (startsWith(head, SHEBANG)) return identifyScript(head)
  if (APE.some(magic => startsWith(head, magic))) return {kind: 'ape'}
  return (
    (startsWith(head, MZ) ? await identifyPe(first, head) : undefined) ??
    identifyMachO(first, head) ??
    identifyByMagic(head) ??
    identifyText(head) ??
    identifyUnknown(head, file.size <= head.length)
  )
}

/**
 * Whether a file may be a program of any system that a kernel starts by its magic:
 * ELF, PE, Mach-O. Eight bytes are enough.
 */
export function hasProgramMagic(start: Uint8Array): boolean {
  return startsWith(start, ELF_MAGIC) || startsWith(start, MZ) || hasMachOMagic(start)
}

function identifyByMagic(head: Uint8Array): Identity | undefined {
  if (AR.some(magic => startsWith(head, magic))) return identifyAr(head)
  if (startsWith(head, WASM) && head.length >= 8) {
    // Core modules are version 1, layer 0; components have layer 1.
    // https://github.com/WebAssembly/component-model Binary.md
    const view = byteView(head, 'little')
    return {kind: 'wasm', version: view.u16(4), component: view.u16(6) === 1}
  }
  if (head.length >= 8) {
    const view = byteView(head, 'big')
    // Not few enough to be a fat Mach-O's architectures: u16 minor, u16 major. JVMS 4.1
    if (view.u32(0) === FAT_MAGIC) return {kind: 'java-class', major: view.u16(6)}
  }
  const archive = ARCHIVE_MAGIC.find(([magic]) => startsWith(head, magic))
  if (archive) return {kind: 'archive', format: archive[1]}
  return startsWith(head.subarray(257, 262), USTAR) ? {kind: 'archive', format: 'tar'} : undefined
}

function identifyUnknown(head: Uint8Array, isAll: boolean): Identity {
  const magic = [...head.subarray(0, 8)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  const name = OTHER_MAGIC.find(([known]) => startsWith(head, known))?.[1]
  const line = name === undefined ? readFirstLine(head, isAll) : undefined
  return {
    kind: 'unknown',
    magic,
    ...defined({name, nulInFirstLine: line?.nul}),
    ...(line ? {beginsAsText: true} : {}),
  }
}
