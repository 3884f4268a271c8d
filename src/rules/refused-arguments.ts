import type {Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'

/**
 * A program that should start another one ends with an error before it does, for its command line is not one of its.
 */
export const refusedArguments: Rule = {
  id: 'refused-arguments',
  level: 'error',
  summary: 'A program that starts another one, such as tini or setpriv, rejects its own command line.',
  checkStep({step}) {
    const {obstacle} = step
    if (obstacle?.kind !== 'refused-arguments') return undefined
    const {reason, fix, isService} = obstacle
    const what = isService ? 'does not start one of its services' : 'ends with an error and starts nothing'
    return {
      message: `${step.path} ${what}: ${reason}`,
      evidence: {...stepEvidence(step), reason},
      fix: fix ?? `Correct the command line of ${step.path}, or the configuration that it reads.`,
    }
  },
}
