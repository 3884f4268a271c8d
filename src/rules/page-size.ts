import {findPageSizeProblem} from '../binary/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * A program's segments are aligned below the page size that kernels of the platform
 * use: there it is killed when it starts.
 */
export const pageSize: Rule = {
  id: 'page-size',
  level: 'warning',
  summary: 'A program’s segments are aligned below the page size that kernels of the platform use.',
  checkStep({step, platform, name}) {
    if (step.identity?.kind !== 'elf' || step.verdict?.fit !== 'native') return undefined
    const problem = findPageSizeProblem(step.identity, platform.entry.platform)
    if (problem === undefined) return undefined
    const {page, align, offset} = problem
    return {
      message: `${whereOf(step)} is aligned to ${align} bytes, and cannot start on ${name} kernels with pages of ${page / 1024} KiB`,
      evidence: {...stepEvidence(step), page, align: Number(align), offset},
      fix: `Link with -z max-page-size=${page}.`,
    }
  },
}
