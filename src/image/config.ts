import type {Platform} from '../platform/platform.ts'
import type {Digest} from './digest.ts'

/** One entry of the config's history. https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface HistoryEntry {
  readonly createdBy: string | undefined
  readonly emptyLayer: boolean
}

/** The HEALTHCHECK of a Docker image: `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", command]`. */
export type Healthcheck = readonly string[]

/** What an image's config says: what platform it is, and what is started how. */
export interface ImageConfig {
  readonly platform: Platform
  readonly created: string | undefined
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  /** As in the config; empty means `/`. */
  readonly workingDir: string
  /** `NAME=value`. */
  readonly env: readonly string[]
  readonly user: string
  /** The paths of its volumes, as written. */
  readonly volumes: readonly string[]
  /** The names of its labels. */
  readonly labels: readonly string[]
  readonly healthcheck: Healthcheck | undefined
  readonly history: readonly HistoryEntry[]
  readonly diffIds: readonly Digest[]
}
