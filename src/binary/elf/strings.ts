import {decodeText, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound} from '../../lib/over-limit.ts'

/** A string table up to this size is read at once; of a larger one only what is requested. In bytes. */
const WHOLE_TABLE = 65536
/** Of the longest string that a table may hold here, with its NUL. */
export const STRING_LIMIT = fixedBound('elf-string-bytes')
/** In bytes: what is read first of a string in a larger table. Few are longer than a path. */
const FIRST_READ = 4096

/** Strings of a table by their index; undefined for what lies outside, has no NUL, or is longer than the limit. */
export type StringTable = (index: number) => Promise<string | undefined>

/** Opens the string table at `offset`, `size` bytes long (less where the file ends before). */
export async function openStrings(file: RandomAccess, offset: number, size: number): Promise<StringTable> {
  const length = Math.max(0, Math.min(size, file.size - offset))
  const whole = length <= WHOLE_TABLE ? await readUpTo(file, offset, length, WHOLE_TABLE) : undefined
  return async index => {
    if (index >= length) return undefined
    const {most} = STRING_LIMIT
    const read = (limit: number) => readUpTo(file, offset + index, length - index, limit)
    const first = whole?.subarray(index, index + most) ?? (await read(FIRST_READ))
    const bytes = whole || first.includes(0) ? first : await read(most)
    const end = bytes.indexOf(0)
    return end < 0 ? undefined : decodeText(bytes.subarray(0, end))
  }
}
