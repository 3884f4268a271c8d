import type {Startup, Step} from '../../../src/exec/index.ts'
import type {Execution, Trace} from '../../start-scripts/tracer.ts'
import type {Disagreement} from '../module.ts'
import type {ExeclineCase} from './generate.ts'

/*
 * What the model says of a script is held against all calls of execve(2) that a
 * real run made, and against how it ended.
 *
 *   certain, nothing wrong   it was started with these words, in this order; unless something ended the script before
 *   certain, an obstacle     it was not started, and the run did not end well
 *   likely, an obstacle      it was not started
 *   with `maybe`             nothing
 *   whatever was started     the model names it, unless it says that there is something that it does not know
 *   nothing wrong, no doubt  the run does not end with an exit code of execline's own: 100, 111, 126, 127
 */

/** What forx, forbacktickx, blocks without words and s6-setuidgid start of their own. */
const OF_THEIR_OWN =
  /^\/bin\/sh$|^\/usr\/lib\/execline\/bin\/(importas|multisubstitute|pipeline|unexport|forstdin|fdmove|exit)$|^\/usr\/bin\/(s6-envuidgid|s6-applyuidgid|true)$/

/** Files and directories may be given to the container: that they are missing is not foreseen as a failure. */
const WANTS = /unable to (chdir to|open|get passwd entry)/

/** Of more words the tracer does not tell. */
const MOST_WORDS = 64

/** Holds the model to a run. */
export function compareExecline(startup: Startup, trace: Trace, tried: ExeclineCase): readonly Disagreement[] {
  if (trace.outcome === 'timeout') return []
  const programs = startup.steps.filter(({role}) => role === 'program')
  const problems: Disagreement[] = []
  const hasDoubt = startup.unknowns.length > 0 || startup.steps.some(({maybe}) => maybe !== undefined)
  const endsWell = trace.outcome === '0'
  const saw = `end: ${trace.outcome}; ${trace.output.trim().split('\n').slice(0, 3).join(' | ')}`
  for (const step of programs) {
    if (step.maybe !== undefined) continue
    const wrong = wrongOf(step, startup)
    const ran = trace.executions.some(execution => isStarted(execution, trace) && isOf(execution, step))
    const about = `${(step.argv ?? []).join(' ')} (${step.via}${wrong ? `: ${wrong}` : ''}) — ${saw}`
    if (wrong && ran && isAlone(step, startup)) problems.push({kind: 'refused program started', about})
    if (wrong && step.certainty === 'certain' && endsWell && !tried.mayEnd) {
      problems.push({kind: 'certain failure did not happen', about})
    }
    const isExcused = hasDoubt || startup.steps.some(({obstacle}) => obstacle) || (tried.mayEnd && !endsWell)
    // A job that is beside the first process may come too late: the run is over when that has ended.
    const isBeside = step.via === 'block of background'
    if (!wrong && step.certainty === 'certain' && !ran && !isExcused && !isBeside) {
      problems.push({kind: 'certain start did not happen', about})
    }
  }
  for (const {argv, role, obstacle, certainty, maybe, via} of startup.steps) {
    if (role === 'program' || obstacle?.kind !== 'refused-arguments' || certainty !== 'certain' || maybe) continue
    if (endsWell)
      problems.push({kind: 'certain failure did not happen', about: `${argv} ${via}: ${obstacle.reason} — ${saw}`})
  }
  if (problems.length > 0) return problems
  if (startup.unknowns.length === 0) problems.push(...silentStarts(startup, trace, saw))
  const isOwnFailure = ['100', '111', '126', '127'].includes(trace.outcome)
  const isSure = !hasDoubt && startup.steps.every(({certainty}) => certainty === 'certain')
  if (isSure && isOwnFailure && !WANTS.test(trace.output) && !startup.steps.some(({obstacle}) => obstacle)) {
    problems.push({kind: 'failure was not foreseen', about: saw})
  }
  if (!hasDoubt && !tried.isParallel) problems.push(...orderProblems(programs, trace, saw))
  return problems
}

/** execve(2), ENOEXEC. */
const ENOEXEC = 8

/** Whether a call started a program, or the shell after it a text that the kernel refused: execvp(3). */
function isStarted({errno, path}: Execution, {executions}: Trace): boolean {
  return errno === 0 || (errno === ENOEXEC && executions.some(other => other.errno === 0 && other.argv[1] === path))
}

function wrongOf(step: Step, {steps}: Startup): string | undefined {
  if (step.obstacle) return step.obstacle.kind
  const index = steps.indexOf(step)
  const rest = steps.slice(index + 1)
  const end = rest.findIndex(({role}) => role !== 'interpreter' && role !== 'loader')
  return (end < 0 ? rest : rest.slice(0, end)).find(({obstacle}) => obstacle)?.obstacle?.kind
}

/** Whether no other step is the same call. */
function isAlone(step: Step, {steps}: Startup): boolean {
  return !steps.some(
    other => other !== step && JSON.stringify(other.argv) === JSON.stringify(step.argv) && !other.obstacle,
  )
}

function silentStarts(startup: Startup, trace: Trace, saw: string): readonly Disagreement[] {
  const own = new Set(startup.steps.filter(({role}) => role === 'interpreter').map(({path}) => path))
  const silent = trace.executions.filter(execution => {
    if (execution.errno !== 0 || own.has(execution.path)) return false
    if (OF_THEIR_OWN.test(execution.path)) return false
    return !startup.steps.some(step => step.role === 'program' && isOf(execution, step))
  })
  return silent
    .slice(0, 1)
    .map(({argv, path}) => ({kind: 'started in silence', about: `${path} ${argv.join(' ')} — ${saw}`}))
}

/** The certain ones are started in the order in which they are told. */
function orderProblems(programs: readonly Step[], {executions}: Trace, saw: string): readonly Disagreement[] {
  let from = 0
  const started = executions.filter(({errno}) => errno === 0)
  for (const step of programs) {
    if (step.certainty !== 'certain' || step.obstacle) continue
    const at = started.findIndex((execution, index) => index >= from && isOf(execution, step))
    if (at >= 0) from = at + 1
    else if (started.some(execution => isOf(execution, step)))
      return [{kind: 'started in another order', about: `${(step.argv ?? []).join(' ')} — ${saw}`}]
  }
  return []
}

/** Whether a call is the one of a step: of its words those are compared that are known. */
function isOf({argv, path}: Execution, step: Step): boolean {
  const [name = '', ...words] = step.argv ?? []
  const isName = name.includes('/') ? path === name || argv[0] === name : path.endsWith(`/${name}`)
  return isName && words.slice(0, MOST_WORDS - 1).every((word, index) => argv[index + 1] === word)
}
