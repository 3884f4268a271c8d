import type {Startup, Step} from '../../../src/exec/index.ts'
import {readLabel} from '../../start-scripts/stand-in.ts'
import type {Trace} from '../../start-scripts/tracer.ts'
import type {Disagreement} from '../module.ts'

/*
 * What the model says of a supervisor is held against all calls of execve(2) that a real run made in two seconds. Each
 * stand-in has a label of its own, so that it tells which service it is of.
 *
 *   certain, nothing wrong   the stand-in was started, with these words
 *   likely, nothing wrong    nothing
 *   an obstacle              that file was not started
 *   certain, an obstacle     that it cannot be started shows in an execve that failed, or in none of its name
 *   whatever was started     the model names it, with these words, unless it does not follow to the end
 */

/** What a supervisor, or s6-overlay, executes itself. */
const STARTED = /(^|\/)run$|\/cont-init\.d\//

interface Started {
  readonly label: string
  readonly words: string
}

/** Holds the model to a run. */
export function compareSupervision(
  startup: Startup,
  trace: Trace,
  labels: ReadonlyMap<string, string>,
): readonly Disagreement[] {
  const really = trace.executions.flatMap(({errno, lastBytes, argv}): Started[] => {
    const label = errno === 0 ? readLabel(lastBytes) : undefined
    return label === undefined ? [] : [{label, words: argv.slice(1).join(' ')}]
  })
  const programs = startup.steps.filter(({role, node}) => role === 'program' && node !== undefined)
  const labelOf = ({node}: Step) => labels.get(node?.path ?? '')
  const problems: Disagreement[] = []
  const saw = `started: ${[...new Set(really.map(tell))].join(', ') || 'nothing'}; end: ${trace.outcome}`
  const said = programs.flatMap((step): (Started & {readonly step: Step})[] => {
    const label = labelOf(step)
    return label === undefined ? [] : [{label, words: (step.argv ?? []).slice(1).join(' '), step}]
  })
  for (const one of said) {
    const {step, label} = one
    const ran = really.some(other => tell(other) === tell(one))
    if (step.obstacle !== undefined && really.some(other => other.label === label)) {
      problems.push({kind: 'it starts, and is said to fail', about: `${tell(one)}: ${step.obstacle.kind}; ${saw}`})
    }
    const isSure = step.obstacle === undefined && step.certainty === 'certain' && step.maybe === undefined
    if (isSure && !ran && !isBehindEnd(step, startup)) {
      problems.push({kind: 'it does not start, and is said to', about: `${tell(one)}; ${saw}`})
    }
  }
  if (startup.unknowns.length === 0) {
    for (const one of really) {
      if (!said.some(other => isSaid(one, other))) {
        problems.push({kind: 'it starts, and nothing is said of it', about: `${tell(one)}; ${saw}`})
      }
    }
    // A file that cannot be started is asked for, and refused, at each start.
    const refused = trace.executions.filter(({errno, path}) => errno !== 0 && STARTED.test(path))
    const wrong = startup.steps.filter(
      ({obstacle, path, role}) => obstacle !== undefined && (STARTED.test(path) || role === 'interpreter'),
    )
    if (refused.length > 0 && wrong.length === 0) {
      problems.push({kind: 'it fails, and nothing is said of it', about: `${refused[0]?.cwd} run; ${saw}`})
    }
    if (wrong.some(({certainty}) => certainty === 'certain') && refused.length === 0) {
      problems.push({kind: 'it does not fail, and is said to', about: `${wrong[0]?.service?.name} run; ${saw}`})
    }
  }
  return unique(problems)
}

/** Whether something before it fails that is no service: the container ends there. */
function isBehindEnd(step: Step, {steps}: Startup): boolean {
  const before = steps.slice(0, steps.indexOf(step))
  return before.some(
    ({obstacle, certainty, service}) => obstacle !== undefined && certainty === 'certain' && service === undefined,
  )
}

/** How a service has ended, which its `finish` is given, only the run knows. */
function isSaid(one: Started, said: Started & {readonly step: Step}): boolean {
  const isOpen = said.step.certainty === 'likely' && said.label === one.label
  return isOpen || tell(said) === tell(one)
}

function tell({label, words}: Started): string {
  return words === '' ? label : `${label} [${words}]`
}

function unique(problems: readonly Disagreement[]): readonly Disagreement[] {
  return [...new Map(problems.map(problem => [`${problem.kind} ${problem.about}`, problem])).values()]
}
