import type {Cause, Doubtful} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import type {Process} from '../resolved-path.ts'
import type {Certainty, Service, Step} from '../steps.ts'
import type {Value} from '../world/value.ts'
import type {World} from '../world/world.ts'
import type {Mapped, Search} from '../wrappers/handover.ts'

/** One program to start. */
export interface Start {
  readonly process: Process
  readonly search: Search
  /** The PATH that is looked in, where it is not that of the process. */
  readonly path?: string
  /** What is found is executed by its whole path. */
  readonly isWholePath?: true
  readonly via: string
  readonly certainty: Certainty
  /** The step that leads here. */
  readonly from: number | undefined
  readonly depth: number
  /** It is the first process of the container. */
  readonly isFirst: boolean
  readonly guarded: boolean
  readonly runsText: boolean
  readonly shallow: boolean
  /** Nothing depends on its success. */
  readonly tolerated: boolean
  /** Whoever starts it says that it may fail. */
  readonly accepted: boolean
  /** The service of a supervisor that it is, or belongs to. */
  readonly service?: Service
  /** Its process goes on as what it becomes until it ends: nothing of its service comes after it. */
  readonly isLast: boolean
  /** Only the program itself is looked at: what it hands over to is said otherwise. */
  readonly isOpaque?: true
  /** Undefined where only the run knows it. */
  readonly umask: number | undefined
  /** The files as they are when it starts. */
  readonly world: World
  /** What may have made the program, or one that leads to it, another file. */
  readonly maybe?: Doubtful | undefined
  /** What it reads from standard input, where that is known. */
  readonly input?: Value
  /** All its words, where some are not known. */
  readonly words?: readonly Value[]
  /** It is a busybox of another name, and does what the applet does that its second word names. */
  readonly asApplet?: true
  /** A loader that is started itself maps it. */
  readonly mapped?: Mapped
  /** What the process is otherwise, once its program was found. */
  readonly after?: Partial<Process>
  /** Of what it hands over to itself: its failure has no consequence, or it is not known whether it has. */
  readonly rest?: 'tolerated' | 'likely'
}

/** What a step has of the start of its program. */
export function stepOf(start: Start): Pick<Step, 'via' | 'certainty' | 'from' | 'service' | 'accepted'> {
  const {via, certainty, from, service, accepted} = start
  return {via, certainty, ...defined({from, service}), ...(accepted ? {accepted} : {})}
}

/** By what it is known whether the same is started again. */
export function keyOf({
  process: {argv, cwd, user, env},
  words,
  mapped,
  service,
}: Pick<Start, 'process' | 'words' | 'mapped' | 'service'>): string {
  const open = words?.some(word => typeof word === 'object') ? [words] : []
  return JSON.stringify([argv, cwd, user, [...env], service, ...open, ...(mapped ? [mapped] : [])])
}

/** What the changes of a program are by: `npm in /entrypoint.sh`. */
export function causeOf(name: string, via: string): Cause {
  const where = / in (.+)$/.exec(via)?.[1]
  return {kind: 'command', name: `${baseName(name)} ${where === undefined ? `(${via})` : `in ${where}`}`}
}

/** All its words, some of which may not be known; with a `#!` line its interpreter and the file are before them. */
export function wordsOf({words, process: before}: Start, {argv}: Process): readonly Value[] | undefined {
  const added = argv.length - before.argv.length
  return words && added > 0 ? [...argv.slice(0, added + 1), ...words.slice(1)] : words
}
