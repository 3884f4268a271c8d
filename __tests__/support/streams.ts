/** Bytes in chunks of a size. */
export async function* inChunks(bytes: Uint8Array, size = 65536): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** All bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}

/** A stream that tells how far it was read and that it was let go. */
export function watched(
  bytes: Uint8Array,
  size = 1024,
): {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly seen: {given: number; ended: boolean}
} {
  const seen = {given: 0, ended: false}
  async function* stream(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of inChunks(bytes, size)) {
        seen.given += chunk.length
        yield chunk
      }
    } finally {
      seen.ended = true
    }
  }
  return {chunks: stream(), seen}
}

/** What a promise was rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => ({notThrown: value}),
    (thrown: unknown) => thrown,
  )
}

/** All that an iteration gives. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
