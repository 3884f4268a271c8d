import type {Step} from '../exec/index.ts'
import {platformsOf, type Rule, stepsOf, type Violation} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {missingLibraries} from './support/path-libraries.ts'

/** A library that a program needs is not found where its loader looks. */
export const missingLibrary: Rule = {
  id: 'missing-library',
  level: 'error',
  summary: 'A needed library is not found where the loader looks.',
  *check(facts) {
    for (const {step, at, level} of stepsOf(facts)) {
      const found = findIn(step)
      if (found) yield {...at, ...level, ...found}
    }
    for (const {platform, at} of platformsOf(facts)) {
      for (const told of missingLibraries(platform)) yield {...at, ...told}
    }
  },
}

function findIn(step: Step): Pick<Violation, 'path' | 'message' | 'evidence' | 'fix'> | undefined {
  const {obstacle} = step
  if (obstacle?.kind !== 'missing-library') return undefined
  const {library, neededBy, searched, rejected, exitCode, message, cause} = obstacle
  const seen = rejected.map(({path, reason}) => `; ${path} does not do: ${reason}`).join('')
  return {
    path: neededBy,
    message: `${neededBy} needs ${library}, which is not found where its loader looks${seen}${cause === undefined ? '' : `: ${cause}`}`,
    evidence: {
      ...stepEvidence(step),
      library,
      neededBy,
      searched,
      rejected: rejected.map(({path, reason}) => ({path, reason})),
      exitCode,
      prints: message,
    },
    fix: `Install the package that brings ${library}, or link ${neededBy} statically.`,
  }
}
