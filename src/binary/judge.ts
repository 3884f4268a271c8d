import {defined} from '../lib/defined.ts'
import {
  type CompatRule,
  compatRules,
  formatPlatform,
  normalisePlatform,
  type Platform,
  type ProgramTarget,
  programTarget,
} from '../platform/index.ts'
import {describe} from './describe.ts'
import {findAbiRefusal} from './elf/abi.ts'
import {ELFCLASS, ET} from './elf/constants.ts'
import {decodeHeader} from './elf/header.ts'
import {findCrash, isLoadable} from './elf/load.ts'
import {findForeignOs} from './elf/os.ts'
import type {ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'
import {judgeWindows} from './judge-windows.ts'
import {unlikeName} from './unlike-name.ts'
import type {Verdict} from './verdict.ts'

/**
 * What the kernel of a platform would say if it were asked to start this file: fs/binfmt_script.c and fs/binfmt_elf.c
 * of Linux, up to the loader named by PT_INTERP, which is a file of its own (judgeLoader).
 */
export function judge(identity: Identity, platform: Platform): Verdict {
  const {os} = normalisePlatform(platform)
  if (os === 'windows') return judgeWindows(identity, platform)
  if (os !== 'linux')
    return {fit: 'undetermined', reason: `nothing is known of the programs of ${formatPlatform(platform)}`}
  if (identity.kind === 'script') return judgeScript(identity.shebang)
  if (identity.kind !== 'elf') return {fit: 'refused', errno: 'ENOEXEC', reason: describe(identity)}
  return judgeProgram(identity, judgeMachine(identity, platform))
}

/**
 * Whether an ELF file is of a platform's machine: `native`, `compat`, `foreign`, or `refused` where
 * the kernel takes it for none. For libraries and files that nobody starts, too: whether it is a
 * program, and of which system, is not asked.
 */
export function judgeMachine(elf: ElfIdentity, platform: Platform): Verdict {
  const target = programTarget(platform)
  if (!target) return {fit: 'undetermined', reason: `nothing is known of the programs of ${formatPlatform(platform)}`}
  // The kernel reads in its own byte order and layout, whatever EI_DATA and EI_CLASS say.
  const native = decodeHeader(elf.head, target.class, target.data)
  const own = [target.machine, ...target.alternates]
  if (isLoadable(native, elf.size, own) && (!target.checksClass || native.ident.class === ELFCLASS[target.class])) {
    const refusal = findAbiRefusal(native, target)
    return refusal ? {fit: 'refused', errno: 'ENOEXEC', reason: refusal} : {fit: 'native'}
  }
  const rule = compatRules(platform).find(candidate => ruleFits(candidate, elf))
  if (!rule) return explainRefusal(elf, target)
  const actual = rule.name ?? elf.machine
  return rule.level === 'error'
    ? {fit: 'foreign', expected: target.name, actual, reason: rule.reason}
    : {fit: 'compat', level: rule.startLevel ?? rule.level, actual, expected: target.name, reason: rule.reason}
}

/**
 * The machines that a loader may be of, once its program is started: those of the
 * kernel's own programs, or of a compat rule.
 */
export function startedMachines({header, head}: ElfIdentity, platform: Platform): readonly number[] {
  const target = programTarget(platform)
  const own = target ? [target.machine, ...target.alternates] : []
  if (target?.class === header.class && own.includes(header.machine)) return own
  const rule = compatRules(platform).find(
    ({class: elfClass, data, machines}) =>
      elfClass === header.class && machines.includes(decodeHeader(head, elfClass, data).machine),
  )
  return rule?.machines ?? [header.machine]
}

function judgeScript(shebang: Extract<Identity, {kind: 'script'}>['shebang']): Verdict {
  if (shebang.kind === 'refused') return {fit: 'refused', errno: shebang.errno, reason: shebang.reason}
  const {interpreter, argument} = shebang
  return {fit: 'script', interpreter, ...defined({argument})}
}

function ruleFits(rule: CompatRule, elf: ElfIdentity): boolean {
  const header = decodeHeader(elf.head, rule.class, rule.data)
  if (!isLoadable(header, elf.size, rule.machines)) return false
  if (!rule.flags) return true
  const flags = (header.flags & rule.flags.mask) >>> 0
  return rule.flags.is === undefined ? flags !== rule.flags.isNot : flags === rule.flags.is
}

/** Once the kernel takes the file: PT_INTERP, then what follows the point of no return. */
function judgeProgram(elf: ElfIdentity, machine: Verdict): Verdict {
  if (machine.fit !== 'native' && machine.fit !== 'compat') return machine
  const refused = elf.interpreter?.refused
  if (refused) return {fit: 'refused', errno: refused.errno, reason: refused.reason}
  const foreign = findForeignOs(elf)
  if (foreign) return {fit: 'wrong-os', os: foreign.os, reason: foreign.reason}
  const crash = findCrash(elf)
  return crash ? {fit: 'crashes', signal: crash.signal, reason: crash.reason} : machine
}

/** ENOEXEC either way: another machine is the reason that people look for; else what is wrong with the header. */
function explainRefusal(elf: ElfIdentity, target: ProgramTarget): Verdict {
  const {header} = elf
  const refuse = (reason: string): Verdict => ({fit: 'refused', errno: 'ENOEXEC', reason})
  if (header.type !== ET.ET_EXEC && header.type !== ET.ET_DYN) return refuse(describe(elf))
  const sameMachine =
    [target.machine, ...target.alternates].includes(header.machine) &&
    header.class === target.class &&
    header.data === target.data
  if (!sameMachine) return {fit: 'foreign', expected: target.name, actual: unlikeName(elf, target.name)}
  if (elf.malformed) return refuse(elf.malformed.reason)
  if (header.phnum === 0) return refuse('it has no program headers')
  return refuse(`EI_CLASS is ${header.ident.class}, which this platform's kernel refuses`)
}
