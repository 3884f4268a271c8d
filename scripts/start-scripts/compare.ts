import {posix} from 'node:path'
import type {Startup, Step} from '../../src/exec/index.ts'
import {readLabel} from './stand-in.ts'
import type {Execution, Trace} from './tracer.ts'

/*
 * What the model says of a start is held against all calls of execve(2) that a real run made, and against how it ended.
 * A program of the model and a call belong together where the words that the model knows are those of the call, and the
 * path or the name is the same. A run ends well where it ends with 0, or where its first process has become a stand-in.
 * The model's steps are claims:
 *
 *   certain, nothing wrong   such a call was made and succeeded, and what started is the file that the step names
 *   certain, an obstacle     no such call succeeded, and the run did not end well: such a call failed, or the run ended
 *                            as one does that could not start a program
 *   likely, nothing wrong    nothing: it may be reached or not
 *   likely, an obstacle      no such call succeeded
 *   nothing wrong anywhere, the run did not end because a program could not be started (126 or 127), and what its first
 *   and no doubt process was at last is one of the programs that the model names
 *
 * `certain` is said of a program that nothing but a failure before it keeps from starting. So where a run does not end
 * well, one that was not reached is excused by a failure that the model reports, by a stand-in that failed (the status
 * of the image's programs is not the model's to know), and by a variable that nothing sets and that may be meant to be
 * given to the container. Nothing excuses it where the run ends well. The standalone shell of busybox runs its applets
 * without execve. A run that did not end is not compared.
 */

/** How the model and a run contradict each other. */
export type Contradiction =
  | 'the model threw'
  | 'certain start did not happen'
  | 'certain failure did not happen'
  | 'refused program started'
  | 'another file started'
  | 'failure was not foreseen'
  | 'end was not foreseen'

export interface Disagreement {
  readonly kind: Contradiction
  readonly about: string
}

/** A program that the model names, with what belongs to its start: interpreters and loader. */
export interface Start {
  readonly step: Step
  readonly parts: readonly Step[]
  /** What keeps it from starting. */
  readonly wrong: string | undefined
}

/** What the comparison asks of the image. */
export interface ImageFacts {
  /** The label of a stand-in that is in the image. */
  readonly labelOf: (path: string) => string | undefined
  /** Whether its scripts use a variable that neither they nor the image set. */
  readonly hasUnset: boolean
}

const ENOEXEC = 8
/** What execvp and shells run as a shell script. */
const TEXTS: readonly string[] = ['text', 'empty', 'markup', 'json']
/** How a shell ends that could not start its last program. */
export const NOT_STARTED: readonly string[] = ['126', '127']
export const BUSYBOX = '/bin/busybox'

/** All contradictions. */
export function compare(startup: Startup, trace: Trace, image: ImageFacts): readonly Disagreement[] {
  if (trace.outcome === 'timeout') return []
  const starts = groupStarts(startup.steps)
  return [
    ...starts.flatMap(start => compareStart(start, startup, trace, image)),
    ...startup.steps.flatMap(step => compareOther(step, trace)),
    ...compareEnd(startup, starts, trace),
  ]
}

function compareStart(
  {step, parts, wrong}: Start,
  startup: Startup,
  trace: Trace,
  image: ImageFacts,
): readonly Disagreement[] {
  const about = `${step.path} ${JSON.stringify(step.argv)} (${step.via}${wrong === undefined ? '' : `: ${wrong}`})`
  const tries = trace.executions.filter(execution => isTryOf(execution, step))
  const isCertain = step.certainty === 'certain'
  if (wrong !== undefined) {
    if (tries.some(({errno}) => errno === 0)) return [{kind: 'refused program started', about}]
    const isReached = tries.length > 0 || NOT_STARTED.includes(trace.outcome)
    const others = {...startup, steps: startup.steps.filter(other => !parts.includes(other))}
    const didFail = !endedWell(trace) && (isReached || isFailureExcused(others, trace, image))
    return isCertain && !didFail ? [{kind: 'certain failure did not happen', about}] : []
  }
  const started = tries.filter(execution => hasStarted(execution, parts))
  if (started.length === 0) {
    const isExcused = step.node?.path === BUSYBOX || isFailureExcused(startup, trace, image)
    return isCertain && !isExcused ? [{kind: 'certain start did not happen', about}] : []
  }
  const label = parts.some(({role}) => role === 'interpreter') || !step.node ? undefined : image.labelOf(step.node.path)
  const labels = started.map(({lastBytes}) => readLabel(lastBytes))
  if (label === undefined || labels.includes(label)) return []
  return [{kind: 'another file started', about: `${about}: ${labels.join(', ')} instead of ${label}`}]
}

/** Users, directories, and files that an interpreter is told to run: without them the start fails. */
function compareOther(step: Step, trace: Trace): readonly Disagreement[] {
  if (step.role !== 'argument' && step.role !== 'setup') return []
  if (step.certainty !== 'certain' || !step.obstacle || !endedWell(trace)) return []
  return [{kind: 'certain failure did not happen', about: `${step.path} (${step.via}: ${step.obstacle.kind})`}]
}

/** What ended the container, where the model sees nothing wrong and has no doubt. */
function compareEnd(startup: Startup, starts: readonly Start[], trace: Trace): readonly Disagreement[] {
  if (startup.unknowns.length > 0 || startup.steps.some(isWrong)) return []
  const {executions, first, outcome} = trace
  if (NOT_STARTED.includes(outcome)) {
    const tries = executions.filter(({errno}) => errno !== 0).map(({path, errno}) => `${path} (errno ${errno})`)
    return [{kind: 'failure was not foreseen', about: `ends with ${outcome} ${tries.join(', ')}`}]
  }
  const last = executions.findLast(({pid, errno}) => pid === first && errno === 0)
  if (!last || last.path === '/proc/self/exe') return []
  if (starts.some(({step}) => isTryOf(last, step))) return []
  return [{kind: 'end was not foreseen', about: `${last.path} ${JSON.stringify(last.argv)}`}]
}

/** The programs of an answer. */
export function groupStarts(steps: readonly Step[]): readonly Start[] {
  return steps.flatMap((step, index) => {
    if (step.role !== 'program') return []
    const rest = steps.slice(index + 1)
    const end = rest.findIndex(({role}) => role !== 'interpreter' && role !== 'loader')
    const parts = [step, ...(end < 0 ? rest : rest.slice(0, end))]
    const numbers = parts.map(part => steps.indexOf(part))
    const libraries = steps.filter(({role, from}) => role === 'library' && from !== undefined && numbers.includes(from))
    const bad = [...parts, ...libraries].find(isWrong)
    return [{step, parts, wrong: bad && (bad.obstacle?.kind ?? 'foreign')}]
  })
}

export function isWrong({obstacle, verdict}: Step): boolean {
  return obstacle !== undefined || verdict?.fit === 'foreign'
}

/** Whether an execve is the one that a step stands for. */
export function isTryOf({argv, path, cwd}: Execution, step: Step): boolean {
  const [name, ...rest] = step.argv ?? []
  if (name === undefined || rest.some((word, index) => argv[index + 1] !== word)) return false
  const asked = posix.resolve(cwd, path)
  if (step.path.startsWith('/')) return asked === posix.normalize(step.path)
  if (step.path.includes('/')) return asked === posix.resolve(cwd, step.path)
  return argv[0] === name
}

/** A text without `#!` is refused by the kernel, and run by the shell that asked. */
function hasStarted({errno}: Execution, [program]: readonly Step[]): boolean {
  return errno === 0 || (errno === ENOEXEC && TEXTS.includes(program?.identity?.kind ?? ''))
}

function endedWell({executions, first, outcome}: Trace): boolean {
  const last = executions.findLast(({pid, errno}) => pid === first && errno === 0)
  return outcome === '0' || (last !== undefined && readLabel(last.lastBytes) !== undefined)
}

/** Whether something failed before the end of a run that the model has told of, or need not know. */
export function isFailureExcused({steps, unknowns}: Startup, trace: Trace, {hasUnset}: ImageFacts): boolean {
  if (endedWell(trace)) return false
  return hasUnset || unknowns.length > 0 || steps.some(isWrong) || standInFailed(trace)
}

/** Whether a stand-in that a script waited for ended with another status than 0. */
function standInFailed({executions, ends, first}: Trace): boolean {
  return executions.some(
    ({pid, errno, lastBytes}) =>
      pid !== first && errno === 0 && readLabel(lastBytes) !== undefined && ends.get(pid) !== '0',
  )
}
