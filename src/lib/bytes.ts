/**
 * Random access to the bytes of one file. `read` returns at most `length` bytes and fewer only where the
 * file ends; outside the file it returns none. It throws only when the bytes cannot be read (a
 * SourceError), never because of what they say.
 */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Random access to bytes that are already in memory. */
export function bytesAccess(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    read: async (offset, length) =>
      offset < 0 || length <= 0 ? new Uint8Array() : bytes.subarray(offset, Math.min(offset + length, bytes.length)),
  }
}

/** The bytes of all chunks, in order. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** Reads a whole file of at most `limit` bytes; undefined where it is larger. */
export async function readWhole(file: RandomAccess, limit: number): Promise<Uint8Array | undefined> {
  return file.size > limit ? undefined : file.read(0, file.size)
}
