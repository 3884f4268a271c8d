import {becomes, type Caller, type Handover, refusal, refuse} from './handover.ts'
import {parse} from './wrap.ts'

const SETARCH = {
  short: 'BFILRSTXZv3hVp:',
  long: [
    ...['32bit', 'fdpic-funcptrs', 'short-inode', 'addr-compat-layout', 'addr-no-randomize', 'whole-seconds'],
    ...['sticky-timeouts', 'read-implies-exec', 'mmap-page-zero', '3gb', '4gb', 'uname-2.6', 'verbose', 'list'],
    ...['show', 'pid=', 'help', 'version'],
  ],
} as const

const EVERYWHERE = ['uname26', 'linux32', 'linux64']

/** The names that a build for these platforms knows: init_arch_domains() of util-linux 2.42.2. */
const FAMILIES: readonly {readonly architectures: readonly string[]; readonly names: readonly string[]}[] = [
  {architectures: ['amd64', '386'], names: ['i386', 'i486', 'i586', 'i686', 'athlon', 'x86_64']},
  {architectures: ['arm64', 'arm'], names: ['arm', 'armh', 'armv7l', 'armv8l', 'arm64', 'aarch64']},
  {architectures: ['ppc64'], names: ['ppc32', 'ppc', 'ppc64', 'ppc64pseries', 'ppc64iseries']},
  {architectures: ['ppc64le'], names: ['ppc32', 'ppc', 'ppc32le', 'ppcle', 'ppc64le']},
  {architectures: ['s390x'], names: ['s390', 's390x']},
  {architectures: ['mips', 'mipsle', 'mips64', 'mips64le'], names: ['mips32', 'mips', 'mips64']},
  {architectures: ['loong64'], names: ['loongarch', 'loongarch64']},
  {architectures: ['riscv64'], names: ['riscv32', 'rv32', 'riscv64', 'rv64']},
]

/**
 * setarch(8), util-linux sys-utils/setarch.c, and its other names: an architecture, options, a program or a shell.
 * Each build knows the names of its own processors only: `setarch x86_64` ends on all others.
 */
export function setarch(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  const isNamed = caller.name !== 'setarch'
  const [, first] = argv
  const isFirst = !isNamed && first !== undefined && !first.startsWith('-')
  const arch = isNamed ? caller.name : isFirst ? first : undefined
  const inner = {...caller, process: {...caller.process, argv: isFirst ? argv.slice(1) : argv}}
  if (caller.isApplet)
    return arch?.startsWith('linux') ? ofBusybox(inner, arch) : refuse(caller, 'it wants linux32 or linux64')
  const parsed = parse(SETARCH, inner)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hVp]|help|version|list|show|pid)$/.test(name))) return []
  if (arch === undefined && options.every(([name]) => /^(v|verbose|4gb)$/.test(name)))
    return refuse(caller, 'it wants an architecture or an option')
  return (arch === undefined ? undefined : refusesArch(caller, arch)) ?? start(caller, words)
}

function refusesArch({name, platform: {architecture}}: Caller, arch: string): readonly Handover[] | undefined {
  const isOwn = FAMILIES.some(one => one.architectures.includes(architecture) && one.names.includes(arch))
  if (isOwn || EVERYWHERE.includes(arch)) return undefined
  const isKnown = FAMILIES.some(({architectures}) => architectures.includes(architecture))
  const isForeign = FAMILIES.some(({names}) => names.includes(arch))
  if (isKnown && isForeign) {
    const reason = `its build for ${architecture} knows no architecture ${arch}`
    return [refusal(name, reason, 'Name linux64 or linux32, which every build knows.')]
  }
  return [{kind: 'unknown', reason: `the architecture ${arch} of ${name} is not known`}]
}

/** busybox util-linux/setarch.c: it looks at the letter behind "linux" only, and has one option. */
function ofBusybox(caller: Caller, arch: string): readonly Handover[] {
  if (!/^linux[36]/.test(arch)) return refuse(caller, 'it wants linux32 or linux64')
  const parsed = parse({short: 'R'}, caller)
  return 'handovers' in parsed ? parsed.handovers : start(caller, parsed.words)
}

function start(caller: Caller, words: readonly string[]): readonly Handover[] {
  if (words.length > 0) return becomes(caller, words)
  return becomes(caller, ['/bin/sh'], caller.isApplet ? {} : {search: 'path', runsText: false})
}
