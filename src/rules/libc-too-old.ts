import type {Step} from '../exec/index.ts'
import {platformsOf, type Rule, stepsOf, type Violation} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {missingVersions} from './support/path-libraries.ts'

/**
 * A program needs symbols, or symbol versions, that the image's libraries do not define:
 * it was built against a newer C library.
 */
export const libcTooOld: Rule = {
  id: 'libc-too-old',
  level: 'error',
  summary: 'A program needs symbol versions that the image’s libraries do not define.',
  *check(facts) {
    for (const {step, at, level} of stepsOf(facts)) {
      const found = findIn(step)
      if (found) yield {...at, ...level, ...found}
    }
    for (const {platform, at} of platformsOf(facts)) {
      for (const told of missingVersions(platform)) yield {...at, ...told}
    }
  },
}

function findIn(step: Step): Pick<Violation, 'path' | 'message' | 'evidence' | 'fix'> | undefined {
  const {obstacle} = step
  if (obstacle?.kind === 'missing-version') {
    const {neededBy, versions, provider, library, exitCode, message} = obstacle
    return {
      path: neededBy,
      message: `${neededBy} needs ${versions.join(', ')} of ${library}, which ${provider} does not define`,
      evidence: {...stepEvidence(step), neededBy, library, versions, provider, exitCode, prints: message},
      fix: `Build ${neededBy} on the image's own base (or an older one), or base the image on the one that it was built on.`,
    }
  }
  if (obstacle?.kind === 'missing-symbols') {
    const {neededBy, symbols, exitCode, message, cause} = obstacle
    return {
      path: neededBy,
      message: `${neededBy} needs ${symbols.join(', ')}, which no library of the image defines${cause === undefined ? '' : `: ${cause}`}`,
      evidence: {...stepEvidence(step), neededBy, symbols, exitCode, prints: message},
    }
  }
  return undefined
}
