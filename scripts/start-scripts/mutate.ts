import type {Startup, Step} from '../../src/exec/index.ts'
import {
  BUSYBOX,
  groupStarts,
  hasDoubt,
  type ImageFacts,
  isFailureExcused,
  isMissingConditional,
  isWrong,
  NOT_STARTED,
  ownTries,
  triesOf,
} from './compare.ts'
import type {Trace} from './tracer.ts'

/** A wrong answer made of a right one. */
export interface Mutant {
  readonly name: string
  readonly startup: Startup
}

const MISSING = {kind: 'missing', errno: 'ENOENT', at: '/nowhere'} as const

/**
 * Wrong answers, each about a program that really started, or that really could not: `compare` has to find every one.
 */
export function* mutantsOf(startup: Startup, trace: Trace, image: ImageFacts): Generator<Mutant> {
  if (trace.outcome === 'timeout') return
  const {steps} = startup
  const withStep = (old: Step, step: Step) => ({...startup, steps: steps.map(other => (other === old ? step : other))})
  for (const {step, wrong, parts} of groupStarts(steps)) {
    if (parts.some(({maybe}) => maybe !== undefined)) continue
    const tries = triesOf(step, startup, trace)
    if (wrong === undefined && ownTries(step, tries, startup).some(({errno}) => errno === 0)) {
      yield {name: 'an obstacle too many', startup: withStep(step, {...step, obstacle: MISSING})}
      if (step.certainty === 'certain' && !isFailureExcused(startup, trace, image) && step.node?.path !== BUSYBOX) {
        yield {name: 'another path', startup: withStep(step, {...step, path: '/nowhere/else'})}
        yield {name: 'another word', startup: withStep(step, {...step, argv: [...(step.argv ?? []), 'surplus']})}
      }
    }
    const isOnlyDoubt =
      !hasDoubt(startup) &&
      !image.hasUnset &&
      !isMissingConditional(trace, image) &&
      steps.filter(isWrong).length === 1 &&
      isWrong(step)
    if (isOnlyDoubt && NOT_STARTED.includes(trace.outcome)) {
      const {obstacle: _, verdict: __, ...free} = step
      yield {name: 'an obstacle too few', startup: withStep(step, free)}
    }
  }
}
