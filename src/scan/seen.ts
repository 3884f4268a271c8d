import {
  type AddonText,
  isAddonText,
  isJavaArchive,
  isPhpModule,
  type JarNatives,
  readAddonText,
  readJarNatives,
  readPhpBuilds,
} from '../addons/index.ts'
import {
  type DynamicInfo,
  describe,
  type ElfIdentity,
  hasProgramMagic,
  type Identity,
  identify,
  judge,
  judgeMachine,
  type LinkHeader,
  PT,
  readDynamic,
  readNotes,
} from '../binary/index.ts'
import type {Inspection} from '../image/rootfs.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {defined} from '../lib/defined.ts'
import {LIMITS} from '../lib/limits.ts'
import {sharedValues} from '../lib/shared-values.ts'
import {formatPlatform, type Platform} from '../platform/index.ts'

/** What a scan keeps of an ELF file: plain data. */
export interface SeenElf {
  readonly kind: 'elf'
  /** `x86-64`: machine, class and byte order in one word, as the file has them. */
  readonly machine: string
  /** `aarch64 ELF executable`. */
  readonly what: string
  /** Whether it is of the platform's machine: what judgeMachine says. */
  readonly fit: 'native' | 'compat' | 'foreign' | 'refused' | 'undetermined'
  /** Of `compat` and `foreign`, where there is more to say: what it takes to run it. */
  readonly reason?: string
  /** Of a native or compat file: why the kernel would not start it all the same, or what it would die of. */
  readonly refusal?: {readonly reason: string; readonly signal?: string; readonly os?: string}
  readonly header: LinkHeader
  /** PT_INTERP. */
  readonly interpreter?: string
  /** It has a PT_DYNAMIC. */
  readonly linked: boolean
  /** Only of what a native or compat program may load, or is. */
  readonly dynamic?: DynamicInfo
  /** NT_GNU_BUILD_ID, in hexadecimal. */
  readonly buildId?: string
  /** Of a module of PHP: what it was built for. */
  readonly phpBuilds?: readonly string[]
}

/** What a scan keeps of any other file that somebody may take for a program. */
export interface SeenOther {
  readonly kind: 'other'
  readonly identity: Exclude<Identity, ElfIdentity | {readonly kind: 'script'}>
}

export type Seen = SeenElf | SeenOther

/** A jar with native libraries in it. */
export interface SeenJar {
  readonly kind: 'java-archive'
  readonly natives: readonly JarNatives[]
  /** Where it has an execute bit. */
  readonly seen?: SeenOther
}

/** What a look at a file gives: what it is, or of a file that says which add-ons are wanted, what it says. */
export type Looked = Seen | SeenJar | AddonText

const NT_GNU_BUILD_ID = 3
/** One for all: there are images of a million. */
const EMPTY: SeenOther = {kind: 'other', identity: {kind: 'empty'}}

/**
 * The look at each file of a platform's image: of an ELF file what it is and what its loader would read, of a Windows
 * or macOS program what it is, and of any other file only where it has an execute bit. Scripts and all other files are
 * nothing to keep, but for those that say which add-ons are wanted, and jars with some. The
 * platform is part of the id, for it decides.
 */
export function scanInspection(platform: Platform): Inspection<Looked> {
  const share = sharedValues<SeenElf>()
  return {
    id: `scan/7 ${formatPlatform(platform)}`,
    mayFind: (file, start) =>
      (file.mode & 0o111) !== 0 || hasProgramMagic(start) || isAddonText(file) || isJavaArchive(file.path),
    async inspect({path, mode, size}, content) {
      const identity = await identify(content)
      if (identity.kind === 'elf') {
        const seen = await seeElf(identity, content, platform)
        const isModule = isPhpModule(path) && size <= LIMITS['server-program-bytes'].most
        const phpBuilds = isModule ? readPhpBuilds(await content.read(0, size)) : []
        if (phpBuilds.length > 0) return {...seen, phpBuilds}
        const tellsOfItself = seen.dynamic !== undefined || seen.buildId !== undefined
        return tellsOfItself ? seen : share(seen)
      }
      const isExecutable = (mode & 0o111) !== 0
      if (isJavaArchive(path)) {
        const natives = await readJarNatives(content, platform)
        const seen = isExecutable && identity.kind !== 'script' ? ({kind: 'other', identity} as const) : undefined
        if (natives.length > 0) return {kind: 'java-archive', natives, ...defined({seen})}
      }
      if (identity.kind === 'script') return undefined
      if (isAddonText({path, size})) {
        const text = readAddonText(path, await content.read(0, size))
        if (text !== undefined) return text
      }
      if (identity.kind === 'empty') return (mode & 0o111) === 0 ? undefined : EMPTY
      const isForOthers = identity.kind === 'pe' || identity.kind === 'mach-o'
      return isForOthers || isExecutable ? {kind: 'other', identity} : undefined
    },
  }
}

async function seeElf(elf: ElfIdentity, content: RandomAccess, platform: Platform): Promise<SeenElf> {
  const {fit, reason} = machineVerdict(elf, platform)
  const runs = fit === 'native' || fit === 'compat'
  const linked = elf.segments.some(({type}) => type === PT.PT_DYNAMIC)
  const dynamic = runs && linked ? await readDynamic(elf, content) : undefined
  const refusal = runs ? refusalOf(elf, platform) : undefined
  const buildId = runs ? await readBuildId(elf, content) : undefined
  const {class: elfClass, data, ident, type, machine, version, flags, phentsize} = elf.header
  return {
    kind: 'elf',
    machine: elf.machine,
    what: describe(elf),
    fit,
    ...defined({reason, refusal}),
    header: {class: elfClass, data, ident, type, machine, version, flags, phentsize},
    ...defined({interpreter: elf.interpreter?.path}),
    linked,
    ...defined({dynamic, buildId}),
  }
}

function machineVerdict(elf: ElfIdentity, platform: Platform): Pick<SeenElf, 'fit' | 'reason'> {
  const verdict = judgeMachine(elf, platform)
  switch (verdict.fit) {
    case 'native':
      return {fit: 'native'}
    case 'compat':
      return {fit: 'compat', reason: verdict.reason}
    case 'foreign':
      return {fit: 'foreign', ...defined({reason: verdict.reason})}
    case 'refused':
      return {fit: 'refused', reason: verdict.reason}
    default:
      return {fit: 'undetermined'}
  }
}

function refusalOf(elf: ElfIdentity, platform: Platform): SeenElf['refusal'] {
  const verdict = judge(elf, platform)
  switch (verdict.fit) {
    case 'refused':
      return {reason: verdict.reason}
    case 'crashes':
      return {reason: verdict.reason, signal: verdict.signal}
    case 'wrong-os':
      return {reason: verdict.reason, os: verdict.os}
    default:
      return undefined
  }
}

async function readBuildId(elf: ElfIdentity, content: RandomAccess): Promise<string | undefined> {
  const notes = await readNotes(elf, content)
  const note = notes.find(({owner, type}) => owner === 'GNU' && type === NT_GNU_BUILD_ID)
  return note && Array.from(note.description, byte => byte.toString(16).padStart(2, '0')).join('')
}
