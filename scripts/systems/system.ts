import {type DebianArch, USUAL_ARCHES} from './architectures.ts'

/** A system that is made of packages as their makers ship them, and that is right: the scan must be quiet about it. */
export interface System {
  readonly id: string
  /** What it stands for, in a few words. */
  readonly about: string
  /** The program that the image starts. */
  readonly entrypoint: readonly string[]
  /** Packages of Debian, on top of the base. */
  readonly debian: readonly string[]
  /** Packages that only one architecture has. */
  readonly only?: Readonly<Partial<Record<DebianArch, readonly string[]>>>
  /**
   * Packages for every architecture (`Architecture: all`), without what they depend on: one layer for all platforms, as
   * `COPY` makes it. There is nothing native in them.
   */
  readonly shared?: readonly string[]
  /** The architectures that the system is made for; the usual two where nothing is said. */
  readonly arches?: readonly DebianArch[]
  /** The release of Debian for each architecture; bookworm where nothing is said. */
  readonly suite?: (arch: DebianArch) => string
  /** Libraries of another architecture, as `apt-get install NAME:ARCH` puts them beside the system's own. */
  readonly foreign?: Readonly<
    Partial<Record<DebianArch, {readonly arch: string; readonly packages: readonly string[]}>>
  >
  /** Packages of npm in /app/node_modules, name -> version; with those of all platforms, or of the image's own. */
  readonly npm?: {readonly packages: Readonly<Record<string, string>>; readonly allPlatforms: boolean}
  /** Too large for a sample: more than 200 MB to fetch, or minutes to check. */
  readonly large?: boolean
  /** Python wheels in /usr/local/lib/python3.11/dist-packages, `name==version`. */
  readonly wheels?: readonly string[]
}

/** What debootstrap's smallest variant installs. */
export const BASE = ['?essential', '?priority(required)', 'usr-is-merged', 'apt', 'ca-certificates']

export function archesOf({arches = USUAL_ARCHES}: System): readonly DebianArch[] {
  return arches
}

export function suiteOf({suite = () => 'bookworm'}: System, arch: DebianArch): string {
  return suite(arch)
}
