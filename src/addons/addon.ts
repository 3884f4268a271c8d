import type {RootFs} from '../image/rootfs.ts'

/** Native code that a package of a language needs, and that its interpreter would not load on the platform. */
export interface AddonProblem {
  readonly language:
    | ('dotnet' | 'erlang' | 'java' | 'lua' | 'node' | 'perl' | 'php' | 'python' | 'r' | 'ruby')
    /** Servers whose configuration names modules. */
    | ('httpd' | 'nginx' | 'postgresql')
  /** Of the package, no link in it; of Java the jar. */
  readonly directory: string
  /** `esbuild@0.28.2`, `pydantic_core` */
  readonly package: string
  /** What the interpreter looks for, in words: names of packages, or of files below the directory. */
  readonly wanted: readonly string[]
  readonly outcome: /** Nothing of it is there; `present` is for other platforms: directories of packages, or of files. */
    | {readonly kind: 'missing'; readonly present: readonly string[]}
    /** The first that it takes is of another machine. */
    | {readonly kind: 'foreign'; readonly path: string; readonly machine: string}
    /** A variable names the directory for another machine, which is not there: the platform's own is here. */
    | {readonly kind: 'renamed'; readonly path: string}
    /**
     * Packages of Python for a release that does not look there; `by`: which do, none where there is no interpreter.
     */
    | {
        readonly kind: 'unsearched'
        readonly release: string
        readonly by: readonly string[]
        readonly packages: readonly string[]
      }
    /** A module of PHP for another module API, or for threads where PHP is built without. */
    | {readonly kind: 'other-build'; readonly path: string; readonly built: string; readonly expected: string}
    /** With `frozen`, Bundler refuses a Gemfile.lock that names other platforms alone. */
    | {readonly kind: 'unlocked'; readonly platforms: readonly string[]}
    /** What it takes out of a jar needs libraries that a loader of the image's C library does not find. */
    | {readonly kind: 'unlinked'; readonly entry: string; readonly missing: readonly string[]; readonly libc: string}
  /** Files, and directories with all that is in them, that are of no use because of it. */
  readonly covers: readonly string[]
  /** The package cannot be loaded without it: its entry file loads it, and nothing else is tried. */
  readonly isRequired: boolean
  /** The package can be loaded without it, and no object of what it gives can be made. */
  readonly isMadeWith?: boolean
  /** Modules that cannot be loaded, where the package as a whole may be: their paths, without suffixes. */
  readonly modules?: readonly string[]
  /** Of a module that a configuration names: the file that does; `wanted` is where it is looked for. */
  readonly configuredIn?: string
  /** Of such a module: the starts of a server that fail without it, as `startOf` writes them. */
  readonly starts?: readonly string[]
  /** Directories that its interpreter looks into. */
  readonly searched?: readonly string[]
  /** Something of the image names the package among what it needs. */
  readonly isNeeded: boolean
}

/**
 * Whether something fails that loads these for certain: directories of packages, what `madeOf` says of those of which
 * an object is made, paths of modules, and starts of servers.
 */
export function failsToLoad(
  {directory, isRequired, isMadeWith, modules = [], starts = []}: AddonProblem,
  loaded: ReadonlySet<string>,
): boolean {
  if (isRequired && loaded.has(directory)) return true
  if (isMadeWith === true && loaded.has(madeOf(directory))) return true
  return [...modules, ...starts].some(one => loaded.has(one))
}

/** That an object is made of what a package gives: `new Database(…)`. */
export function madeOf(directory: string): string {
  return `new ${directory}`
}

/** A file of native code, as a scan saw it. */
export interface NativeFile {
  /** As messages call it. */
  readonly machine: string
  /** `own`: of the platform's machine. `other`: not. `unknown`: a link, or it cannot be determined. */
  readonly fit: 'own' | 'other' | 'unknown'
  /** Of a module of PHP: what it was built for, `20240924,NTS`. */
  readonly phpBuilds?: readonly string[]
}

/** What add-ons are looked for in. */
export interface NativeFiles {
  /** ELF files of the image. */
  readonly natives: ReadonlyMap<string, NativeFile>
  readonly files: Pick<RootFs, 'lookup' | 'list' | 'open'>
}
