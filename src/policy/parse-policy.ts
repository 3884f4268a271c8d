import {createHash} from 'node:crypto'
import {parseImageGlob} from '../image/image-glob.ts'
import {canonicalJson, type JsonValue} from '../lib/canonical-json.ts'
import {defined} from '../lib/defined.ts'
import {compareLines, type LineAndColumn} from '../lib/line-and-column.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {type Path, parseDocuments} from '../lib/yaml.ts'
import {parseWantedPlatform} from '../platform/wanted-platform.ts'
import {parseRuleId} from '../rules/rule-setting.ts'
import type {Suppression} from '../rules/suppression.ts'
import {readSettings, SETTING_KEYS} from './parse-settings.ts'
import {type ImageRule, NO_SETTINGS, type Policy} from './policy.ts'
import {complain, expected, type Reading, readList, readMapping, readSome, readText} from './reading.ts'

/** Where the schema of the file is published; the file may name it as `$schema`. */
export const POLICY_SCHEMA =
  'https://raw.githubusercontent.com/org/verify-image-arch/main/docs/schema/policy-v1.schema.json'

const KEYS = ['$schema', 'version', 'defaults', 'images', 'suppressions'] as const
const SUPPRESSION_KEYS = ['rule', 'image', 'platform', 'path', 'reason', 'until'] as const

/** Beyond it a path is none that an image could have (PATH_MAX of Linux, with room for signs of globs). */
const LONGEST = 8192

/**
 * Parses a policy file (docs/policy.md, docs/schema/policy-v1.schema.json). `today` is `YYYY-MM-DD` in UTC. The problem
 * has all that is wrong, a line each: `LINE:COLUMN: images[0].scope: expected …, got …`.
 */
export function parsePolicy(
  text: string,
  {file, today}: {readonly file: string; readonly today: string},
): Result<Policy> {
  const documents = parseDocuments(text)
  if (!documents.ok) return /^\d/.test(documents.problem) ? documents : fail(`1:1: ${documents.problem}`)
  const [document, second] = documents.value
  if (document === undefined) return fail(`1:1: ${expected(`a mapping with the keys ${KEYS.join(', ')}`, null)}`)
  if (second !== undefined) return fail(`${second.placeOf([])}: expected one document, got ${documents.value.length}`)
  const reading: Reading = {document, file, problems: []}
  const mapping = readMapping(reading, [], document.value, KEYS, ['version'])
  if (mapping.$schema !== undefined && mapping.$schema !== POLICY_SCHEMA) {
    complain(reading, ['$schema'], expected(POLICY_SCHEMA, mapping.$schema))
  }
  if (mapping.version !== undefined && mapping.version !== 1) {
    complain(reading, ['version'], expected('1, the version of this format', mapping.version))
  }
  const defaults =
    mapping.defaults === undefined || mapping.defaults === null
      ? NO_SETTINGS
      : readSettings(reading, ['defaults'], readMapping(reading, ['defaults'], mapping.defaults, SETTING_KEYS))
  const images = entriesOf(reading, 'images', mapping.images).map(([path, value]) =>
    readImageRule(reading, path, value),
  )
  const suppressions = entriesOf(reading, 'suppressions', mapping.suppressions).flatMap(([path, value]) =>
    readSuppression(reading, path, value, today),
  )
  if (reading.problems.length > 0) return fail(inOrder(reading.problems).join('\n'))
  const sha256 = createHash('sha256')
    .update(canonicalJson(withoutSchema(mapping)))
    .digest('hex')
  return ok({file, digest: `sha256:${sha256}`, defaults, images, suppressions})
}

/** What is in the file as JSON: what is right there is texts, numbers, flags, lists and mappings of them. */
function withoutSchema(mapping: Readonly<Record<string, unknown>>): JsonValue {
  const {$schema: _, ...rest} = mapping
  return rest as JsonValue
}

/** A key with nothing behind it (all of it is commented out, say) is an empty list. */
function entriesOf(reading: Reading, key: 'images' | 'suppressions', value: unknown): readonly [Path, unknown][] {
  if (value === undefined || value === null) return []
  return readList(reading, [key], value, key === 'images' ? 'rules for images' : 'suppressions')
}

function readImageRule(reading: Reading, path: Path, value: unknown): ImageRule {
  const mapping = readMapping(reading, path, value, ['match', ...SETTING_KEYS], ['match'])
  const {match, ...settings} = mapping
  const globs =
    match === undefined
      ? []
      : readSome(reading, [...path, 'match'], match, 'globs of images').flatMap(([at, one]) =>
          readText(reading, at, one, 'a glob of images such as ghcr.io/org/*', parseImageGlob),
        )
  return {globs, settings: readSettings(reading, path, settings)}
}

function readSuppression(reading: Reading, path: Path, value: unknown, today: string): Suppression[] {
  const mapping = readMapping(reading, path, value, SUPPRESSION_KEYS, ['rule', 'reason', 'until'])
  const take = <T>(key: (typeof SUPPRESSION_KEYS)[number], what: string, parse: (text: string) => Result<T>) =>
    Object.hasOwn(mapping, key) ? readText(reading, [...path, key], mapping[key], what, parse)[0] : undefined
  const rule = take('rule', 'a rule', parseRuleId)
  const image = take('image', 'a glob of images such as ghcr.io/org/*', parseImageGlob)
  const platform = take('platform', 'a platform such as linux/arm64', parseWantedPlatform)
  const file = take('path', 'a glob of files such as /opt/sdk/**', parsePath)
  const reason = take('reason', 'a text that says why', parseReason)
  const until = take('until', 'a date such as 2027-01-31', parseDay)
  if (rule === undefined || reason === undefined || until === undefined) return []
  const place = `${reading.file}:${reading.document.placeOf(path)}`
  return [{rule, ...defined({image, platform, path: file}), reason, until, place, isExpired: until < today}]
}

function parsePath(text: string): Result<string> {
  if (text.trim() === '') return fail(expected('a glob of files such as /opt/sdk/**', text))
  return text.length > LONGEST ? fail(`expected a glob of at most ${LONGEST} characters, got ${text.length}`) : ok(text)
}

function parseReason(text: string): Result<string> {
  return text.trim() === '' ? fail(expected('a text that says why', text)) : ok(text.trim())
}

/** A day that there is, as ISO 8601 writes it. */
function parseDay(text: string): Result<string> {
  const isWritten = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const time = isWritten ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
  return isDay ? ok(text) : fail(expected('a date such as 2027-01-31', text))
}

/** By line and column. */
function inOrder(problems: readonly string[]): readonly string[] {
  const placeOf = (problem: string): LineAndColumn => problem.split(':', 2).map(Number)
  return problems.toSorted((a, b) => compareLines(placeOf(a), placeOf(b)))
}
