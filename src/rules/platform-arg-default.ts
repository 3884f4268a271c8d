import type {Rule} from './rule.ts'
import {dockerfileViolations} from './support/dockerfile-violations.ts'

/** `ARG TARGETARCH=amd64`: from there on every platform is built as amd64. */
export const platformArgDefault: Rule = {
  id: 'platform-arg-default',
  level: 'error',
  summary: 'A default of ARG takes the place of the platform that the builder sets.',
  check: facts => dockerfileViolations(facts, 'platform-arg-default', 'error'),
}
