import {readCodeLines} from './code-lines.ts'

/** A feature that a file of Ruby requires whenever it is loaded itself. */
export interface CertainRequire {
  readonly feature: string
  /** `require_relative`. */
  readonly isRelative: boolean
  /**
   * Required where the same name below a directory of the release (`3.3/nokogiri`) cannot be: what rake-compiler's
   * packages do in `begin` and `rescue`.
   */
  readonly isSecond: boolean
}

const REQUIRE = /^(require|require_relative)[ (]\s*(["'])([^"'#]+)\2\s*\)?$/
/** A feature that is put together when it runs; its last name. */
const DYNAMIC = /^(?:require|require_relative)\b.*[}/'" +]\/([\w-]+)["']\s*\)?$/
/** What is known of a `begin`. */
interface Attempt {
  /** The last names of what it requires dynamically. */
  readonly tried: string[]
  isRescue: boolean
  isOver: boolean
}

/**
 * What a file requires for certain: `require` and `require_relative` of a literal, on a line of their own, in no block
 * but `class` and `module`. A text whose blocks cannot be matched has none.
 */
export function readCertainRequires(text: string): readonly CertainRequire[] {
  const found: CertainRequire[] = []
  const attempts = new Map<object, Attempt>()
  for (const {text: line, isOuter, attempt: begin} of readCodeLines(text)) {
    const attempt = begin && (attempts.get(begin) ?? {tried: [], isRescue: false, isOver: false})
    if (begin !== undefined && attempt !== undefined) attempts.set(begin, attempt)
    const [, verb, , feature] = REQUIRE.exec(line) ?? []
    if (feature !== undefined) {
      const isSecond = attempt?.isRescue === true && !attempt.isOver && attempt.tried.includes(nameOf(feature))
      if (isOuter || isSecond) found.push({feature, isRelative: verb === 'require_relative', isSecond: !isOuter})
      continue
    }
    if (attempt === undefined) continue
    const name = DYNAMIC.exec(line)?.[1]
    if (name !== undefined && !attempt.isRescue) attempt.tried.push(name)
    if (/^rescue\b/.test(line)) attempt.isRescue = true
    if (/^(?:else|ensure)\b/.test(line)) attempt.isOver = true
  }
  return found
}

function nameOf(feature: string): string {
  return feature.replace(/^.*\//, '')
}
