/** Whose rules the loader follows. */
export type LibcKind = 'glibc' | 'musl'

/** A file of the right name that the loader saw and did not take. */
export interface Rejected {
  readonly path: string
  readonly reason: string
}

/** What keeps the dynamic loader from starting a program. `message` is what the user sees on standard error. */
export type LoaderObstacle =
  | {
      readonly kind: 'missing-library'
      readonly errno?: undefined
      /** As DT_NEEDED names it. */
      readonly library: string
      /** The path of the object that needs it. */
      readonly neededBy: string
      /** Where the loader looks, in order. */
      readonly searched: readonly string[]
      readonly rejected: readonly Rejected[]
      /** Who puts it into the container, and why, where it is none of the image's: see injectedLibrary. */
      readonly injected?: string
      readonly exitCode: number
      readonly message: string
      /** The plain cause where it is known: `a glibc program in a musl image`. */
      readonly cause?: string
    }
  | {
      readonly kind: 'missing-version'
      readonly errno?: undefined
      readonly library: string
      readonly neededBy: string
      /** `GLIBC_2.38`, as the object that needs it names them. */
      readonly versions: readonly string[]
      /** The path of the library that lacks them. */
      readonly provider: string
      readonly exitCode: number
      readonly message: string
    }
  | {
      readonly kind: 'missing-symbols'
      readonly errno?: undefined
      readonly symbols: readonly string[]
      readonly neededBy: string
      /** The version that is requested, where the loader looks at versions. */
      readonly version?: string
      /** The path of the file that should define them, where it is known. */
      readonly provider?: string
      readonly exitCode: number
      readonly message: string
      readonly cause?: string
    }
  /** A loader and a C library of two releases: whether a program starts is a matter of luck. */
  | {
      readonly kind: 'mixed-release'
      readonly errno?: undefined
      /** The path of the C library. */
      readonly library: string
      readonly neededBy: string
      /** The path of the loader. */
      readonly provider: string
      readonly releases: {readonly loader: string; readonly library: string}
    }
