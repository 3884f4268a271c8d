import {readCodeLines} from './code-lines.ts'

/** A package that a Gemfile names for every platform, in the group `default`. */
export interface NamedGem {
  readonly name: string
  /** What `Bundler.require` requires of it; none with `require: false`, undefined for its own name. */
  readonly features: readonly string[] | undefined
}

const STRING = String.raw`(?:"[^"#\\]*"|'[^'#\\]*')`
const FEATURE = String.raw`(?:require:|:require\s*=>)\s*(?<feature>${STRING}|true|false|\[[^\][]*\])`
const GEM = new RegExp(
  String.raw`^gem[ (]\s*(?<name>${STRING})(?:\s*,\s*${STRING}|\s*,\s*\[[^\][]*\])*(?:\s*,\s*${FEATURE})?\s*\)?$`,
)

/**
 * The packages that a Gemfile names for certain, by a line of their own outside of every block, without an option that
 * could leave them out (`group`, `platforms`, `install_if`) or take them from elsewhere (`path`, `git`).
 */
export function readNamedGems(text: string): readonly NamedGem[] {
  return readCodeLines(text).flatMap(({text: line, isOuter}) => {
    const {name, feature} = (isOuter && GEM.exec(line)?.groups) || {}
    if (name === undefined) return []
    return [{name: unquoted(name), features: featuresOf(feature)}]
  })
}

function featuresOf(value: string | undefined): readonly string[] | undefined {
  if (value === undefined || value === 'true') return undefined
  if (value === 'false') return []
  return [...value.matchAll(new RegExp(STRING, 'g'))].map(([one]) => unquoted(one))
}

function unquoted(text: string): string {
  return text.slice(1, -1)
}
