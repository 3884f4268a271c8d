import type {Prefetch} from '../../binary/prefetch.ts'
import type {Digest} from '../../image/digest.ts'
import type {Limits} from '../../lib/limits.ts'
import type {ContentCache, Quotas} from './contents.ts'

/**
 * Where what was learnt of a layer is kept from one run to the next. Neither of them throws: a record is only a help.
 */
export interface LayerRecords {
  /** What was saved for exactly this digest; undefined where nothing was, or what is there cannot be trusted. */
  load(digest: Digest): Promise<Uint8Array | undefined>
  save(digest: Digest, record: Uint8Array): Promise<void>
}

/** What all layers of a run share. */
export interface LayerContext {
  readonly limits: Limits
  readonly demanded: ContentCache
  readonly quotas: Quotas
  /** Paths, without the slash at the start, that somebody is looking for: kept when they come by, whatever they are. */
  readonly wanted: Set<string>
  readonly prefetch: Prefetch
  readonly records: LayerRecords | undefined
  /** Told, as layers come by, where the work stands. */
  readonly progress: ((message: () => string) => void) | undefined
}
