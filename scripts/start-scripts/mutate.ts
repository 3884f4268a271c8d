import type {Startup, Step} from '../../src/exec/index.ts'
import {groupStarts, isTryOf, isWrong, standInFailed} from './compare.ts'
import type {Trace} from './tracer.ts'

/** A wrong answer made of a right one. */
export interface Mutant {
  readonly name: string
  readonly startup: Startup
}

/** How a container ends where a program could not be started. */
const STARTING = ['126', '127']
const MISSING = {kind: 'missing', errno: 'ENOENT', at: '/nowhere'} as const

/**
 * Wrong answers, each about a program that really started, or that really could not: `compare` has to find every one.
 */
export function* mutantsOf(startup: Startup, trace: Trace): Generator<Mutant> {
  if (trace.outcome === 'timeout') return
  const {steps} = startup
  const withStep = (old: Step, step: Step) => ({...startup, steps: steps.map(other => (other === old ? step : other))})
  let failedBefore = false
  for (const {step, wrong} of groupStarts(steps)) {
    const tries = trace.executions.filter(execution => isTryOf(execution, step))
    if (wrong === undefined && tries.some(({errno}) => errno === 0)) {
      yield {name: 'an obstacle too many', startup: withStep(step, {...step, obstacle: MISSING})}
      if (
        step.certainty === 'certain' &&
        !failedBefore &&
        !standInFailed(trace) &&
        step.node?.path !== '/bin/busybox'
      ) {
        yield {name: 'another path', startup: withStep(step, {...step, path: '/nowhere/else'})}
        yield {name: 'another word', startup: withStep(step, {...step, argv: [...(step.argv ?? []), 'surplus']})}
      }
    }
    const isOnlyDoubt = startup.unknowns.length === 0 && steps.filter(isWrong).length === 1 && isWrong(step)
    if (isOnlyDoubt && STARTING.includes(trace.outcome)) {
      const {obstacle: _, verdict: __, ...free} = step
      yield {name: 'an obstacle too few', startup: withStep(step, free)}
    }
    if (wrong !== undefined && step.certainty === 'certain') failedBefore = true
  }
}
