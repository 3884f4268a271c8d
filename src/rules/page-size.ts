import {findPageSizeProblem} from '../binary/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * The segments of a program, or of a library that it loads, are aligned below the page size that kernels of the
 * platform use: there the program is killed when it starts, or its loader refuses the library.
 */
export const pageSize: Rule = {
  id: 'page-size',
  level: 'warning',
  summary:
    'The segments of a program or of its library are aligned below the page size that kernels of the platform use.',
  checkStep({step, platform, name}) {
    if (step.identity?.kind !== 'elf' || step.verdict?.fit !== 'native') return undefined
    const problem = findPageSizeProblem(step.identity, platform.entry.platform)
    if (problem === undefined) return undefined
    const {page, align, offset} = problem
    const cannot = step.role === 'library' ? 'be loaded' : 'start'
    return {
      message: `${whereOf(step)} is aligned to ${align} bytes, and cannot ${cannot} on ${name} kernels with pages of ${page / 1024} KiB`,
      evidence: {...stepEvidence(step), page, align: Number(align), offset},
      fix: `Link with -z max-page-size=${page}.`,
    }
  },
}
