import {ARCHITECTURES, LINUX_ARCHITECTURES, normalisePlatform, type Platform} from '../../platform/index.ts'

/** The names that downloads, compilers and distributions have for architectures, as a platform names them. */
const BY_WORD: ReadonlyMap<string, string> = new Map(
  ARCHITECTURES.flatMap(({name, words = []}) => words.map(word => [word, name] as const)),
)

const NAMED = new RegExp(
  `(?<![A-Za-z0-9])(?:${[...BY_WORD.keys()].toSorted((a, b) => b.length - a.length).join('|')})(?![A-Za-z0-9])`,
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
    architecture: BY_WORD.get(match[0].toLowerCase()) ?? '',
    offset: match.index,
  }))
}

/** The architecture that a word is a name of, as Go and others take it: `amd64`, `arm`. */
export function architectureOf(word: string): string | undefined {
  const lower = word.toLowerCase()
  return BY_WORD.get(lower) ?? (LINUX_ARCHITECTURES.includes(lower) ? lower : undefined)
}

/** Whether programs named so are those of the platform. */
export function isOf(architecture: string, platform: Platform): boolean {
  return normalisePlatform(platform).architecture === architecture
}
