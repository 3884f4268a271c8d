import {run} from '../../e2e/ground/run.ts'
import {defined} from '../../src/lib/defined.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {type Trace, type TraceJob, traceAll} from '../start-scripts/tracer.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {type Answer, askModel, type Model} from './model.ts'
import type {Disagreement, InitAttempt} from './module.ts'
import {imprintOf, MUTANTS} from './mutants.ts'

/** How the model is asked of a case, and held to what was seen of it. */
export interface CaseJudge<T, Seen> {
  /** What was tried, for whoever has to make it again. */
  readonly describe: (tried: T) => string
  /** Asks a model of a case. */
  readonly ask: (tried: T, model: Model) => Promise<Answer>
  /** Holds an answer to the run. */
  readonly compare: (tried: T, answer: Answer, seen: Seen) => readonly Disagreement[]
  /** More of a case with a disagreement, line by line. */
  readonly tell: (tried: T, answer: Answer, seen: Seen) => readonly string[]
  /** The comparison sees what is started before what. */
  readonly seesOrder?: boolean
  /** It sees nothing of processes: as whom they run, where, with which variables. */
  readonly seesNoProcesses?: true
}

/** How the cases of a module are run and asked of. */
export interface CaseRunner<T> extends CaseJudge<T, Trace> {
  /** The run of a case: `id` is its own, `folder` is where its root goes. */
  readonly makeJob: (tried: T, id: string, folder: string) => Promise<TraceJob>
  /** Each run is ended after so many. */
  readonly seconds: number
  /** Runs at once; as many as a small machine has processors where it is left out. */
  readonly atOnce?: number
}

/** What still works after its seconds has so many times as many, and is then not held to the model. */
const LONGER = 6

/** Runs all cases for real, then asks the model of each; a model that throws is a disagreement. */
export async function traceCases<T>(cases: readonly T[], runner: CaseRunner<T>): Promise<readonly InitAttempt[]> {
  const traceIn = async (folder: string): Promise<readonly InitAttempt[]> => {
    await run('chmod', ['755', folder])
    const jobs = await Promise.all(cases.map((tried, index) => runner.makeJob(tried, String(index), folder)))
    const traces = await traceAll(jobs, runner.seconds, {
      longest: runner.seconds * LONGER,
      ...defined({tracers: runner.atOnce}),
    })
    const attempts: InitAttempt[] = []
    for (const [index, tried] of cases.entries()) {
      const trace = traces.get(String(index))
      if (!trace) throw new Error(`case ${index} was not run`)
      const attempt = await judgeCase(runner, tried, trace)
      const isHindered = trace.outcome === 'busy' && attempt.disagreements.length > 0
      attempts.push(isHindered ? {...attempt, isHindered} : attempt)
    }
    return attempts
  }
  return withTemporaryFolder('test-inits', traceIn, await fastDirectory())
}

/** Holds the model, and its mutants, to what was seen of a case. */
export function judgeCase<T, Seen>(judge: CaseJudge<T, Seen>, tried: T, seen: Seen): Promise<InitAttempt> {
  return compareAll(judge, tried, seen).catch(error => thrown(judge.describe(tried), error))
}

async function compareAll<T, Seen>(runner: CaseJudge<T, Seen>, tried: T, trace: Seen): Promise<InitAttempt> {
  const asked: Promise<Answer>[] = []
  const answer = await runner.ask(tried, input => {
    const own = askModel(input)
    asked.push(own)
    return own
  })
  const disagreements = runner.compare(tried, answer, trace)
  const mutants = new Map<string, boolean>()
  for (const {name, ask, change, isOfOrder, isOfProcess} of MUTANTS) {
    if ((isOfOrder && !runner.seesOrder) || (isOfProcess && runner.seesNoProcesses)) continue
    // A case asks the same each time: what was said is not asked for again.
    let at = 0
    const repeat: Model = async input => {
      const own = await (ask?.(input) ?? asked[at++] ?? askModel(input))
      return change?.(own) ?? own
    }
    const other = await runner.ask(tried, repeat)
    if (imprintOf(other) !== imprintOf(answer)) mutants.set(name, runner.compare(tried, other, trace).length > 0)
  }
  const what = runner.describe(tried)
  return {
    what: disagreements.length > 0 ? [what, ...runner.tell(tried, answer, trace)].join('\n') : what,
    isDetermined: answer.startup.unknowns.length === 0,
    disagreements,
    mutants,
  }
}

/** What the model says and what happened, line by line, for whoever looks for the reason of a disagreement. */
export function tellAnswer({startup: {steps, unknowns}}: Answer, {executions, output}: Trace): readonly string[] {
  return [
    ...steps.map(({certainty, via, argv, path, service, obstacle, maybe}) =>
      [
        `  said ${certainty} ${JSON.stringify(argv ?? path)} (${via})`,
        ...(service ? [`of ${service.name}`] : []),
        ...(obstacle ? [JSON.stringify(obstacle)] : []),
        ...(maybe ? ['maybe'] : []),
      ].join(' '),
    ),
    ...unknowns.map(({reason}) => `  said ${reason}`),
    ...executions.map(({argv, path, cwd, errno}) => `  real ${errno} ${cwd} ${path} ${JSON.stringify(argv)}`),
    `  printed ${output.split('\n').slice(0, 8).join(' | ')}`,
  ]
}

function thrown(what: string, error: unknown): InitAttempt {
  const about = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {what, isDetermined: false, disagreements: [{kind: 'the model threw', about}]}
}
