import type {Descriptor} from '../../image/source.ts'

/** Small blobs in memory, so that what is needed again is not fetched again. */
export interface KeptBlobs {
  /** Where a copy of the blob is under way: resolves when that ends. */
  underWay(blob: Descriptor): Promise<void> | undefined
  find(blob: Descriptor): Uint8Array | undefined
  /** A copy to be filled while the blob comes; undefined where there is no room, or another copy is under way. */
  begin(blob: Descriptor): BlobCopy | undefined
}

/** A blob that is being copied. */
export interface BlobCopy {
  add(chunk: Uint8Array): void
  /** Says that all of it came, and that it is what its digest says. */
  keep(): void
  /** To be called whatever happens; what `keep` was not called for is forgotten. */
  end(): void
}

/** At most `room` bytes of them, all together: first come, first kept. */
export function keptBlobs(room: number): KeptBlobs {
  const kept = new Map<string, Uint8Array>()
  const underWay = new Map<string, Promise<void>>()
  let free = room
  return {
    underWay: ({digest}) => underWay.get(digest),
    find: ({digest, size}) => {
      const whole = kept.get(digest)
      return whole?.length === size ? whole : undefined
    },
    begin: ({digest, size}) => {
      if (size > free || underWay.has(digest)) return undefined
      const done = Promise.withResolvers<void>()
      underWay.set(digest, done.promise)
      free -= size
      const whole = new Uint8Array(size)
      let filled = 0
      let isKept = false
      return {
        add: chunk => {
          whole.set(chunk, filled)
          filled += chunk.length
        },
        keep: () => {
          isKept = true
        },
        end: () => {
          if (isKept) kept.set(digest, whole)
          else free += size
          underWay.delete(digest)
          done.resolve()
        },
      }
    },
  }
}
