import type {RandomAccess} from '../../src/lib/bytes.ts'

/** Bytes from text (one character each, up to U+00FF) and numbers. */
export function bytes(...parts: readonly (string | number | Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap(part => {
      if (typeof part === 'string') return [...Buffer.from(part, 'latin1')]
      return typeof part === 'number' ? [part] : [...part]
    }),
  )
}

/** The bytes that hexadecimal digits spell. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'))
}

/** The same bytes with one of them, or several, put in another's place. */
export function patch(original: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(original)
  copy.set(values, at)
  return copy
}

/** A file that fails the test when it is read outside its bounds, or in larger pieces than a reader promises. */
export function strictAccess(content: Uint8Array, largestRead: number): RandomAccess & {readonly reads: () => number} {
  let reads = 0
  return {
    size: content.length,
    reads: () => reads,
    read: async (offset, length) => {
      reads++
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length)) throw new Error(`read(${offset}, ${length})`)
      if (offset < 0 || length < 0) throw new Error(`read(${offset}, ${length})`)
      if (length > largestRead) throw new Error(`a read of ${length} bytes, more than ${largestRead}`)
      return content.subarray(offset, offset + length)
    },
  }
}
