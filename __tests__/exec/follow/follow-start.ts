import {program} from '../../../scripts/kernel/elf.ts'
import {Budget} from '../../../src/exec/budget.ts'
import {follow} from '../../../src/exec/follow/follow.ts'
import type {Start} from '../../../src/exec/follow/start.ts'
import {newWalk, type Walk} from '../../../src/exec/follow/walk.ts'
import type {Process} from '../../../src/exec/resolved-path.ts'
import type {Outcome} from '../../../src/exec/world/call.ts'
import {type Doubt, EMPTY_WORLD, withDoubt} from '../../../src/exec/world/world.ts'
import type {Doubtful} from '../../../src/image/rootfs.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'

export const native = executable(program({}))
export const arm = executable(program({machine: 183}))
/** What a command may have done, of which nothing more is known. */
export const DOUBT: Doubtful = {by: {kind: 'command', name: 'x'}, grade: 'replaced'}

/** A doubt of one path. */
export const doubtOf = (below: string, grade: Doubt['grade'] = 'replaced'): Doubt => ({below, grade, by: DOUBT.by})

export interface Given extends Partial<Omit<Start, 'process'>> {
  readonly process?: Partial<Process>
  /** What may have happened to the files before. */
  readonly doubts?: readonly Doubt[]
}

export interface Followed {
  /** Without the files, of which only the doubts are told. */
  readonly outcome: Omit<Outcome, 'world'>
  /** `BELOW grade by`, with `in the end` where that is when it comes. */
  readonly doubts: readonly string[]
  /** `from path words | via | certainty | what is wrong`. */
  readonly steps: readonly string[]
  readonly unknowns: readonly string[]
  readonly passedOver: readonly string[]
  /** The programs that have started. */
  readonly started: readonly string[]
  readonly walk: Walk
}

/** Follows one start of these words on amd64, by a caller that execvp(3) stands for where nothing else is given. */
export async function followStart(words: readonly string[], files: MemoryTree, given: Given = {}): Promise<Followed> {
  const started: string[] = []
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const walk = newWalk({rootfs: memoryRootfs(files), platform}, DEFAULT_LIMITS, path => started.push(path))
  return {...(await followIn(walk, words, given)), started}
}

/** The same, in a walk that has found something before. */
export async function followIn(walk: Walk, words: readonly string[], given: Given = {}): Promise<Followed> {
  const {process, doubts = [], ...more} = given
  const user = {uid: 0, gid: 0, groups: [], home: '/root'}
  const world = doubts.reduce(withDoubt, {...EMPTY_WORLD, budget: new Budget(DEFAULT_LIMITS)})
  const start: Start = {
    process: {argv: words, cwd: '/', env: new Map([['PATH', '/bin']]), user, ...process},
    ...({search: 'execvp', via: 'command in /e.sh', certainty: 'certain', from: undefined, depth: 1} as const),
    ...{isFirst: false, guarded: false, runsText: false, shallow: false, tolerated: false, accepted: false},
    ...{isLast: false, umask: 0o22, world},
    ...more,
  }
  const {world: after, ...outcome} = await follow(walk, start)
  const {unknowns, passedOver} = walk
  return {
    outcome,
    doubts: after.doubts.map(
      ({below, grade, by, isLast}) => `${below} ${grade} ${by.name}${isLast ? ' in the end' : ''}`,
    ),
    steps: walk.steps.map(({from = '-', path, argv = [], role, via, certainty, accepted, obstacle, maybe}) =>
      [
        `${from} ${[path, ...argv.slice(1)].join(' ')}`,
        `${role}: ${via}`,
        [certainty, ...(accepted ? ['accepted'] : []), ...(maybe ? ['maybe'] : [])].join(' '),
        ...(obstacle ? [obstacle.kind] : []),
      ].join(' | '),
    ),
    unknowns: unknowns.map(({from = '-', reason}) => `${from} ${reason}`),
    passedOver: passedOver.map(({from = '-', reason}) => `${from} ${reason}`),
    started: [],
    walk,
  }
}
