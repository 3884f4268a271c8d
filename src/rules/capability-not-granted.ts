import {findUngranted, parseFileCapability} from '../exec/file-capability.ts'
import type {Step} from '../exec/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * A program's file capabilities are more than an engine grants by default: without
 * `--cap-add` the kernel refuses to start it.
 */
export const capabilityNotGranted: Rule = {
  id: 'capability-not-granted',
  level: 'warning',
  summary: 'A program carries a file capability that engines do not grant by default.',
  checkStep({step}) {
    const ungranted = ungrantedOf(step)
    if (ungranted.length === 0) return undefined
    const names = ungranted.join(', ')
    return {
      message: `${whereOf(step)} carries the file ${ungranted.length === 1 ? 'capability' : 'capabilities'} ${names}, which engines do not grant by default: execve then fails with EPERM, for root too`,
      evidence: {
        ...stepEvidence(step),
        capabilities: ungranted,
        errno: 'EPERM',
        attribute: step.node?.capability ?? '',
      },
      fix: `Remove it (setcap -r ${step.node?.path ?? step.path}) or set it without the effective flag (+p instead of +ep); or say that the container needs ${ungranted.map(name => `--cap-add ${name.slice('CAP_'.length)}`).join(' ')}.`,
    }
  },
}

/**
 * Of a script the kernel looks at its interpreter's capabilities
 * (bprm_creds_from_file), and of a program's loader at none.
 */
function ungrantedOf({role, identity, verdict, node}: Step): readonly string[] {
  if (role !== 'program' && role !== 'interpreter') return []
  const isStarted = identity?.kind === 'elf' && (verdict?.fit === 'native' || verdict?.fit === 'compat')
  const capability = isStarted && node?.capability !== undefined ? parseFileCapability(node.capability) : undefined
  return capability === undefined ? [] : findUngranted(capability)
}
