/**
 * A platform as an index or a config names it. https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
export interface Platform {
  readonly os: string
  readonly architecture: string
  /** Empty where there is none. */
  readonly variant: string
  /** `os.version`, of Windows images. */
  readonly osVersion?: string
}
