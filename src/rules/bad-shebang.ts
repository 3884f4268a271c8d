import type {Step} from '../exec/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/** A script's first line is not what its author thinks: CRLF, a byte order mark, too long, nested too deep. */
export const badShebang: Rule = {
  id: 'bad-shebang',
  level: 'error',
  summary: 'The kernel does not accept the first line of a script: CRLF, BOM, too long, nested too deep.',
  checkStep({step}) {
    const found = problemOf(step)
    if (found === undefined) return undefined
    const {reason, problem, errno} = found
    const line = step.identity?.kind === 'script' ? step.identity.line : null
    return {
      message: `${whereOf(step)} has a #! line that does not work: ${reason}`,
      evidence: {...stepEvidence(step), problem, errno, line},
      fix: fixOf(step.path, problem),
    }
  },
}

function fixOf(path: string, problem: string): string {
  if (problem.startsWith('carriage-return')) {
    return `Store ${path} with LF line ends (.gitattributes: *.sh text eol=lf), or convert it before COPY.`
  }
  if (problem === 'hidden') return `Remove everything before #! in ${path}: a byte order mark, blanks or a line.`
  if (problem === 'nested-too-deep') return `Name a program, not another script, in the first line of ${path}.`
  return `Begin ${path} with #! and the absolute path of its interpreter, in at most 255 bytes: #!/bin/sh.`
}

function problemOf({obstacle, identity, verdict, role}: Step) {
  if (obstacle?.kind === 'bad-shebang') {
    return {reason: obstacle.reason, problem: obstacle.problem, errno: obstacle.errno ?? null}
  }
  // A script in a loader's place is not a program, whatever its first line says.
  if (identity?.kind === 'script' && verdict?.fit === 'refused' && role !== 'loader') {
    return {reason: verdict.reason, problem: 'malformed', errno: verdict.errno}
  }
  return undefined
}
