import type {OnBeyond} from '../../binary/index.ts'
import {LIMITS} from '../../lib/limits.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {ByteOrder} from '../../platform/index.ts'

/** `ld.so.cache`: the paths that ldconfig found, by name, in its order. */
export type LibraryCache = ReadonlyMap<string, readonly string[]>

const OLD_MAGIC = 'ld.so-1.7.0'
const NEW_MAGIC = 'glibc-ld.so.cache1.1'
const OLD_HEADER = 16
const OLD_ENTRY = 12
const NEW_HEADER = 48
const NEW_ENTRY = 24
/** In bytes, with the NUL. */
const LONGEST = LIMITS['path-bytes'].most
/** On the strings together, which entries may share. */
const STRINGS = fixedBound('loader-bytes')
/** More entries than any distribution's cache has. */
const ENTRIES = fixedBound('loader-cache-entries')

/**
 * Reads /etc/ld.so.cache (glibc sysdeps/generic/dl-cache.h):
 *
 *     glibc-ld.so.cache1.1  u32 nlibs  u32 len_strings  u8 flags (2 little-endian, 3 big)  pad
 *     u32 extension_offset  u32[3]
 *     nlibs times: i32 flags  u32 key  u32 value  u32 osversion  u64 hwcap
 *
 *     key, value: offsets of strings from the header
 *
 * which a cache of the old format may precede. Undefined for what the loader would leave unread: another byte order,
 * say, and for what is beyond the limit, which is reported to `onBeyond`. Entries for special
 * processors (hwcap is not 0) are left out.
 */
export function parseLibraryCache(
  bytes: Uint8Array,
  order: ByteOrder,
  onBeyond: OnBeyond = () => undefined,
): LibraryCache | undefined {
  const start = findHeader(bytes, order === 'little')
  if (start === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start)
  const little = order === 'little'
  const flags = view.getUint8(28) & 3
  if (flags !== 0 && flags !== (little ? 2 : 3)) return undefined
  const count = view.getUint32(20, little)
  if (NEW_HEADER + count * NEW_ENTRY > view.byteLength) return undefined
  if (count > ENTRIES.most) {
    onBeyond(tellLimit(ENTRIES, most => `/etc/ld.so.cache has more than ${most} entries`))
    return undefined
  }
  const cache = new Map<string, string[]>()
  let read = 0
  for (let index = 0; index < count; index++) {
    const at = NEW_HEADER + index * NEW_ENTRY
    if (view.getBigUint64(at + 16, little) !== 0n) continue
    const name = stringAt(bytes, start + view.getUint32(at + 4, little))
    const path = stringAt(bytes, start + view.getUint32(at + 8, little))
    if (name === undefined || path === undefined) continue
    read += name.length + path.length
    if (read > STRINGS.most) {
      onBeyond(tellLimit(STRINGS, most => `the names and paths of /etc/ld.so.cache have more than ${most}`))
      return undefined
    }
    const paths = cache.get(name)
    if (paths) paths.push(path)
    else cache.set(name, [path])
  }
  return cache
}

/** Where the cache of the new format begins: at once, or after one of the old format, aligned to 8. */
function findHeader(bytes: Uint8Array, little: boolean): number | undefined {
  if (textAt(bytes, 0, NEW_MAGIC.length) === NEW_MAGIC && bytes.length >= NEW_HEADER) return 0
  if (textAt(bytes, 0, OLD_MAGIC.length) !== OLD_MAGIC || bytes.length < OLD_HEADER) return undefined
  const count = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(12, little)
  const after = OLD_HEADER + count * OLD_ENTRY
  const start = after + ((8 - (after % 8)) % 8)
  return textAt(bytes, start, NEW_MAGIC.length) === NEW_MAGIC && bytes.length >= start + NEW_HEADER ? start : undefined
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

/** Undefined for what is too long to be a path: entries may share one string, and there are many. */
function stringAt(bytes: Uint8Array, at: number): string | undefined {
  const text = bytes.subarray(at, at + LONGEST)
  const end = text.indexOf(0)
  return end < 0 ? undefined : new TextDecoder().decode(text.subarray(0, end))
}
