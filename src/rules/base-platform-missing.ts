import {type BaseAnswer, namedBases} from '../dockerfile/index.ts'
import type {DockerfileFacts, Facts} from '../facts/facts.ts'
import type {Rule, Violation} from './rule.ts'
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
    for (const dockerfile of facts.dockerfiles ?? []) yield* unasked(dockerfile, facts)
  },
}

function* unasked({file, parsed, bases}: DockerfileFacts, {requested}: Facts): Generator<Violation> {
  if (!parsed.ok) return
  for (const {reference, isKnown, line, endLine} of namedBases(parsed.value, requested)) {
    const reason = isKnown ? reasonOf(bases.get(reference)) : 'what it stands for is given to the build'
    if (reason === undefined) continue
    yield {
      file,
      line,
      endLine,
      level: 'note',
      message: `could not ask for the platforms of ${reference}: ${reason}`,
      evidence: {base: reference, reason},
    }
  }
}

function reasonOf(answer: BaseAnswer | undefined): string | undefined {
  return answer?.kind === 'unknown' ? answer.reason : undefined
}
