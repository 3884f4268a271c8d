import type {AddonProblem} from '../addons/index.ts'
import type {LoaderObstacle} from '../exec/index.ts'
import type {Place} from './candidate.ts'
import type {SeenOther} from './seen.ts'

/** A file of another machine or system that nothing explains. */
export interface ForeignFile {
  readonly path: string
  /** `x86-64`; `Mach-O`, `Windows` of programs for those systems. */
  readonly machine: string
  /** `x86-64 ELF executable`. */
  readonly what: string
  readonly fit: 'foreign' | 'compat'
  /** By its name the emulator with which the build machine ran this platform's programs. */
  readonly isEmulator?: true
  readonly place: Place
  /** Of a file that is in PATH by a link: the link, where it is not the file itself. */
  readonly link?: string
  readonly mode: number
  /** In bytes. */
  readonly size: number
  /** From the bottom, where it is known. */
  readonly layer?: number
  /** What it would take to run it, where some kernels of the platform do. */
  readonly reason?: string
}

/** A file with an execute bit in a directory of PATH that the kernel would not start. */
export interface NotProgram {
  readonly path: string
  readonly link?: string
  readonly layer?: number
  readonly seen:
    | SeenOther
    | {
        readonly kind: 'elf'
        readonly what: string
        readonly refusal: {readonly reason: string; readonly signal?: string; readonly os?: string}
      }
}

/** A program that its loader would not start, or a library that no program of the image can load. */
export interface LibraryProblem {
  readonly path: string
  /** `elsewhere`: not in a directory of PATH. */
  readonly place: 'path' | 'elsewhere'
  readonly layer?: number
  readonly obstacle:
    | LoaderObstacle
    /** PT_INTERP leads nowhere. */
    | {readonly kind: 'missing-loader'; readonly loader: string; readonly cause?: string}
    /** Its libraries could not all be followed. */
    | {readonly kind: 'undetermined'; readonly reason: string}
  /** What else it lacks: a loader prints the first thing, and ends. */
  readonly more: number
}

/** Files that are left aside, by what explains them: some of the paths, in order, and how many there are in all. */
export interface Listed {
  readonly count: number
  readonly files: readonly string[]
}

export interface Suppressed extends Listed {
  /** Of a row of BENIGN. */
  readonly reason: string
}

export interface Ignored extends Listed {
  /** As the user wrote it. */
  readonly glob: string
  readonly reason?: string
}

/** What a walk through all files of one platform's image saw. */
export interface ScanFacts {
  /** Regular files. */
  readonly files: number
  /** ELF, Windows and Mach-O files by machine, the most frequent first. */
  readonly machines: readonly {readonly machine: string; readonly count: number}[]
  /** In the order of their paths. */
  readonly foreign: readonly ForeignFile[]
  /** Foreign or executable files beyond those that are remembered one by one: they were not judged. */
  readonly beyond: number
  readonly notPrograms: readonly NotProgram[]
  readonly libraries: {
    /** Programs whose libraries were followed, those outside PATH as well. */
    readonly programs: number
    readonly problems: readonly LibraryProblem[]
  }
  /** Native code that packages of languages need, and that their interpreters would not load. */
  readonly addons: readonly AddonProblem[]
  readonly suppressed: readonly Suppressed[]
  /**
   * Files that their name alone explains (they are counted in `suppressed`), without one for this platform beside them.
   */
  readonly unpaired: readonly ForeignFile[]
  /**
   * Paths of native files that name the platform's machine: where another platform has the same
   * path, it may be a foreign file there.
   */
  readonly named: readonly string[]
  /** One for each entry, those that matched nothing as well. */
  readonly ignored: readonly Ignored[]
  /**
   * All ELF programs and libraries in one digest: two platforms with the same hold
   * the same. Absent where there is none.
   */
  readonly content?: {readonly count: number; readonly digest: string}
  /** What PATH offers, as `directory/name`, names of machines in it replaced by `*`; sorted. */
  readonly commands: readonly string[]
  /** Of the ELF programs in PATH how many are the platform's own. */
  readonly pathPrograms: {readonly native: number; readonly all: number}
}
