import type {Process, Step} from '../../src/exec/index.ts'
import type {Lookup, RootFs} from '../../src/image/rootfs.ts'
import {type Answer, askModel, type Model} from './model.ts'

/** A model with a fault, which the comparison with what really happened must find. */
export interface Mutant {
  readonly name: string
  /** Whom it asks, where that is not what the model says of the same question. */
  readonly ask?: Model
  /** What it makes of an answer. */
  readonly change?: (answer: Answer) => Answer
  /** Found only where a module knows what is started before what. */
  readonly isOfOrder?: true
  /** Found only where a module sees processes. */
  readonly isOfProcess?: true
}

const ROOT = {uid: 0, gid: 0, groups: [], home: '/root'}
const NOBODY = {uid: 65_534, gid: 65_534, groups: [], home: '/nonexistent'}

/** Faults that a model of inits may have. */
export const MUTANTS: readonly Mutant[] = [
  changed('ignores the last program', withoutLastProgram),
  changed('says that nothing fails', withoutObstacles),
  changed('says that nothing starts', allFail),
  changed('mistakes the words of programs', withOtherWords),
  changed('forgets how sure it is', allCertain),
  {...changed('starts all in the other order', inReverse), isOfOrder: true},
  {name: 'does not look at execute bits', ask: input => askModel({...input, rootfs: allExecutable(input.rootfs)})},
  asProcess('runs services as root', ({user}) => (user.uid === 0 ? {} : {user: ROOT})),
  asProcess('runs services as nobody', () => ({user: NOBODY})),
  asProcess('forgets groups', ({user}) => ({user: {...user, groups: []}})),
  asProcess('forgets the working directory', ({cwd}) => (cwd === '/none' ? {} : {cwd: '/none'})),
  asProcess('forgets the environment', () => ({env: new Map()})),
  asProcess('mistakes HOME', ({env}) => ({env: new Map([...env, ['HOME', '/none']])})),
]

function changed(name: string, change: (steps: readonly Step[]) => readonly Step[]): Mutant {
  return {
    name,
    change: ({startup, processes}) => {
      const steps = change(startup.steps)
      const paths = new Set(steps.map(({node}) => node?.path))
      return {startup: {...startup, steps}, processes: processes.filter(({path}) => paths.has(path))}
    },
  }
}

function asProcess(name: string, change: (process: Process) => Partial<Process>): Mutant {
  return {
    name,
    isOfProcess: true,
    change: ({startup, processes}) => ({
      startup,
      processes: processes.map(({path, process}) => ({path, process: {...process, ...change(process)}})),
    }),
  }
}

function withoutLastProgram(steps: readonly Step[]): readonly Step[] {
  const last = steps.findLastIndex(({role, obstacle}) => role === 'program' && obstacle === undefined)
  return last < 0 ? steps : steps.slice(0, last)
}

function withoutObstacles(steps: readonly Step[]): readonly Step[] {
  return steps.map(({obstacle: _, verdict: __, ...step}) => step)
}

function allFail(steps: readonly Step[]): readonly Step[] {
  const obstacle = {kind: 'refused', errno: 'ENOEXEC', reason: 'a mutant says so'} as const
  return steps.map(step => (step.role === 'program' ? {...step, obstacle} : step))
}

/** Its last word is another; of a program without words there is one. */
function withOtherWords(steps: readonly Step[]): readonly Step[] {
  return steps.map(step =>
    step.argv ? {...step, argv: [...step.argv.slice(0, Math.max(1, step.argv.length - 1)), 'mistaken']} : step,
  )
}

function allCertain(steps: readonly Step[]): readonly Step[] {
  return steps.map(({maybe: _, ...step}) => ({...step, certainty: 'certain' as const}))
}

function inReverse(steps: readonly Step[]): readonly Step[] {
  return steps.toReversed()
}

function allExecutable(rootfs: RootFs): RootFs {
  const look = (found: Lookup): Lookup =>
    found.outcome === 'found' && found.node.kind === 'file'
      ? {...found, node: {...found.node, mode: found.node.mode | 0o111}}
      : found
  return {...rootfs, lookup: async path => look(await rootfs.lookup(path))}
}

/** What a comparison can see of an answer: a mutant that leaves it as it is says nothing of the comparison. */
export function imprintOf({startup: {steps, unknowns}, processes}: Answer): string {
  const seen = steps.map(({path, argv, certainty, obstacle, maybe}) => [path, argv, certainty, obstacle?.kind, !maybe])
  const ran = processes.map(({path, process: {user, cwd, env}}) => [path, user.uid, user.groups, cwd, [...env]])
  return JSON.stringify([seen, unknowns.length, ran])
}
