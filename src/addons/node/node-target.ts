import {directoryOf} from '../../lib/paths.ts'
import {normalisePlatform, type Platform} from '../../platform/index.ts'
import {common, type Interpreter, type Libc, libcOf} from '../interpreter.ts'

/** What Node says of itself on a platform, as far as it decides which add-on is loaded. */
export interface NodeTarget {
  /** `process.arch`. */
  readonly arch: string
  /** Whether a name of a package says the machine: `linux-arm64`, `linux-aarch64`. */
  readonly words: RegExp
  /** The C library that it is linked with; undefined where it may be either. */
  readonly libc: Libc | undefined
  /** `process.versions.modules`: https://nodejs.org/en/about/previous-releases; undefined where it is not known. */
  readonly abi: string | undefined
  /** Directories in which its program may stand. */
  readonly directories: readonly string[]
  /** /etc/alpine-release is there: node-gyp-build takes that for musl, and its absence for glibc. */
  readonly isAlpine: boolean
}

/** GOARCH -> process.arch (`dest_cpu` of Node's configure.py), and how packages of npm spell it. */
const ARCHES: Readonly<Record<string, {readonly arch: string; readonly words: string}>> = {
  '386': {arch: 'ia32', words: 'ia32|i386|i686|x86(?![-_]?64)|32'},
  amd64: {arch: 'x64', words: 'x64|x86[-_]64|amd64|64'},
  arm: {arch: 'arm', words: 'arm|armv?[67][a-z]*|armhf|arm32'},
  arm64: {arch: 'arm64', words: 'arm64|aarch64'},
  loong64: {arch: 'loong64', words: 'loong64|loongarch64'},
  mips64le: {arch: 'mips64el', words: 'mips64el|mips64le'},
  mipsle: {arch: 'mipsel', words: 'mipsel|mipsle'},
  ppc64le: {arch: 'ppc64', words: 'ppc64|ppc64le|powerpc64le'},
  riscv64: {arch: 'riscv64', words: 'riscv64|riscv64gc'},
  s390x: {arch: 's390x', words: 's390x'},
}

/**
 * What Node says of itself in the image; undefined where there is none. `moduleVersions`: NODE_MODULE_VERSION by the
 * directory in which Node was installed.
 */
export function nodeTarget(
  platform: Platform,
  programs: readonly Interpreter[],
  moduleVersions: ReadonlyMap<string, string>,
  isAlpine: boolean,
): NodeTarget | undefined {
  const machine = nodeArch(platform)
  if (machine === undefined || programs.length === 0) return undefined
  return {
    ...machine,
    libc: libcOf(programs),
    abi: common(programs.map(({path}) => moduleVersions.get(path.replace(/\/bin\/[^/]+$/, '')))),
    directories: programs.map(({path}) => directoryOf(path)),
    isAlpine,
  }
}

/** What Node calls the machine of a platform; undefined where there is no Node for it. */
export function nodeArch(platform: Platform): Pick<NodeTarget, 'arch' | 'words'> | undefined {
  const {os, architecture} = normalisePlatform(platform)
  const known = os === 'linux' && Object.hasOwn(ARCHES, architecture) ? ARCHES[architecture] : undefined
  return known && {arch: known.arch, words: new RegExp(`(?<![a-z0-9])(?:${known.words})(?![a-z0-9])`, 'i')}
}

/** The value of NODE_MODULE_VERSION in Node's header node_version.h. */
export function parseModuleVersion(header: string): string | undefined {
  return /^#define\s+NODE_MODULE_VERSION\s+([0-9]{1,5})\s*$/m.exec(header)?.[1]
}
