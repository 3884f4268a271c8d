import {describe} from '../binary/index.ts'
import type {Step} from '../exec/index.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'
import {octal} from './support/mode.ts'
import {notPrograms} from './support/path-programs.ts'
import {graver, standingLevel} from './support/standing.ts'
import {usualCause} from './support/usual-cause.ts'

/**
 * The kernel would refuse the file, or kill it at once, for what it is: Mach-O, PE, an archive, an object file, an
 * empty file. Of what starts, and, where the whole image was scanned, of every file with an execute bit in PATH.
 */
export const notAProgram: Rule = {
  id: 'not-a-program',
  level: 'error',
  summary: 'The file to start is not a program: the kernel refuses it.',
  checkStep({step, platform, name, level = 'error'}) {
    const outcome = outcomeOf(step)
    if (outcome === undefined || step.identity === undefined) return undefined
    const usual = usualCause(step.identity)
    return {
      level: graver(standingLevel(platform, step), level),
      message: `${whereOf(step)} is not a program for ${name}: ${describe(step.identity)}${usual ? ` (${usual.cause})` : ''}${outcome.told}`,
      evidence: {...stepEvidence(step), ...outcome.evidence},
      fix:
        usual?.fix ??
        `Copy a program that was built for ${name} to ${step.path}: the file is damaged, or of another format.`,
    }
  },
  checkPlatform: notPrograms,
}

function outcomeOf({verdict, identity, role, obstacle, node}: Step) {
  if (identity === undefined || (identity.kind === 'script' && role !== 'loader')) return undefined
  const first =
    obstacle?.kind === 'not-executable' && node ? `; its mode is ${octal(node.mode)}, and with execute permission` : ';'
  if (verdict?.fit === 'refused') {
    return {
      // Of what is not an ELF file, the reason is just what it is.
      told: `${first} execve fails with ${verdict.errno}${identity.kind === 'elf' ? `: ${verdict.reason}` : ''}`,
      evidence: {errno: verdict.errno, reason: verdict.reason},
    }
  }
  if (verdict?.fit === 'crashes') {
    return {
      told: `${first} it dies with ${verdict.signal}: ${verdict.reason}`,
      evidence: {signal: verdict.signal, reason: verdict.reason},
    }
  }
  return undefined
}
