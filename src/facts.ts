import type {Startup} from './exec/startup.ts'
import type {ImageConfig} from './image/config.ts'
import type {Document, LayerInfo, PlatformEntry} from './image/source.ts'
import type {Platform} from './platform/platform.ts'

/** What was seen of one platform's image. */
export interface PlatformFacts {
  readonly entry: PlatformEntry
  /** Absent for a platform that is not looked into: one of another operating system than linux. */
  readonly config?: ImageConfig
  readonly layers: readonly LayerInfo[]
  readonly startup: Startup
}

/** What was seen of one image. */
export interface ImageFacts {
  /** As the user wrote it. */
  readonly reference: string
  /** `name` of `name@digest`, where a signer could use it. */
  readonly name: string | undefined
  readonly document: Document
  /** The platforms that were asked for; undefined means every platform of the index. */
  readonly required: readonly Platform[] | undefined
  /** In the order of the index; only those that were asked for. */
  readonly platforms: readonly PlatformFacts[]
}

/** All that rules may look at. */
export interface Facts {
  readonly images: readonly ImageFacts[]
}
