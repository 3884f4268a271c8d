import {posix} from 'node:path'
import type {Startup, Step} from '../../src/exec/index.ts'
import {readLabel} from './stand-in.ts'
import type {Execution, Trace} from './tracer.ts'

/*
 * What the model says of a start is held against all calls of execve(2) that a real run made, and against how it ended.
 * A program of the model and a call belong together where the words that the model knows are those of the call, and the
 * path or the name is the same; where that is so of several programs, the call is of those that know most of its words,
 * and what is left over of the others.
 * A run ends well where it ends with 0, or where its first process has become a stand-in.
 * The model's steps are claims:
 *
 *   certain, nothing wrong   such a call was made and succeeded, and what started is the file that the step names
 *   certain, an obstacle     no such call succeeded, and the run did not end well
 *   likely, nothing wrong    nothing: it may be reached or not
 *   likely, an obstacle      no such call succeeded
 *   with `maybe`             nothing: something before may have made it, or made it another file
 *   nothing wrong anywhere, the run did not end because a program could not be started (126 or 127), and what its first
 *   and no doubt process was at last is one of the programs that the model names
 *
 * `certain` is said of a program that nothing but a failure before it keeps from starting. So where a run does not end
 * well, one that was not started is excused, but only if that failure is to be seen: a process that failed, a message
 * of the shell, or an obstacle or a doubt that the model has told of. Where the run ends well, nothing excuses it. A
 * variable that nothing sets may be meant to be given to the container, and what a pattern finds is not looked for: of
 * what a script runs by them, silence is allowed, and of what is missing where it may be that the script does not come.
 * Nor are the files that a pattern finds looked for where they are read in or run: what such a file makes may be
 * missing, and what it replaces be another file.
 * The standalone shell of busybox runs its applets without execve. A run that did not end is not compared.
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
  /** Whether a script may end in failure without a word: under `set -e`, by `exit 1`. */
  readonly mayEndSilently: boolean
  /** Whether an EXIT trap ends a script its own way. */
  readonly endsInTrap: boolean
  /** The label of a stand-in that is in the image. */
  readonly labelOf: (path: string) => string | undefined
  /** Whether its scripts use a variable that neither they nor the image set, or a pattern for files. */
  readonly hasUnset: boolean
  /**
   * Whether its scripts start what is called so only in an `if`, a loop, after `&&`: a
   * possibility, not told where it is missing.
   */
  readonly isConditional: (name: string, line?: number) => boolean
  /** Whether its scripts ask whether there is a command, of which a shell may end with 127. */
  readonly asksForCommand: boolean
  /** Whether its scripts read in or run what a pattern finds. */
  readonly readsPattern: boolean
}

const ENOEXEC = 8
/** What execvp and shells run as a shell script. */
const TEXTS: readonly string[] = ['text', 'empty', 'markup', 'json']
/** `/x: 3: cd: can't cd to /x`, `/tmp/run.sh: line 2: BIN: unbound variable`, of busybox `/x: .: line 1: …`. */
const SHELL_ERROR = /^\S+: (\S+: )?(line )?\d+: /m
/**
 * The last program that a shell tells of that it cannot start, which may be an empty word, and the line of its script.
 */
const MISSING =
  /^(\S+): (?:exec: )?(?:line )?(\d+): (?:exec: )?([^\n]*?): (?:command )?(?:not found|No such file|Permission denied|cannot execute)/

/** Line by line: an output may be megabytes. */
function lastMissing(output: string): RegExpExecArray | undefined {
  for (const line of output.split('\n').toReversed()) {
    const found = MISSING.exec(line)
    if (found) return found
  }
  return undefined
}

/** How a shell ends that could not start its last program. */
export const NOT_STARTED: readonly string[] = ['126', '127']
export const BUSYBOX = '/bin/busybox'

/** All contradictions. */
export function compare(startup: Startup, trace: Trace, image: ImageFacts): readonly Disagreement[] {
  if (trace.outcome === 'timeout') return []
  const starts = groupStarts(startup.steps)
  return [
    ...starts.flatMap(start => compareStart(start, startup, trace, image)),
    ...startup.steps.flatMap(step => compareOther(step, trace, image)),
    ...compareEnd(startup, starts, trace, image),
  ]
}

function compareStart(
  {step, parts, wrong}: Start,
  startup: Startup,
  trace: Trace,
  image: ImageFacts,
): readonly Disagreement[] {
  const about = `${step.path} ${JSON.stringify(step.argv)} (${step.via}${wrong === undefined ? '' : `: ${wrong}`})`
  const tries = triesOf(step, startup, trace)
  const isCertain = step.certainty === 'certain'
  if (step.maybe !== undefined || parts.some(({maybe}) => maybe !== undefined)) return []
  if (wrong !== undefined) {
    const isMissing = step.obstacle?.kind === 'missing' || step.obstacle?.kind === 'not-in-path'
    if (isMissing && step.node === undefined && image.readsPattern) return []
    if (ownTries(step, tries, startup).some(({errno}) => errno === 0)) return [{kind: 'refused program started', about}]
    // An EXIT trap may end the container well all the same.
    const isFailed =
      toldMissing(trace) === (step.argv?.[0] ?? step.path) ||
      (image.endsInTrap && (tries.length > 0 || isFailureSeen(trace)))
    return isCertain && endedWell(trace) && !isFailed ? [{kind: 'certain failure did not happen', about}] : []
  }
  const own = tries.filter(execution => hasStarted(execution, parts))
  const started = own.length > 0 ? own : surplusOf(step, startup, trace).filter(one => hasStarted(one, parts))
  if (started.length === 0) {
    const isExcused = step.node?.path === BUSYBOX || isFailureExcused(startup, trace, image)
    return isCertain && !isExcused ? [{kind: 'certain start did not happen', about}] : []
  }
  const label = step.identity?.kind === 'elf' && step.node ? image.labelOf(step.node.path) : undefined
  // Of a program that ended before the tracer read it only the path is known.
  const seen = started.filter(({lastBytes}) => lastBytes.length > 0)
  if (seen.length === 0) return []
  const labels = seen.map(({lastBytes}) => readLabel(lastBytes))
  if (label === undefined || labels.includes(label) || image.readsPattern) return []
  if (!isCertain && isOtherStep(step, labels, startup, image)) return []
  return [{kind: 'another file started', about: `${about}: ${labels.join(', ')} instead of ${label}`}]
}

/**
 * Whether the calls are those of another step with the same words: of one that may be another file, or is that file.
 */
function isOtherStep(
  step: Step,
  labels: readonly (string | undefined)[],
  {steps}: Startup,
  {labelOf}: ImageFacts,
): boolean {
  const same = steps.filter(other => other !== step && other.path === step.path && sameArguments(other, step))
  const known = same.flatMap(({node}) => (node ? [labelOf(node.path)] : []))
  return same.some(({maybe}) => maybe !== undefined) || labels.every(label => known.includes(label))
}

/**
 * The calls that can only be those of a step that fails. Where the same call is made as often as the model says, each
 * is that of its step; where it is made less often, it may be that of another step with the same words, which starts.
 */
export function ownTries(step: Step, tries: readonly Execution[], {steps, unknowns}: Startup): readonly Execution[] {
  // As of its tries: a program that was found by a name is called by it, and may be called by its path as well.
  const same = steps.filter(other => isSamePlace(other, step) && sameArguments(other, step))
  const index = same.indexOf(step)
  if (same.length === tries.length) return tries.slice(index, index + 1)
  // A word that only the run knows may name the same program later, and then it starts.
  const failed = tries.filter(({errno}) => errno !== 0)
  const isSurplus = unknowns.length > 0 && same.length < tries.length
  if (isSurplus && failed.length >= same.filter(isWrong).length) return failed
  if (same.some(other => other !== step && !isWrong(other))) return []
  return tries.filter(one => one.errno !== 0 || !isOfOpenStep(one, step, steps))
}

/** Whether it may be a call of another step of which only the first words are known, and which starts. */
function isOfOpenStep(execution: Execution, step: Step, steps: readonly Step[]): boolean {
  return steps.some(
    other =>
      other !== step &&
      other.role === 'program' &&
      !isWrong(other) &&
      (other.argv?.length ?? 0) < (step.argv?.length ?? 0) &&
      isTryOf(execution, other),
  )
}

/** A name that was not found has no path: the same name may have been found before, or be found later. */
function isSamePlace({path: one}: Step, {path: other}: Step): boolean {
  if (one === other) return true
  const isName = !one.includes('/') || !other.includes('/')
  return isName && posix.basename(one) === posix.basename(other)
}

/** Users, directories, and files that an interpreter is told to run: without them the start fails. */
function compareOther(step: Step, trace: Trace, image: ImageFacts): readonly Disagreement[] {
  if (step.role !== 'argument' && step.role !== 'setup') return []
  if (step.certainty !== 'certain' || !step.obstacle || step.maybe !== undefined || !endedWell(trace)) return []
  // As of programs: an EXIT trap may end the container well all the same.
  if (image.endsInTrap) return []
  return [{kind: 'certain failure did not happen', about: `${step.path} (${step.via}: ${step.obstacle.kind})`}]
}

/** What ended the container, where the model sees nothing wrong and has no doubt. */
function compareEnd(
  startup: Startup,
  starts: readonly Start[],
  trace: Trace,
  image: ImageFacts,
): readonly Disagreement[] {
  if (hasDoubt(startup) || startup.steps.some(isWrong) || image.hasUnset) return []
  const {executions, first, outcome} = trace
  if (NOT_STARTED.includes(outcome)) {
    if (isMissingConditional(trace, image)) return []
    const tries = executions.filter(({errno}) => errno !== 0).map(({path, errno}) => `${path} (errno ${errno})`)
    return [{kind: 'failure was not foreseen', about: `ends with ${outcome} ${tries.join(', ')}`}]
  }
  const last = executions.findLast(({pid, errno}) => pid === first && errno === 0)
  if (!last || last.path === '/proc/self/exe') return []
  if (image.isConditional(last.argv[1] ?? last.path)) return []
  if (starts.some(start => isTryOf(last, start.step) || isTextOf(last, start))) return []
  return [{kind: 'end was not foreseen', about: `${last.path} ${JSON.stringify(last.argv)}`}]
}

/** Whether what a shell could not start is something that the script may not come to, or only asks for. */
export function isMissingConditional({output, executions}: Trace, image: ImageFacts): boolean {
  const {isConditional, asksForCommand} = image
  const [, , line, missing] = lastMissing(output) ?? []
  if (missing !== undefined) return isConditional(missing, Number(line))
  // Where the script has redirected what its shell says of it.
  const last = executions.findLast(({errno}) => errno !== 0)
  return asksForCommand || (last !== undefined && isConditional(last.argv[0] ?? last.path))
}

function toldMissing({output}: Trace): string | undefined {
  return lastMissing(output)?.[3]
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

/** The calls of execve that a step stands for. */
export function triesOf(step: Step, {steps}: Startup, {executions}: Trace): readonly Execution[] {
  const isCloser = (other: Step) => (other.argv?.length ?? 0) > (step.argv?.length ?? 0)
  const closer = steps.filter(other => other.role === 'program' && isCloser(other))
  return executions.filter(execution => isTryOf(execution, step) && !closer.some(other => isTryOf(execution, other)))
}

/** Calls that those which know more of their words stand for as well, but more than those that certainly happen. */
function surplusOf(step: Step, {steps}: Startup, {executions}: Trace): readonly Execution[] {
  const own = executions.filter(execution => isTryOf(execution, step))
  const others = steps.filter(
    other =>
      other !== step &&
      other.role === 'program' &&
      other.certainty === 'certain' &&
      own.some(execution => isTryOf(execution, other)),
  )
  return own.length > others.length ? own : []
}

/** Whether an execve is the one that a step stands for. */
export function isTryOf({argv, path, cwd}: Execution, step: Step): boolean {
  const [name, ...rest] = step.argv ?? []
  if (name === undefined || rest.some((word, index) => !isSameWord(word, argv[index + 1]))) return false
  const asked = posix.resolve(cwd, path)
  if (step.path.startsWith('/')) return isSameWord(posix.normalize(step.path), asked)
  if (step.path.includes('/')) return isSameWord(posix.resolve(cwd, step.path), asked)
  return isSameWord(name, argv[0])
}

/** The model calls what `mktemp` makes by its template: the run has letters and digits instead of its `X`s. */
function isSameWord(known: string, word: string | undefined): boolean {
  const [first = '', ...others] = known.split(/X{6,}[0-9]{0,2}/)
  if (others.length === 0 || word === undefined) return word === known
  const literal = (text: string) => text.replaceAll(/[^\w/]/g, '\\$&')
  return new RegExp(`^${[first, ...others].map(literal).join('[A-Za-z0-9]+')}$`).test(word)
}

/** Whether it is the shell that a text without `#!` is handed to, once the kernel has refused it. */
function isTextOf({argv}: Execution, {step}: Start): boolean {
  return TEXTS.includes(step.identity?.kind ?? '') && argv[1] === step.path
}

/** A text without `#!` is refused by the kernel, and run by the shell that asked. */
function hasStarted({errno}: Execution, [program]: readonly Step[]): boolean {
  return errno === 0 || (errno === ENOEXEC && TEXTS.includes(program?.identity?.kind ?? ''))
}

function endedWell({executions, first, outcome}: Trace): boolean {
  const last = executions.findLast(({pid, errno}) => pid === first && errno === 0)
  return outcome === '0' || (last !== undefined && readLabel(last.lastBytes) !== undefined)
}

/** Whether a failure is to be seen that ended the run before everything that the model is certain of was started. */
export function isFailureExcused(startup: Startup, trace: Trace, image: ImageFacts): boolean {
  // An EXIT trap hides it: the container ends well, and nothing of what it is for was done.
  if (endedWell(trace)) return image.endsInTrap && isFailureSeen(trace)
  const isSeen = image.mayEndSilently || isFailureSeen(trace) || NOT_STARTED.includes(trace.outcome)
  return isSeen || hasDoubt(startup) || startup.steps.some(isWrong)
}

function isFailureSeen(trace: Trace): boolean {
  return processFailed(trace) || SHELL_ERROR.test(trace.output)
}

/** Whether the model has told that it does not know something, or has kept that it was silent of something. */
export function hasDoubt({steps, unknowns, passedOver = []}: Startup): boolean {
  return unknowns.length > 0 || passedOver.length > 0 || steps.some(({maybe}) => maybe !== undefined)
}

/** Whether a program that a script started ended with another status than 0. */
function processFailed({executions, ends, first}: Trace): boolean {
  return executions.some(({pid, errno}) => pid !== first && errno === 0 && ends.get(pid) !== '0')
}

function sameArguments({argv: [, ...one] = []}: Step, {argv: [, ...other] = []}: Step): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
