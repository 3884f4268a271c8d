import {normalisePlatform, type Platform} from '../../platform/index.ts'

/** The names that downloads, compilers and distributions have for architectures, as a platform names them. */
const ARCHITECTURES: readonly (readonly [name: string, architecture: string])[] = [
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['amd64', 'amd64'],
  ['x64', 'amd64'],
  ['linux64', 'amd64'],
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['arm64v8', 'arm64'],
  ['armv8', 'arm64'],
  ['armhf', 'arm'],
  ['armel', 'arm'],
  ['arm32v7', 'arm'],
  ['arm32v6', 'arm'],
  ['armv7l', 'arm'],
  ['armv7', 'arm'],
  ['armv6l', 'arm'],
  ['armv6', 'arm'],
  ['ppc64le', 'ppc64le'],
  ['powerpc64le', 'ppc64le'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
  ['riscv64gc', 'riscv64'],
  ['loongarch64', 'loong64'],
  ['loong64', 'loong64'],
  ['i386', '386'],
  ['i686', '386'],
]
const BY_NAME: ReadonlyMap<string, string> = new Map(ARCHITECTURES)

const NAMED = new RegExp(
  `(?<![A-Za-z0-9])(?:${ARCHITECTURES.map(([name]) => name)
    .toSorted((a, b) => b.length - a.length)
    .join('|')})(?![A-Za-z0-9])`,
  'gi',
)

/** An architecture that a text names. */
export interface NamedArchitecture {
  /** As the text has it: `x86_64`. */
  readonly written: string
  /** As a platform has it: `amd64`. */
  readonly architecture: string
  readonly offset: number
}

/** The architectures that a text names as words of their own: `tool-linux_amd64.tar.gz`. */
export function findArchitectures(text: string): readonly NamedArchitecture[] {
  return Array.from(text.matchAll(NAMED), match => ({
    written: match[0],
    architecture: BY_NAME.get(match[0].toLowerCase()) ?? '',
    offset: match.index,
  }))
}

/** The architecture that a word is a name of, as Go and others take it: `amd64`, `arm`. */
export function architectureOf(word: string): string | undefined {
  const lower = word.toLowerCase()
  return (
    BY_NAME.get(lower) ?? (/^(?:arm|386|mips(?:64)?(?:le)?|ppc64|riscv64|loong64)$/.test(lower) ? lower : undefined)
  )
}

/** Whether programs named so are those of the platform. */
export function isOf(architecture: string, platform: Platform): boolean {
  return normalisePlatform(platform).architecture === architecture
}
