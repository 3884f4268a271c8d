import {boundOf, fixedBound, tellLimitAndHint} from '../../lib/over-limit.ts'
import type {Start} from './start.ts'
import type {Walk} from './walk.ts'

/** What is said where more hands over, or is looked at, than is followed. */
export function passedLimit({steps, files, limits}: Walk, {depth}: Start): string | undefined {
  const [deepest, most] = [fixedBound('start-depth'), boundOf(limits, 'start-files')]
  if (depth > deepest.most)
    return tellLimitAndHint(deepest, most => `more than ${most} programs hand over to each other`)
  const mostSteps = fixedBound('start-steps')
  if (steps.length > mostSteps.most)
    return tellLimitAndHint(mostSteps, text => `more than ${text} programs are started`)
  if (files.size <= most.most) return undefined
  return tellLimitAndHint(most, text => `more than ${text} files belong to the start`)
}
