import {type ByteView, byteView, decodeCString, exactNumber, readRange, readUpTo} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {EHDR_SIZE, ELF_MAGIC, INTERP_LIMIT, PHDR_SIZE, PT} from './elf/constants.ts'
import type {ElfIdentity} from './elf/types.ts'
import {type NrvBits, type NrvMethod, unpackNrv} from './nrv.ts'

/*
 * An ELF program packed by UPX (src/p_lx_elf.cpp, src/p_unix.h,
 * src/stub/src/include/linux.h), after its own program headers:
 *
 *   l_info  u32 checksum, "UPX!", u16 size of the stub, u8 version, u8 format
 *   p_info  u32 program id, u32 size of the program, u32 block size
 *   b_info  u32 unpacked size, u32 packed size, u8 method, u8 filter, u8 filter parameter, u8 unused; the packed bytes
 *   b_info  …
 *
 * The first block is the program's ELF header with its program headers, the second what follows them in the file.
 */
const L_INFO_SIZE = 12
const P_INFO_SIZE = 12
const B_INFO_SIZE = 12
const UPX_MAGIC = 0x21585055
/**
 * UPX_F_LINUX_ELF64_AMD64 and UPX_F_LINUX_ELF64_ARM: those whose stub
 * (amd64-linux.elf-main2.c) is known to open PT_INTERP.
 */
const FORMATS: readonly number[] = [22, 42]
/** M_NRV2B_LE32 and so on, of src/conf.h. LZMA and others are not read. */
const METHODS: ReadonlyMap<number, readonly [NrvMethod, NrvBits]> = new Map([
  [2, ['nrv2b', 'le32']],
  [3, ['nrv2b', '8']],
  [5, ['nrv2d', 'le32']],
  [6, ['nrv2d', '8']],
  [8, ['nrv2e', 'le32']],
  [9, ['nrv2e', '8']],
])
/** Headers of programs take less; so do the bytes up to the path of the loader. */
const UNPACKED_LIMIT = 64 * 1024

interface Block {
  readonly unpackedSize: number
  readonly packedSize: number
  readonly method: number
  readonly filter: number
  /** Where its packed bytes begin. */
  readonly offset: number
}

/**
 * The loader that a program packed by UPX opens once its stub has unpacked it: PT_INTERP of the program inside.
 * Without that file the stub ends with 127 and says nothing. Undefined where the program is not packed so,
 * names none, or cannot be unpacked here.
 */
export async function readPackedInterpreter(elf: ElfIdentity, file: RandomAccess): Promise<string | undefined> {
  const {header} = elf
  const start = exactNumber(header.phoff)
  if (start === undefined || header.class !== 64 || header.data !== 'little') return undefined
  const infoAt = start + header.phnum * PHDR_SIZE[64]
  const info = await readRange(file, infoAt, L_INFO_SIZE + P_INFO_SIZE)
  const view = info && byteView(info, 'little')
  if (!view || view.u32(4) !== UPX_MAGIC || !FORMATS.includes(view.u8(11))) return undefined
  const headers = await readBlock(file, infoAt + L_INFO_SIZE + P_INFO_SIZE)
  const unpacked = headers && (await unpack(file, headers, headers.unpackedSize))
  if (!headers || !unpacked || headers.filter !== 0) return undefined
  const segment = findInterpreter(byteView(unpacked, 'little'), header.machine)
  if (!segment) return undefined
  const body = await readBlock(file, headers.offset + headers.packedSize)
  // What is in the file right after the headers stands at the beginning of the second block.
  const from = segment.offset - headers.unpackedSize
  const end = from + segment.size
  if (!body || from < 0 || end > Math.min(body.unpackedSize, UNPACKED_LIMIT)) return undefined
  const content = await unpack(file, body, end)
  if (!content || (body.filter !== 0 && isFiltered(content))) return undefined
  const path = decodeCString(content.subarray(from, end))
  // No other path stands in PT_INTERP of what a linker wrote; anything else means that something was misread.
  return /^\/[\x21-\x7e]+$/.test(path) && content[end - 1] === 0 ? path : undefined
}

async function readBlock(file: RandomAccess, offset: number): Promise<Block | undefined> {
  const bytes = await readRange(file, offset, B_INFO_SIZE)
  if (!bytes) return undefined
  const view = byteView(bytes, 'little')
  const block = {unpackedSize: view.u32(0), packedSize: view.u32(4), method: view.u8(8), filter: view.u8(9)}
  const isSane = block.packedSize > 0 && block.packedSize <= block.unpackedSize
  return isSane ? {...block, offset: offset + B_INFO_SIZE} : undefined
}

/** The first `length` bytes of a block. What did not get smaller is stored as it is. */
async function unpack(file: RandomAccess, block: Block, length: number): Promise<Uint8Array | undefined> {
  if (length > UNPACKED_LIMIT) return undefined
  if (block.packedSize === block.unpackedSize) return readRange(file, block.offset, length)
  const method = METHODS.get(block.method)
  if (!method) return undefined
  // A byte as it is costs nine bits: no more of the block is needed than that.
  const packed = await readUpTo(file, block.offset, block.packedSize, length * 2 + 16)
  return unpackNrv(packed, ...method, length)
}

/** PT_INTERP of Elf64 headers, if they are of the same machine as the stub. */
function findInterpreter(
  view: ByteView,
  machine: number,
): {readonly offset: number; readonly size: number} | undefined {
  const isElf = view.length >= EHDR_SIZE[64] && ELF_MAGIC.every((byte, at) => view.u8(at) === byte)
  if (!isElf || view.u16(18) !== machine || view.u16(54) !== PHDR_SIZE[64]) return undefined
  const phoff = exactNumber(view.u64(32)) ?? view.length
  for (let index = 0; index < view.u16(56); index++) {
    const at = phoff + index * PHDR_SIZE[64]
    if (at + PHDR_SIZE[64] > view.length) return undefined
    if (view.u32(at) !== PT.PT_INTERP) continue
    const [offset, size] = [exactNumber(view.u64(at + 8)), exactNumber(view.u64(at + 32))]
    return offset !== undefined && size !== undefined && size >= 2 && size <= INTERP_LIMIT ? {offset, size} : undefined
  }
  return undefined
}

/**
 * Filters rewrite the four bytes after a call or a jump (E8, E9, 0F 80 to 0F 8F; on AArch64 BL): bytes
 * above 7F, in what is else text and zeros.
 */
function isFiltered(content: Uint8Array): boolean {
  return content.some(byte => byte >= 0x80)
}
