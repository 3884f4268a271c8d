import {decodeText, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'

/** A string table up to this size is read at once; of a larger one only what is asked for. In bytes. */
const WHOLE_TABLE = 65536
/** The longest string that a table may hold here, in bytes with its NUL: PATH_MAX. */
const STRING_LIMIT = LIMITS['elf-string-bytes'].most

/** Strings of a table by their index; undefined for what lies outside, has no NUL, or is longer than 4096 bytes. */
export type StringTable = (index: number) => Promise<string | undefined>

/** Opens the string table at `offset`, `size` bytes long (less where the file ends before). */
export async function openStrings(file: RandomAccess, offset: number, size: number): Promise<StringTable> {
  const length = Math.max(0, Math.min(size, file.size - offset))
  const whole = length <= WHOLE_TABLE ? await readUpTo(file, offset, length, WHOLE_TABLE) : undefined
  return async index => {
    if (index >= length) return undefined
    const bytes = whole
      ? whole.subarray(index, index + STRING_LIMIT)
      : await readUpTo(file, offset + index, length - index, STRING_LIMIT)
    const end = bytes.indexOf(0)
    return end < 0 ? undefined : decodeText(bytes.subarray(0, end))
  }
}
