import type {Startup} from '../../../src/exec/index.ts'
import {readLabel} from '../../start-scripts/stand-in.ts'
import type {Execution, Trace} from '../../start-scripts/tracer.ts'
import type {Disagreement} from '../module.ts'

/** Holds what the model says of a configuration to what supervisord started. */
export function compareServices(
  startup: Startup,
  trace: Trace,
  labels: ReadonlyMap<string, string>,
): readonly Disagreement[] {
  const started = new Set(trace.executions.flatMap(execution => startedBy(execution)))
  const problems: Disagreement[] = []
  const refusal = startup.steps.find(({obstacle}) => obstacle?.kind === 'refused-arguments' && !obstacle.isService)
  const saw = `really: ${[...started].join('; ') || 'nothing'}; end: ${trace.outcome}; ${lastLine(trace.output)}`
  if (refusal && started.size > 0) problems.push({kind: 'a refused configuration starts something', about: saw})
  if (refusal && trace.outcome === '0')
    problems.push({kind: 'a refused configuration is taken', about: `${JSON.stringify(refusal.obstacle)}; ${saw}`})
  const isRefused = trace.outcome === '2' || trace.outcome === '1'
  const open = startup.unknowns.length > 0
  if (!refusal && isRefused && !open)
    problems.push({kind: 'a configuration is refused, and said to be taken', about: saw})
  const known = new Set<string>()
  const failing: string[] = []
  for (const step of startup.steps) {
    const label = labels.get(step.node?.path ?? '')
    if (step.role !== 'program' || step.service === undefined || label === undefined) continue
    const one = describe(label, step.argv ?? [])
    if (step.obstacle) failing.push(one)
    else known.add(one)
    const isSure = !step.obstacle && step.certainty === 'certain' && !step.maybe
    if (isSure && !started.has(one) && !isRefused) {
      problems.push({kind: 'what is said to start does not', about: `${one}; ${saw}`})
    }
  }
  for (const one of failing.filter(one => !known.has(one) && started.has(one))) {
    problems.push({kind: 'what is said to fail starts', about: `${one}; ${saw}`})
  }
  for (const one of started) {
    if (!known.has(one) && !open && !refusal)
      problems.push({kind: 'something starts that is not said', about: `${one}; ${saw}`})
  }
  return problems
}

/** A stand-in that was started, with its words and where. */
function startedBy({errno, lastBytes, argv}: Execution): readonly string[] {
  const label = errno === 0 ? readLabel(lastBytes) : undefined
  return label === undefined ? [] : [describe(label, argv)]
}

function describe(label: string, argv: readonly string[]): string {
  return `${label} ${JSON.stringify(argv.slice(1))}`
}

function lastLine(output: string): string {
  return output.trim().split('\n').slice(-2).join(' / ')
}
