import type {Rule} from './rule.ts'
import {dockerfileViolations} from './support/dockerfile-violations.ts'

/** A base that is pinned by the digest of one platform’s manifest: the builder takes it for every platform. */
export const baseSinglePlatform: Rule = {
  id: 'base-single-platform',
  level: 'error',
  summary: 'A Dockerfile’s base is pinned to one platform’s manifest.',
  check: facts => dockerfileViolations(facts, 'base-single-platform', 'error'),
}
