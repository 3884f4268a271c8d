import type {ExecErrno, Identity, Verdict} from '../binary/index.ts'
import type {Cause, Doubtful, FileNode, Hop} from '../image/rootfs.ts'
import type {LoaderObstacle} from './loader/obstacle.ts'

/** A file that a search passed over, and why. */
export interface Passed {
  readonly path: string
  readonly reason: 'no-execute-permission' | 'no-search-permission' | 'directory' | 'special-file'
}

/** What is wrong with a `#!` line. */
export type ShebangProblem =
  /** The interpreter's name ends in a carriage return: the file has DOS line ends. */
  | 'carriage-return'
  /**
   * The carriage return is at the end of the one argument: the interpreter starts,
   * and takes it for an option or a name.
   */
  | 'carriage-return-in-argument'
  /** A byte order mark or blanks stand before it. */
  | 'hidden'
  /** No interpreter, or its name does not end within the 256 bytes that the kernel reads. */
  | 'malformed'
  /** More than five scripts are each other's interpreter. */
  | 'nested-too-deep'

/**
 * What keeps the kernel, the runtime, a shell or the loader from taking a step,
 * with the error number that it would give.
 */
export type Obstacle =
  /** `at` is the path that is not there (or is not a directory, or is a symlink loop). */
  | {
      readonly kind: 'missing'
      readonly errno: 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'ENAMETOOLONG'
      readonly at: string
      /** Of a loader: why it is not there, where that is known: `a glibc program in a musl image`. */
      readonly cause?: string
      /** What the image has under this platform's name for it, where `at` is named for another architecture. */
      readonly counterpart?: string
      /** The image has it, and a script takes it away before. */
      readonly removedBy?: Cause
    }
  | {
      readonly kind: 'not-executable'
      /** EISDIR is the runtime's own, from its look-up; the kernel says EACCES for all. */
      readonly errno: 'EACCES' | 'EISDIR'
      readonly reason: Passed['reason']
      /** The file, or the directory that may not be searched. */
      readonly at: string
    }
  /** A bare name that is in no directory of PATH. `passed`: files of that name that are there and do not count. */
  | {
      readonly kind: 'not-in-path'
      readonly errno: 'ENOENT'
      readonly searched: readonly string[]
      readonly passed: readonly Passed[]
      /** Elements of PATH that are not directories: a file lies where a directory should be. */
      readonly files?: readonly string[]
    }
  /** A bare name found through an element of PATH that is not an absolute path: the runtime refuses to run it. */
  | {
      readonly kind: 'relative-path-element'
      readonly errno?: undefined
      readonly element: string
      readonly at: string
    }
  /** A script or a jar that its interpreter may not open: `at` is the file. */
  | {readonly kind: 'not-readable'; readonly errno: 'EACCES'; readonly at: string}
  /** execve fails for what is in the file; the step's `verdict` says more. */
  | {readonly kind: 'refused'; readonly errno: ExecErrno; readonly reason: string}
  /** execve succeeds and the process dies at once. */
  | {
      readonly kind: 'crashes'
      readonly errno?: undefined
      readonly signal: 'SIGSEGV' | 'SIGBUS'
      readonly reason: string
    }
  | {
      readonly kind: 'bad-shebang'
      readonly problem: ShebangProblem
      /** Absent where the script's interpreter starts, and then fails. */
      readonly errno?: 'ENOENT' | 'ENOEXEC' | 'EACCES' | 'ELOOP'
      readonly reason: string
    }
  /** The config's User is not in the image's /etc/passwd or /etc/group. */
  | {readonly kind: 'no-such-user'; readonly errno?: undefined; readonly reason: string}
  /** A program that starts another one rejects its own command line. */
  | {
      readonly kind: 'refused-arguments'
      readonly errno?: undefined
      readonly reason: string
      readonly fix?: string
      /** It is a supervisor: it does not start this service, and goes on. */
      readonly isService?: true
    }
  | LoaderObstacle

/** How surely a step is taken: `certain` where nothing but a failure before it can keep it from happening. */
export type Certainty = 'certain' | 'likely'

/** What an init or a supervisor starts beside others, and goes on without. */
export interface Service {
  /** As the supervisor names it: `nginx`. */
  readonly name: string
  /** What starts it: `supervisord`. */
  readonly of: string
}

export type StepRole =
  /** What execve is to start. */
  | 'program'
  /** The `#!` interpreter of a script. */
  | 'interpreter'
  /** PT_INTERP of a program. */
  | 'loader'
  /** What the loader loads. */
  | 'library'
  /** A file that an interpreter is to run: a script, a jar. Never executed by the kernel. */
  | 'argument'
  /**
   * The directory that the engine starts it in, or the user database: only where it keeps the container from starting.
   */
  | 'setup'

/** One file that starts, or that another step hands over to. */
export interface Step {
  /** As the config, the script or the program names it. */
  readonly path: string
  /** Why this step is taken: `entrypoint`, `cmd`, `argument of tini`, `interpreter of /entrypoint.sh`. */
  readonly via: string
  readonly role: StepRole
  readonly certainty: Certainty
  /** The service of a supervisor that it belongs to: the container starts without it. */
  readonly service?: Service
  /** The step of the same list that leads here; absent for the first. */
  readonly from?: number
  /** What the program is started with; only of a `program`. */
  readonly argv?: readonly string[]
  readonly hops: readonly Hop[]
  /** Absent where the path leads to no file. */
  readonly node?: FileNode
  /** Absent where there is no regular file to read. */
  readonly identity?: Identity
  /**
   * What the platform makes of the file: of a program or an interpreter as the kernel's
   * execve, of a library as the loader.
   */
  readonly verdict?: Verdict
  readonly obstacle?: Obstacle
  /**
   * What may have made what is missing in a running container, or made it another file. What the step says of the file
   * is not certain then.
   */
  readonly maybe?: Doubtful
  /**
   * Whoever starts it says that it may fail (`program || true`): the container goes on without it, and what keeps it
   * from starting is not a fault of the chain.
   */
  readonly accepted?: true
}

/** Where the chain could not be followed, and why. */
export interface Unknown {
  /** The step after which nothing is known; absent where there is none at all. */
  readonly from?: number
  /** In words, without a full stop: `/entrypoint.sh runs "$SERVER", which is set nowhere`. */
  readonly reason: string
}

/** What would be executed when a container of the image starts, step by step. */
export interface Startup {
  /** Empty where the image has no command. */
  readonly argv: readonly string[]
  readonly steps: readonly Step[]
  /** Why the chain could not be followed further, where it could not: the first of `unknowns`. */
  readonly undetermined?: string
  readonly unknowns: readonly Unknown[]
  /**
   * What is not there, may be made by something before, and is called where the script may go on without it: it is no
   * finding, and how such a call ends is not known.
   */
  readonly passedOver?: readonly Unknown[]
}
