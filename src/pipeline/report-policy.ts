import type {Facts, ImageFacts} from '../facts/facts.ts'
import {isRequested} from '../platform/index.ts'
import type {Policy} from '../policy/policy.ts'
import type {ReportPolicy} from '../report/report.ts'
import type {Finding} from '../rules/finding.ts'
import {countCovered, imagesOf, type Suppression} from '../rules/suppression.ts'
import {describedSuppression} from './configuration.ts'

/** What was found, with what a suppression keeps from counting. */
export interface Counted {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Finding[]
}

/**
 * The policy file as the report has it. Of suppressions that are about nothing that was checked nothing is said: the
 * file is one for many images, and each run sees some of them.
 */
export function reportPolicyOf({file, digest, suppressions}: Policy, facts: Facts, counted: Counted): ReportPolicy {
  return {
    file,
    digest,
    suppressions: suppressions.flatMap(suppression => {
      const {place, isExpired} = suppression
      const count = isExpired
        ? countCovered(suppression, counted.findings)
        : counted.suppressed.filter(({suppressed = []}) => suppressed.some(by => by.place === place)).length
      if (count === 0 && !isSeen(suppression, facts)) return []
      const state = isExpired ? 'expired' : count > 0 ? 'used' : 'unused'
      return [{...describedSuppression(suppression), place, state, count}]
    }),
  }
}

/** Whether all that a suppression could cover was looked at in one of the images, or in Dockerfiles. */
function isSeen(suppression: Suppression, {images, dockerfiles = []}: Facts): boolean {
  const isOfImage = imagesOf(suppression)
  const isChecked = ({reference, required, unreadable}: ImageFacts): boolean =>
    isOfImage(reference) && unreadable.length === 0 && isOneOf(suppression, required)
  return images.some(isChecked) || (suppression.image === undefined && dockerfiles.length > 0)
}

/** Where no platform is required all of the index are checked: a suppression for another has no use. */
function isOneOf({platform}: Suppression, required: ImageFacts['required']): boolean {
  return platform === undefined || required === undefined || required.some(one => isRequested(platform, one))
}
