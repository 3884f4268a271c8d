import type {Rule} from './rule.ts'
import {dockerfileViolations} from './support/dockerfile-violations.ts'

/** `FROM --platform=$BUILDPLATFORM` in the stage that becomes the image. */
export const buildPlatformInFinalStage: Rule = {
  id: 'build-platform-in-final-stage',
  level: 'error',
  summary: 'The final stage stands on the platform of the machine that builds.',
  check: facts => dockerfileViolations(facts, 'build-platform-in-final-stage', 'error'),
}
