import type {Rule} from './rule.ts'
import {dockerfileViolations} from './support/dockerfile-violations.ts'

/**
 * A base image that is not there for a platform which is built. That a base could not be
 * asked is told as a note: nobody knows.
 */
export const basePlatformMissing: Rule = {
  id: 'base-platform-missing',
  level: 'error',
  summary: 'A Dockerfile’s base is not there for a platform that is built.',
  *check(facts) {
    yield* dockerfileViolations(facts, 'base-platform-missing', 'error')
    for (const {file, lint} of facts.dockerfiles ?? []) {
      for (const {reference, reason, line, endLine} of lint?.unasked ?? []) {
        const message = `could not ask for the platforms of ${reference}: ${reason}`
        yield {file, line, endLine, level: 'note', message, evidence: {base: reference, reason}}
      }
    }
  },
}
