import type {Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {describeAbsentLibrary} from './support/absent-library.ts'
import {stepEvidence} from './support/chain.ts'
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
  const {which, evidence, ...rest} = describeAbsentLibrary(platform, obstacle)
  const path = obstacle.neededBy
  return {
    ...rest,
    path,
    message: `${path} needs ${obstacle.library}, ${which}`,
    evidence: {...stepEvidence(step), ...evidence},
  }
}
