import type {Allowances, ContentCache} from './contents.ts'
import type {Rehearsal} from './rehearsal.ts'

/** What all layers of a run share. */
export interface LayerContext {
  readonly demanded: ContentCache
  readonly allowances: Allowances
  /** Paths, without the slash at the start, that somebody is looking for: kept when they come by, whatever they are. */
  readonly wanted: Set<string>
  readonly rehearsal: Rehearsal | undefined
}
