import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import type {RandomAccess} from '../../src/lib/bytes.ts'

/** One buffer for the first read of every file, as file(1) has one: an identity keeps nothing of it. */
const BUFFER = Buffer.alloc(65536)

/** Gives `use` the file at `path` to read in, without a copy of its first bytes. */
export async function withFile<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const descriptor = openSync(path, 'r')
  try {
    return await use({
      size: fstatSync(descriptor).size,
      read: async (offset, length) => {
        const bytes = offset === 0 && length <= BUFFER.length ? BUFFER : Buffer.allocUnsafe(length)
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset))
      },
    })
  } finally {
    closeSync(descriptor)
  }
}
