import {findPageSizeProblem} from '../binary/index.ts'
import {type Rule, stepsOf} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * A program's segments are aligned below the page size that kernels of the platform
 * use: there it is killed when it starts.
 */
export const pageSize: Rule = {
  id: 'page-size',
  level: 'warning',
  summary: 'A program’s segments are aligned below the page size that kernels of the platform use.',
  *check(facts) {
    for (const {step, platform, at} of stepsOf(facts)) {
      if (step.identity?.kind !== 'elf' || step.verdict?.fit !== 'native') continue
      const problem = findPageSizeProblem(step.identity, platform.entry.platform)
      if (problem === undefined) continue
      const {page, align, offset} = problem
      yield {
        ...at,
        path: step.path,
        message: `${whereOf(step)} is aligned to ${align} bytes, and cannot start on ${at.platform} kernels with pages of ${page / 1024} KiB`,
        evidence: {...stepEvidence(step), page, align: Number(align), offset},
        fix: `Link with -z max-page-size=${page}.`,
      }
    }
  },
}
