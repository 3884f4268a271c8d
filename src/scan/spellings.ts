import {ARCHITECTURES, machineName} from '../platform/index.ts'

/** How names of files and directories spell machines that are not the platform's. */
const OTHER_MACHINES: Readonly<Record<string, string>> = {
  x32: 'x32|gnux32|muslx32',
  aarch64_be: 'aarch64[-_]?be|arm64be',
  armeb: 'arm(?:eb|be)',
  s390: 's390(?:[-_](?:31|32))?',
  riscv32: 'riscv[-_]?32|rv32[a-z]*|riscv',
  ia64: 'ia64',
  alpha: 'alpha',
  hppa: 'hppa|parisc',
  hppa64: 'hppa64|parisc64',
  m68k: 'm68k',
  sh: 'sh[34][a-z]*',
}

/**
 * How they spell any machine: Debian's and GNU's triplets, Go's, Node's, Java's, Rust's, Docker's and Python's words.
 * By what machineName calls it. Matched as whole words, in any case.
 */
const MACHINES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ARCHITECTURES.flatMap(({elf, spelling}) =>
      elf && spelling !== undefined ? [[machineName(elf.machine, elf.class, elf.data), spelling]] : [],
    ),
  ),
  ...OTHER_MACHINES,
}

/** Programs of other systems go by the system's name. */
const SYSTEMS = {
  pe: 'win(?:32|64|dows|nt|10|11)?|mingw(?:32|64)?|msvc|cygwin|msys',
  'mach-o': 'darwin[0-9]*|mac(?:os|osx)?|osx|apple|i(?:phone)?os',
} as const

const OTHER_SYSTEMS = 'linux|android|androideabi|freebsd|netbsd|openbsd|dragonfly|solaris|sunos|illumos|aix'
/** What stands beside a machine in such names and says nothing alone. */
const COMPANIONS =
  'gnu(?:eabi(?:hf)?|abi64|abin32|x32|f32|sf)?|musl(?:eabi(?:hf)?)?|glibc|eabi(?:hf)?|linuxmusl|unknown|pc'

/** A word may stand right behind the system's: `linuxx64`, `win-arm64`. */
const PREFIX = '(?:linux|linuxmusl|musl|win|windows|darwin|macos|osx|android|freebsd)?'

const words = (alternatives: string): RegExp => new RegExp(`(?<![a-z0-9])${PREFIX}(?:${alternatives})(?![a-z0-9])`, 'i')

const BY_MACHINE: ReadonlyMap<string, RegExp> = new Map(
  Object.entries(MACHINES).map(([machine, alternatives]) => [machine, words(alternatives)]),
)
const BY_SYSTEM: Readonly<Record<keyof typeof SYSTEMS, RegExp>> = {
  pe: words(SYSTEMS.pe),
  'mach-o': words(SYSTEMS['mach-o']),
}

/** Whether a text has a word for this machine in it: `linux-arm64` for aarch64. `machine` as machineName gives it. */
export function namesMachine(text: string, machine: string): boolean {
  // `aarch64 (ILP32)`, `mips O32`: names of variants of a machine.
  const [base = machine, ...variant] = machine.split(' ')
  const known = BY_MACHINE.get(base)
  if (known !== undefined) return known.test(text)
  // `machine 0x1234`, `AMD GPU`: no word that a path would have.
  return variant.length === 0 && words(base.replace(/[^a-z0-9]/gi, '\\$&')).test(text)
}

/** Whether a text has a word for Windows, or for macOS, in it. */
export function namesSystem(text: string, kind: keyof typeof SYSTEMS): boolean {
  return BY_SYSTEM[kind].test(text)
}

const ANY_WORD = [...Object.values(MACHINES), ...Object.values(SYSTEMS), OTHER_SYSTEMS, COMPANIONS].join('|')
const RUN = new RegExp(`(?<![a-z0-9])(?:${ANY_WORD})(?:[-_.]?(?:${ANY_WORD}))*(?![a-z0-9])`, 'gi')
const ANY_MACHINE = words(Object.values(MACHINES).join('|'))

/** Whether a text names any machine at all. */
export function namesAnyMachine(text: string): boolean {
  return ANY_MACHINE.test(text)
}

/**
 * The same for the files of one program for several machines: every word for a machine or system is `*`, and the ends
 * that libraries and programs have on other systems are gone. `/a/prebuilds/linux-x64/b.node` and
 * `/a/prebuilds/darwin-arm64/b.node` give one name. Undefined where there is no such word.
 */
export function parallelName(path: string): string | undefined {
  const replaced = path.toLowerCase().replace(RUN, '*')
  if (!replaced.includes('*')) return undefined
  return replaced.replace(/\.(?:exe|so|dll|dylib)$/, '')
}

/** What parallelName gives, with the places of its words forgotten. */
export function withoutStars(parallel: string): string {
  return parallel.replace(/[-_.]?\*/g, '')
}

/**
 * A path whose last name is without its words for machines and systems: `/bin/tool-linux-amd64` gives `/bin/tool`.
 * Undefined where there are none, or where nothing else is in the name.
 */
export function plainName(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1
  const name = path.slice(at)
  const plain = name.replace(new RegExp(`[-_.]?${RUN.source}`, 'gi'), '').replace(/^[-_.]+/, '')
  return plain === '' || plain === name ? undefined : path.slice(0, at) + plain
}
