import type {LoaderObstacle} from '../../exec/index.ts'
import type {PlatformFacts} from '../../facts/facts.ts'
import type {Evidence} from '../finding.ts'
import {describeAbsence} from './library-places.ts'

/** What a finding says of a library that is missing, behind who needs it. */
export interface AbsentLibrary {
  /** A note where a runtime brings the library; the rule's own level otherwise. */
  readonly level?: 'note'
  /** What follows the library's name: `which is not in the image`, and what the loader refused. */
  readonly which: string
  readonly evidence: Evidence
  readonly fix?: string
}

/** Says of a library that a loader did not find: where else it is, what the loader refused, and what mends it. */
export function describeAbsentLibrary(
  platform: Pick<PlatformFacts, 'elsewhere'>,
  obstacle: Extract<LoaderObstacle, {kind: 'missing-library'}>,
  /** Of several programs it is said what mends all of them. */
  isOfOne = true,
): AbsentLibrary {
  const {library, neededBy, searched, rejected, exitCode, message, cause, injected} = obstacle
  if (injected !== undefined) {
    return {
      level: 'note',
      which: `which is not in the image: ${injected}`,
      evidence: {library, neededBy, injected},
    }
  }
  const refused = rejected.map(({path, reason}) => `; ${path} was refused: ${reason}`).join('')
  const absence = describeAbsence(platform, library, isOfOne ? neededBy : undefined, obstacle)
  return {
    which: `which ${absence.reason}${refused}${cause === undefined ? '' : `: ${cause}`}`,
    evidence: {
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
