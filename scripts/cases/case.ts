import {arrayOf, type Decoder, INVALID, object, optional, parseJson, required, string} from '../../src/lib/json.ts'
import type {Result} from '../../src/lib/result.ts'

export const EXPECTATIONS = ['pass', 'warn', 'fail', 'exit3'] as const
export type Expectation = (typeof EXPECTATIONS)[number]

/** One case of cases.json: what is checked, and the answer that it must get. */
export interface Case {
  readonly id: string
  /** The public report whose mechanism it rebuilds. */
  readonly ref: string | undefined
  /** What is wrong, or right, in words. */
  readonly mech: string | undefined
  readonly platforms: readonly string[]
  /** Further arguments of the command. */
  readonly args: readonly string[]
  readonly expect: Expectation
  /** Of the finding that is expected: its platform, where one is named, and a text that it has somewhere. */
  readonly where: readonly (string | undefined)[] | undefined
  /** Words that a finding, or standard error, must have. */
  readonly says: readonly string[]
  /** Rules that may report neither an error nor a warning. */
  readonly never: readonly string[]
  /** Neither an error nor a warning. */
  readonly quiet: boolean
  /** The text of a Dockerfile that is checked instead of an image: see fillPlaceholders. */
  readonly dockerfile: string | undefined
}

const expectation: Decoder<Expectation> = (value, at, problems) => {
  const known = EXPECTATIONS.find(one => one === value)
  if (known !== undefined) return known
  problems.push(`${at}: expected ${EXPECTATIONS.join(', ')}, got ${JSON.stringify(value)}`)
  return INVALID
}

const flag: Decoder<boolean> = (value, at, problems) => {
  if (typeof value === 'boolean') return value
  problems.push(`${at}: expected true or false`)
  return INVALID
}

const stringOrNull: Decoder<string | undefined> = (value, at, problems) =>
  value === null ? undefined : string(value, at, problems)

/** The id names a folder, and so it is one word. */
const folderName: Decoder<string> = (value, at, problems) => {
  if (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value)) return value
  problems.push(`${at}: expected the name of a folder, got ${JSON.stringify(value)}`)
  return INVALID
}

const decodeCase = object<Case>({
  id: required(folderName),
  ref: optional(string),
  mech: optional(string),
  platforms: required(arrayOf(string)),
  args: optional(arrayOf(string), []),
  expect: required(expectation),
  where: optional(arrayOf(stringOrNull)),
  says: optional(arrayOf(string), []),
  never: optional(arrayOf(string), []),
  quiet: optional(flag, false),
  dockerfile: optional(string),
})

/** A case that asks for a finding must say which one: without `where` any would do. */
const checkedCase: Decoder<Case> = (value, at, problems) => {
  const one = decodeCase(value, at, problems)
  if (one === INVALID) return INVALID
  const asksForFinding = one.expect === 'warn' || one.expect === 'fail'
  if (!asksForFinding || (one.where?.length === 2 && one.where[1] !== undefined)) return one
  problems.push(`${at}.where: expected a platform (or null) and a text, as ${one.expect} wants a finding`)
  return INVALID
}

/** Parses cases.json. */
export function parseCases(bytes: Uint8Array): Result<readonly Case[]> {
  return parseJson(bytes, arrayOf(checkedCase))
}
