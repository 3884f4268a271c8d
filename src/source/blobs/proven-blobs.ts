import {createHash} from 'node:crypto'
import {digestParts} from '../../image/digest.ts'
import type {Descriptor} from '../../image/source.ts'
import {bytesAccess, concatBytes, type RandomAccess} from '../../lib/bytes.ts'
import type {Bound} from '../../lib/over-limit.ts'
import type {BlobStore} from './blob-store.ts'
import {embeddedContent} from './embedded-data.ts'
import {keptBlobs} from './kept-blobs.ts'
import {absentNonDistributableLayer} from './non-distributable-layer.ts'
import {checkSize, wrongDigest, wrongSize} from './verified.ts'

/** The blobs of a store, as they may be believed. `what` is what messages call the blob: `layer`. */
export interface ProvenBlobs {
  /**
   * A blob from its start, hashed as it passes. Throws a SourceError `digest-mismatch` as soon as it is too long, and
   * at its end where it is not what the descriptor says; so only a stream that was read to its end is proven.
   */
  stream(blob: Descriptor, what: string): AsyncIterable<Uint8Array>
  /** A small blob whole. What claims to be larger than the limit is not read at all. */
  read(blob: Descriptor, what: string, limit: Bound): Promise<Uint8Array>
  /** A blob at random: proven only by a pass of `stream` before. */
  readonly access?: (blob: Descriptor) => Promise<RandomAccess>
  probe(blob: Descriptor): Promise<void>
  close(): Promise<void>
}

/**
 * All that stands between a store and who reads of it, in one place: what a descriptor carries itself is not read from
 * the store; what comes from afar is kept in memory, as far as the store says; every byte is held to its digest; and of
 * a non-distributable layer that is absent it is said why.
 */
export function provenBlobs(store: BlobStore): ProvenBlobs {
  const kept = keptBlobs(store.keeps ?? 0)
  const {access} = store
  const explained = async <T>(blob: Descriptor, reading: Promise<T>): Promise<T> => {
    try {
      return await reading
    } catch (thrown) {
      throw absentNonDistributableLayer(blob, thrown)
    }
  }
  async function* stream(blob: Descriptor, what: string, keeps = true): AsyncGenerator<Uint8Array, void, undefined> {
    const underWay = kept.underWay(blob)
    if (underWay) await underWay
    const atHand = embeddedContent(blob) ?? kept.find(blob)
    if (atHand) {
      yield atHand
      return
    }
    const copy = keeps ? kept.begin(blob) : undefined
    const {algorithm, hex} = digestParts(blob.digest)
    const hash = createHash(algorithm)
    let size = 0
    try {
      for await (const chunk of store.stream(blob)) {
        size += chunk.length
        if (size > blob.size) throw wrongSize(what, blob, size, 'at least ')
        hash.update(chunk)
        copy?.add(chunk)
        yield chunk
      }
      if (size !== blob.size) throw wrongSize(what, blob, size)
      const got = hash.digest('hex')
      if (got !== hex) throw wrongDigest(what, blob, `${algorithm}:${got}`)
      copy?.keep()
    } catch (thrown) {
      throw absentNonDistributableLayer(blob, thrown)
    } finally {
      copy?.end()
    }
  }
  return {
    stream: (blob, what) => stream(blob, what),
    read: async (blob, what, limit) => {
      checkSize(limit, `${what} ${blob.digest}`, blob.size)
      const {documents} = store
      const readOnce = async (): Promise<Uint8Array> => {
        const parts: Uint8Array[] = []
        for await (const chunk of stream(blob, what, documents === undefined)) parts.push(chunk)
        return concatBytes(parts)
      }
      return documents?.get(blob, readOnce) ?? readOnce()
    },
    ...(access
      ? {
          access: async blob => {
            const content = embeddedContent(blob)
            return content ? bytesAccess(content) : explained(blob, access(blob))
          },
        }
      : {}),
    probe: async blob => {
      if (!embeddedContent(blob)) await explained(blob, store.probe(blob))
    },
    close: () => store.close(),
  }
}
