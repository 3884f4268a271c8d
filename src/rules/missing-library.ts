import type {Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import {platformsOf, type Rule, stepsOf, type Violation} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {describeAbsence} from './support/library-places.ts'
import {missingLibraries} from './support/path-libraries.ts'

/** A library that a program needs is not found where its loader looks. */
export const missingLibrary: Rule = {
  id: 'missing-library',
  level: 'error',
  summary: 'A needed library is not found where the loader looks.',
  *check(facts) {
    for (const {step, platform, at, level} of stepsOf(facts)) {
      const found = findIn(step, platform)
      if (found) yield {...at, ...level, ...found}
    }
    for (const {platform, at} of platformsOf(facts)) {
      for (const told of missingLibraries(platform)) yield {...at, ...told}
    }
  },
}

function findIn(
  step: Step,
  platform: Pick<PlatformFacts, 'elsewhere'>,
): Pick<Violation, 'level' | 'path' | 'message' | 'evidence' | 'fix'> | undefined {
  const {obstacle} = step
  if (obstacle?.kind !== 'missing-library') return undefined
  const {library, neededBy, searched, rejected, exitCode, message, cause, injected} = obstacle
  if (injected !== undefined) {
    return {
      level: 'note',
      path: neededBy,
      message: `${neededBy} needs ${library}, which is not in the image: ${injected}`,
      evidence: {...stepEvidence(step), library, neededBy, injected},
    }
  }
  const seen = rejected.map(({path, reason}) => `; ${path} was refused: ${reason}`).join('')
  const absence = describeAbsence(platform, library, neededBy, obstacle)
  return {
    path: neededBy,
    message: `${neededBy} needs ${library}, which ${absence.reason}${seen}${cause === undefined ? '' : `: ${cause}`}`,
    evidence: {
      ...stepEvidence(step),
      library,
      neededBy,
      searched,
      rejected: rejected.map(({path, reason}) => ({path, reason})),
      exitCode,
      prints: message,
      ...absence.evidence,
    },
    fix: absence.fix,
  }
}
