import type {Cause, Doubtful} from '../../image/rootfs.ts'
import type {Platform} from '../../platform/index.ts'
import type {Credentials} from '../credentials.ts'
import type {Process} from '../resolved-path.ts'
import type {Certainty, Service} from '../steps.ts'
import type {Outcome} from '../world/call.ts'
import type {Value} from '../world/value.ts'
import type {WorldView} from '../world/view.ts'
import type {World} from '../world/world.ts'
import type {BusyboxFiles} from './busybox-file.ts'
import type {VariableFiles, WithVariables} from './variable-files.ts'
import type {PackageVersion} from './versions.ts'

/**
 * How a program finds the next one: `path` takes the name as a path, the others look in PATH. `shell` executes what it
 * finds first; `dash` goes on with the next directory after whatever the kernel refuses, busybox' `ash` and execvp(3)
 * after what is not there, be it the interpreter of a script.
 */
export type Search = 'go' | 'execvp' | 'shell' | 'dash' | 'ash' | 'path'

/** How a loader that is started itself maps a program. */
export interface Mapped {
  /** Where that loader is. */
  readonly by: string
  /** What stands for LD_LIBRARY_PATH. */
  readonly libraryPath?: string
}

/** What a program does with its arguments, as far as its own rules say. */
export type Handover =
  | {
      readonly kind: 'program'
      readonly process: Process
      readonly search: Search
      /** What is found is executed by its whole path, as bash's `exec` does. */
      readonly isWholePath?: true
      /** The PATH that the caller looks in, where it hands over another one, or none. */
      readonly path?: string
      readonly via: string
      readonly certainty: Certainty
      /** The caller may have looked first whether it is there. */
      readonly guarded: boolean
      /** What execve refuses as ENOEXEC is run as a shell script by the caller, as shells and glibc's execvp do. */
      readonly runsText: boolean
      /** Nothing depends on its success: only the file itself is looked at, not its libraries. */
      readonly shallow: boolean
      /** Its failure has no consequence. */
      readonly tolerated?: boolean
      /** The caller goes on as if it had succeeded: nothing that keeps it from starting is wrong with the image. */
      readonly accepted?: boolean
      /** A supervisor starts it beside others, and goes on without it. */
      readonly service?: Service
      /** Whether nothing that others wait for comes after it; absent where that follows from the rest. */
      readonly isLast?: boolean
      /** Only the program itself is looked at: what it hands over to is said otherwise. */
      readonly isOpaque?: true
      /** Whoever hands over does not wait for it, and ends well whatever becomes of it. */
      readonly isDetached?: true
      /** Whoever hands over goes on after it. Absent: it becomes this program, or ends with it. */
      readonly isFollowed?: boolean
      /** Whoever hands over is this program then, and does not start it beside itself. */
      readonly becomes?: true
      /** Absent: the caller's. Undefined where only the run knows it. */
      readonly umask?: number | undefined
      readonly input?: Value
      readonly words?: readonly Value[]
      /** It is a busybox of another name, which its own shell starts as the applet that the second word names. */
      readonly asApplet?: true
      /** A loader that is started itself maps it: execve has no part in that. */
      readonly mapped?: Mapped
      /** What the process is otherwise, once its program was found by what it was before. */
      readonly after?: Partial<Process>
      /** The programs of an execline script, which become each other: one of many on the same command line. */
      readonly isChain?: boolean
      /** Of what it hands over to itself: its failure has no consequence, or it is not known whether it has. */
      readonly rest?: 'tolerated' | 'likely'
    }
  /** A file that an interpreter reads; the first of `candidates` that is there is it. */
  | {readonly kind: 'file'; readonly candidates: readonly string[]; readonly via: string; readonly cwd: string}
  /**
   * `isWord`: a word that only the run knows, which is not worth a word of ours where nothing depends on it.
   * `isSilent`: that which only may be reached is kept, and not told. `isLast`: what it does comes when the container
   * runs.
   */
  | {
      readonly kind: 'unknown'
      readonly reason: string
      readonly isWord?: true
      readonly isSilent?: boolean
      readonly isLast?: true
    }
  /** The wrapper ends with an error before it starts anything, whatever its version: its own words say so. */
  | {
      readonly kind: 'refused'
      readonly reason: string
      readonly via: string
      readonly fix?: string
      /** What may have made what it refuses another thing. */
      readonly maybe?: Doubtful
      /** A supervisor does not start this service, and goes on. */
      readonly service?: Service
      readonly certainty?: Certainty
    }
  /** The wrapper changes to a user that the image does not have. */
  | {readonly kind: 'no-such-user'; readonly reason: string; readonly via: string; readonly maybe?: Doubtful}

/** What handing over takes besides the process: the files, and a way to follow what is started. */
export interface Runner {
  readonly view: WorldView
  readonly platform: Platform
  /** What its changes are by. */
  readonly by: Cause
  readonly input?: Value
  /** Undefined where only the run knows it. */
  readonly umask: number | undefined
  readonly words?: readonly Value[]
  /** The file that runs, where it is a static busybox: as a shell it takes its applets before PATH. */
  readonly busybox?: string
  /** The same where it may do so or not: its build decides, and its bytes do not show it. */
  readonly perhapsBusybox?: string
  readonly libc?: Libc
  /** The file that runs is busybox or toybox, called by the name of an applet. */
  readonly multiCall?: string
  /** What it does, it does in the end: see `isLast` of a Doubt. */
  readonly isLast: boolean
  /** The name of the file that runs, whatever it is called by: `dash` of /bin/sh. */
  readonly file?: string
  /** Of all that the start has called. */
  readonly busyboxFiles: BusyboxFiles
  /** Where that file is. */
  readonly path?: string
  /** It is the first process of the container. */
  readonly isFirst?: true
  /** Follows what is started, in these files. */
  run(handover: Handover, world: World): Promise<Outcome>
  /** Runs something whose steps are not reported. */
  rehearse(run: () => Promise<void>): Promise<void>
  /** Runs all of which one is what happens: the steps of all are as certain as before, others only likely. */
  oneOf(runs: readonly (() => Promise<void>)[]): Promise<void>
}

/** The C libraries whose getopt(3) and execvp(3) do otherwise. */
export type Libc = 'glibc' | 'musl'

/** The input of a rule of handing over. */
export interface Caller {
  /** By which name it is known: `tini`, `sh`. */
  readonly name: string
  readonly process: Process
  /** The user by the image's databases; undefined where there is none of that name. */
  readonly resolveUser: (spec: string) => Promise<Credentials | undefined>
  /** What may have made users that the image does not have. */
  readonly usersMaybe: () => Promise<Doubtful | undefined>
  /** A small file as text; undefined where it is not there, or may be another. */
  readonly readText: (path: string) => Promise<string | undefined>
  /** The first bytes of a file; undefined where it is not there, or may be another. */
  readonly readHead: (path: string, length: number) => Promise<Uint8Array | undefined>
  /** Whether there certainly is no such file. */
  readonly isMissing: (path: string) => Promise<boolean>
  /** The process with what a directory of variables sets. */
  readonly readVariables: (process: Process, directory: string, rules: VariableFiles) => Promise<WithVariables>
  /** The C library that the program is linked with; undefined of a static one, and where it is not known. */
  readonly libc?: Libc
  /** Of the image. */
  readonly platform: Platform
  /** It is an applet of busybox or toybox. */
  readonly isApplet: boolean
  /** It is the first process of the container. */
  readonly isFirst?: true
  /** Where its file is. */
  readonly path?: string
  /** What it reads, where that is known. */
  readonly input?: Value
  /** Which version of a package the program is from, by its own bytes. */
  readonly version: () => Promise<PackageVersion | undefined>
}

/** A program started with the rest of the caller's arguments, for sure. */
export function passOn(
  {name, process, libc}: Pick<Caller, 'name' | 'process' | 'libc'>,
  argv: readonly string[],
  more: Partial<Extract<Handover, {kind: 'program'}>> = {},
): readonly Handover[] {
  if (argv.length === 0) {
    return process.unknownWord === undefined
      ? []
      : [{kind: 'unknown', reason: `${name} starts ${process.unknownWord}, which only the run knows`}]
  }
  return [
    {
      kind: 'program',
      process: {...process, argv},
      search: 'execvp',
      via: `argument of ${name}`,
      certainty: 'certain',
      guarded: false,
      // execvp(3) of musl executes, and does no more.
      runsText: libc !== 'musl',
      shallow: false,
      ...more,
    },
  ]
}

/**
 * Of a wrapper that ends with its usage where no program is named. Whoever starts the container may name one behind the
 * words of an image, and then nothing is said.
 */
export function lacksProgram(caller: Caller, argv: readonly string[]): readonly Handover[] | undefined {
  const {ending, unknownWord} = caller.process
  if (argv.length > 0 || ending !== 'closed' || unknownWord !== undefined) return undefined
  return refuse(caller, 'it is given no program to start')
}

/** The caller's process is a program then, with the rest of its arguments, for sure. */
export function becomes(
  caller: Pick<Caller, 'name' | 'process' | 'libc'>,
  argv: readonly string[],
  more: Partial<Extract<Handover, {kind: 'program'}>> = {},
): readonly Handover[] {
  return passOn(caller, argv, {becomes: true, ...more})
}

/** A program ends before it starts anything. */
export function refusal(name: string, reason: string, fix?: string): Handover {
  return {kind: 'refused', via: `command line of ${name}`, reason, ...(fix === undefined ? {} : {fix})}
}

/** The wrapper ends before it starts anything. */
export function refuse({name}: Pick<Caller, 'name'>, reason: string, fix?: string): readonly Handover[] {
  return [refusal(name, reason, fix)]
}
