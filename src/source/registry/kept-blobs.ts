import type {Descriptor} from '../../image/source.ts'

/** In bytes, all blobs together. */
export const KEPT_LIMIT = 32 * 1024 * 1024

/**
 * Keeps small blobs in memory as they came, so that what is needed again is not fetched again; who asks for one that is
 * on its way waits for it. Larger ones, and those that no longer fit, are streamed each time. Only what was read to its
 * end is kept, and it is proven anew by every reader.
 */
export function keptBlobs(
  fetch: (blob: Descriptor) => AsyncIterable<Uint8Array>,
  limit = KEPT_LIMIT,
): (blob: Descriptor) => AsyncGenerator<Uint8Array, void, undefined> {
  const kept = new Map<string, Uint8Array>()
  const underWay = new Map<string, Promise<void>>()
  let free = limit

  async function* fetchAndKeep(blob: Descriptor): AsyncGenerator<Uint8Array, void, undefined> {
    const done = Promise.withResolvers<void>()
    underWay.set(blob.digest, done.promise)
    free -= blob.size
    const whole = new Uint8Array(blob.size)
    let filled = 0
    let isKept = false
    try {
      for await (const chunk of fetch(blob)) {
        // One that is too long is no candidate; whoever checks its size says so.
        if (filled + chunk.length <= whole.length) whole.set(chunk, filled)
        filled += chunk.length
        yield chunk
      }
      isKept = filled === whole.length
    } finally {
      if (isKept) kept.set(blob.digest, whole)
      else free += blob.size
      underWay.delete(blob.digest)
      done.resolve()
    }
  }

  return async function* stream(blob) {
    await underWay.get(blob.digest)
    const whole = kept.get(blob.digest)
    if (whole !== undefined && whole.length === blob.size) yield whole
    else if (blob.size <= free && !underWay.has(blob.digest)) yield* fetchAndKeep(blob)
    else yield* fetch(blob)
  }
}
