import {run} from '../../e2e/ground/run.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {type Trace, type TraceJob, traceAll} from '../start-scripts/tracer.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import type {InitAttempt} from './module.ts'

/** How the cases of a module are run and asked of. */
export interface CaseRunner<T> {
  /** The run of a case: `id` is its own, `folder` is where its root goes. */
  readonly makeJob: (tried: T, id: string, folder: string) => Promise<TraceJob>
  /** What was tried, for whoever has to make it again. */
  readonly describe: (tried: T) => string
  /** Asks the model once all runs are over. */
  readonly judge: (tried: T, trace: Trace) => Promise<InitAttempt>
  /** Each run is ended after so many. */
  readonly seconds: number
  /** Runs at once; as many as a small machine has processors where it is left out. */
  readonly atOnce?: number
}

/** Runs all cases for real, then asks the model of each; a model that throws is a disagreement. */
export async function traceCases<T>(
  cases: readonly T[],
  {makeJob, describe, judge, seconds, atOnce}: CaseRunner<T>,
): Promise<readonly InitAttempt[]> {
  const traceIn = async (folder: string): Promise<readonly InitAttempt[]> => {
    await run('chmod', ['755', folder])
    const jobs = await Promise.all(cases.map((tried, index) => makeJob(tried, String(index), folder)))
    const traces = await traceAll(jobs, seconds, atOnce)
    const attempts: InitAttempt[] = []
    for (const [index, tried] of cases.entries()) {
      const trace = traces.get(String(index))
      if (!trace) throw new Error(`case ${index} was not run`)
      attempts.push(await judge(tried, trace).catch(error => thrown(describe(tried), error)))
    }
    return attempts
  }
  return withTemporaryFolder('test-inits', traceIn, await fastDirectory())
}

function thrown(what: string, error: unknown): InitAttempt {
  const about = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {what, isDetermined: false, disagreements: [{kind: 'the model threw', about}]}
}
