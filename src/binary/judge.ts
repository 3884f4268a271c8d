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
import {ELFCLASS, ET, PHDR_SIZE, PHDR_TABLE_LIMIT} from './elf/constants.ts'
import {decodeHeader} from './elf/header.ts'
import {findCrash} from './elf/load.ts'
import {findForeignOs} from './elf/os.ts'
import type {ElfHeader, ElfIdentity} from './elf/types.ts'
import type {Identity} from './identity.ts'
import {judgeWindows} from './judge-windows.ts'
import type {Verdict} from './verdict.ts'

/**
 * What the kernel of a platform would say if it were asked to start this file: fs/binfmt_script.c and fs/binfmt_elf.c of Linux,
 * up to the loader named by PT_INTERP, which is a file of its own (judgeLoader).
 */
export function judge(identity: Identity, platform: Platform): Verdict {
  const {os} = normalisePlatform(platform)
  if (os === 'windows') return judgeWindows(identity, platform)
  if (os !== 'linux')
    return {fit: 'undetermined', reason: `nothing is known of the programs of ${formatPlatform(platform)}`}
  if (identity.kind === 'script') return judgeScript(identity.shebang)
  if (identity.kind !== 'elf') return {fit: 'refused', errno: 'ENOEXEC', reason: describe(identity)}
  const target = programTarget(platform)
  if (!target) return {fit: 'undetermined', reason: `nothing is known of the programs of ${formatPlatform(platform)}`}
  return judgeElf(identity, target, compatRules(platform))
}

/** What the kernel of a platform says of the file that PT_INTERP names, once it is opened. Always ELF: a script is no loader. */
export function judgeLoader(identity: Identity, platform: Platform): Verdict {
  const target = programTarget(platform)
  if (!target) return {fit: 'undetermined', reason: `nothing is known of the programs of ${formatPlatform(platform)}`}
  // elf_read of interp_elf_ex: a file shorter than an ELF header.
  if (identity.kind === 'empty') return {fit: 'refused', errno: 'EIO', reason: 'the loader is an empty file'}
  if (identity.kind !== 'elf')
    return {fit: 'refused', errno: 'ELIBBAD', reason: `the loader is no ELF file: ${describe(identity)}`}
  const verdict = judgeElf(identity, target, compatRules(platform))
  return verdict.fit === 'refused' ? {...verdict, errno: 'ELIBBAD'} : verdict
}

function judgeScript(shebang: Extract<Identity, {kind: 'script'}>['shebang']): Verdict {
  if (shebang.kind === 'refused') return {fit: 'refused', errno: shebang.errno, reason: shebang.reason}
  const {interpreter, argument} = shebang
  return {fit: 'script', interpreter, ...(argument === undefined ? {} : {argument})}
}

function judgeElf(elf: ElfIdentity, target: ProgramTarget, rules: readonly CompatRule[]): Verdict {
  // The kernel reads in its own byte order and layout, whatever EI_DATA and EI_CLASS say.
  const native = decodeHeader(elf.head, target.class, target.data)
  const own = [target.machine, ...target.alternates]
  if (loads(native, elf.size, own) && (!target.checksClass || native.ident.class === ELFCLASS[target.class])) {
    const refusal = findAbiRefusal(native, target)
    return refusal ? {fit: 'refused', errno: 'ENOEXEC', reason: refusal} : judgeProgram(elf, {fit: 'native'})
  }
  const rule = rules.find(candidate => ruleFits(candidate, elf))
  if (rule) {
    const actual = rule.name ?? elf.machine
    if (rule.level === 'error') return {fit: 'foreign', expected: target.name, actual, reason: rule.reason}
    return judgeProgram(elf, {fit: 'compat', level: rule.level, actual, expected: target.name, reason: rule.reason})
  }
  return explainRefusal(elf, target)
}

function ruleFits(rule: CompatRule, elf: ElfIdentity): boolean {
  const header = decodeHeader(elf.head, rule.class, rule.data)
  if (!loads(header, elf.size, rule.machines)) return false
  if (!rule.flags) return true
  const flags = (header.flags & rule.flags.mask) >>> 0
  return rule.flags.is === undefined ? flags !== rule.flags.isNot : flags === rule.flags.is
}

/** load_elf_binary and load_elf_phdrs, for a loader of one class: type, machine, and program headers that can be read. */
function loads(header: ElfHeader, size: number, machines: readonly number[]): boolean {
  const length = header.phnum * PHDR_SIZE[header.class]
  return (
    (header.type === ET.ET_EXEC || header.type === ET.ET_DYN) &&
    machines.includes(header.machine) &&
    header.phentsize === PHDR_SIZE[header.class] &&
    length > 0 &&
    length <= PHDR_TABLE_LIMIT &&
    header.phoff + BigInt(length) <= BigInt(size)
  )
}

/** Once the loader takes the file: PT_INTERP, then what follows the point of no return. */
function judgeProgram(elf: ElfIdentity, fit: Verdict): Verdict {
  const refused = elf.interpreter?.refused
  if (refused) return {fit: 'refused', errno: refused.errno, reason: refused.reason}
  const foreign = findForeignOs(elf)
  if (foreign) return {fit: 'wrong-os', os: foreign.os, reason: foreign.reason}
  const crash = findCrash(elf)
  return crash ? {fit: 'crashes', signal: crash.signal, reason: crash.reason} : fit
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
  if (!sameMachine) return {fit: 'foreign', expected: target.name, actual: elf.machine}
  if (elf.malformed) return refuse(elf.malformed.reason)
  if (header.phnum === 0) return refuse('it has no program headers')
  return refuse(`EI_CLASS is ${header.ident.class}, which this platform's kernel refuses`)
}
