import type {Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {describeAbsence} from './support/library-places.ts'
import {missingLibraries} from './support/path-libraries.ts'

/** A library that a program needs is not found where its loader looks. */
export const missingLibrary: Rule = {
  id: 'missing-library',
  level: 'error',
  summary: 'A needed library is not found where the loader looks.',
  checkStep: ({step, platform}) => findIn(step, platform),
  checkPlatform: ({platform}) => missingLibraries(platform),
}

function findIn(step: Step, platform: Pick<PlatformFacts, 'elsewhere'>): PlatformViolation | undefined {
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
