import {byteView, decodeText, exactNumber, readRange, readUpTo} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {locateAddress} from './elf/address.ts'
import {PF, PT} from './elf/constants.ts'
import {readSections} from './elf/sections.ts'
import type {ElfIdentity} from './elf/types.ts'
import {type GoBuildInfo, parseModuleInfo} from './go-module-info.ts'

/** `\xff Go buildinf:` at an address aligned to 16. */
const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')
const ALIGNMENT = 16
const HEADER_SIZE = 32
const FLAG_BIG_ENDIAN = 1
const FLAG_INLINE = 2

/**
 * How much is read at once, and of one file at most, when the magic is searched for without section headers; in bytes.
 */
const SCAN_CHUNK = 262144
const SCAN_LIMIT = 32 * 1024 * 1024
/** The longest version and module information that are taken, in bytes. */
const VERSION_LIMIT = 1024
const MODULE_INFO_LIMIT = 1024 * 1024

/**
 * Reads Go's build information as debug/buildinfo does: from section `.go.buildinfo`, or, where there are no
 * section headers, by searching the first segment that is writable and not executable. Undefined where the
 * file is not a Go program, or a broken one.
 */
export async function readGoBuildInfo(elf: ElfIdentity, file: RandomAccess): Promise<GoBuildInfo | undefined> {
  const at = await findMagic(elf, file)
  if (at === undefined) return undefined
  const header = await readUpTo(file, at, HEADER_SIZE, HEADER_SIZE)
  if (header.length < HEADER_SIZE) return undefined
  const flags = header[15] ?? 0
  const strings =
    (flags & FLAG_INLINE) === 0 ? await readPointed(elf, file, header) : await readInline(file, at + HEADER_SIZE)
  if (!strings?.version?.length) return undefined
  return {version: decodeText(strings.version), ...parseModuleInfo(strings.modules)}
}

async function findMagic(elf: ElfIdentity, file: RandomAccess): Promise<number | undefined> {
  const sections = await readSections(elf, file)
  const section = sections?.find(({name}) => name === '.go.buildinfo')
  if (section) {
    const found = await scan(file, section.offset, section.size)
    if (found !== undefined) return found
  } else if (sections) {
    // The linker always makes the section: a file that still has its section headers is not a Go program.
    return undefined
  }
  const data = elf.segments.find(
    ({type, flags}) => type === PT.PT_LOAD && (flags & PF.PF_W) !== 0 && (flags & PF.PF_X) === 0,
  )
  return data ? scan(file, data.offset, data.filesz) : undefined
}

/** The offset of the magic, which is aligned within its segment. */
async function scan(file: RandomAccess, offset: number, size: number): Promise<number | undefined> {
  const end = Math.min(file.size, offset + Math.min(size, SCAN_LIMIT))
  // Offsets are aligned as addresses are. Chunks are a multiple of the alignment, and the
  // magic is shorter: none lies across two.
  for (let start = offset - (offset % ALIGNMENT); start < end; start += SCAN_CHUNK) {
    const bytes = await readUpTo(file, start, end - start, SCAN_CHUNK)
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = chunk.indexOf(MAGIC); at >= 0; at = chunk.indexOf(MAGIC, at + 1)) {
      if (at % ALIGNMENT === 0) return start + at
    }
  }
  return undefined
}

interface Strings {
  readonly version: Uint8Array | undefined
  readonly modules: Uint8Array | undefined
}

/** Since Go 1.18: uvarint length and bytes of the version, then of the modules, right behind the header. */
async function readInline(file: RandomAccess, offset: number): Promise<Strings> {
  const version = await readVarBytes(file, offset, VERSION_LIMIT)
  const modules = version && (await readVarBytes(file, version.end, MODULE_INFO_LIMIT))
  return {version: version?.bytes, modules: modules?.bytes}
}

async function readVarBytes(file: RandomAccess, offset: number, limit: number) {
  const head = await readUpTo(file, offset, 5, 5)
  let length = 0
  for (let at = 0; at < head.length; at++) {
    const byte = head[at] ?? 0
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte >= 0x80) continue
    const start = offset + at + 1
    const bytes = length > limit ? undefined : await readRange(file, start, length)
    return bytes && {bytes, end: start + length}
  }
  return undefined
}

/**
 * Go 1.13 to 1.17: at 16 the address of a string header {address, length} for the version, then one for the modules.
 */
async function readPointed(elf: ElfIdentity, file: RandomAccess, header: Uint8Array): Promise<Strings | undefined> {
  const size = header[14]
  if (size !== 4 && size !== 8) return undefined
  const order = ((header[15] ?? 0) & FLAG_BIG_ENDIAN) === 0 ? 'little' : 'big'
  const word = (bytes: Uint8Array, at: number) => {
    const view = byteView(bytes, order)
    return size === 8 ? view.u64(at) : BigInt(view.u32(at))
  }
  const readAt = async (address: bigint, length: number) => {
    const place = locateAddress(elf.segments, address)
    if (!place || place.available < length) return undefined
    return readRange(file, place.offset, length)
  }
  const readString = async (address: bigint, limit: number) => {
    const string = await readAt(address, 2 * size)
    const length = string && exactNumber(word(string, size))
    return length === undefined || length > limit ? undefined : readAt(word(string ?? header, 0), length)
  }
  return {
    version: await readString(word(header, 16), VERSION_LIMIT),
    modules: await readString(word(header, 16 + size), MODULE_INFO_LIMIT),
  }
}
