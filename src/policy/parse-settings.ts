import {SCOPES} from '../facts/scope.ts'
import {parseLocation} from '../image/location.ts'
import {parseReference} from '../image/reference.ts'
import {defined} from '../lib/defined.ts'
import {isObject} from '../lib/is-object.ts'
import {ok, type Result} from '../lib/result.ts'
import type {Path} from '../lib/yaml.ts'
import {parseWantedPlatform} from '../platform/wanted-platform.ts'
import {ON_UNDETERMINED} from '../report/configuration.ts'
import {parseRuleId, RULE_SETTINGS} from '../rules/rule-setting.ts'
import {type IgnoreEntry, parseIgnore} from '../scan/ignore.ts'
import type {Settings, Sourced} from './policy.ts'
import {
  complain,
  expected,
  lineOf,
  type Reading,
  readChoice,
  readList,
  readMapping,
  readSome,
  readText,
} from './reading.ts'

/** The keys that `defaults` and a rule for images have in common. */
export const SETTING_KEYS = [
  'platforms',
  'scope',
  'on-undetermined',
  'rules',
  'ignore',
  'baseline',
  'baseline-required',
] as const
type SettingKey = (typeof SETTING_KEYS)[number]

/** Reads the settings of a mapping whose keys were looked at. */
export function readSettings(
  reading: Reading,
  path: Path,
  mapping: Readonly<Partial<Record<SettingKey, unknown>>>,
): Settings {
  const sourced = <T>(key: SettingKey, read: (at: Path, value: unknown) => T | undefined): Sourced<T> | undefined => {
    if (!Object.hasOwn(mapping, key)) return undefined
    const at = [...path, key]
    const value = read(at, mapping[key])
    return value === undefined ? undefined : {value, from: lineOf(reading, at)}
  }
  const each = <T>(
    key: SettingKey,
    read: (at: Path, value: unknown) => readonly Sourced<T>[],
  ): readonly Sourced<T>[] => (Object.hasOwn(mapping, key) ? read([...path, key], mapping[key]) : [])
  return {
    ...defined({
      platforms: sourced('platforms', (at, value) =>
        readSome(reading, at, value, 'platforms, such as linux/amd64').flatMap(([place, one]) =>
          readText(reading, place, one, 'a platform, such as linux/amd64', parseWantedPlatform),
        ),
      ),
      scope: sourced('scope', (at, value) => readChoice(reading, at, value, SCOPES)),
      onUndetermined: sourced('on-undetermined', (at, value) => readChoice(reading, at, value, ON_UNDETERMINED)),
      baseline: sourced('baseline', (at, value) => readText(reading, at, value, 'an image or :TAG', parseBaseline)[0]),
      baselineRequired: sourced('baseline-required', (at, value) => readFlag(reading, at, value)),
    }),
    rules: each('rules', (at, value) => readRules(reading, at, value)),
    ignore: each('ignore', (at, value) => readIgnores(reading, at, value)),
  }
}

/** An image, or `:TAG`, which is put behind the name of the image that is checked. */
function parseBaseline(text: string): Result<string> {
  const parsed = text.startsWith(':') ? parseReference(`x${text}`) : parseLocation(text)
  return parsed.ok ? ok(text) : parsed
}

function readFlag(reading: Reading, path: Path, value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  complain(reading, path, expected('true or false', value))
  return undefined
}

function readRules(reading: Reading, path: Path, value: unknown): Settings['rules'] {
  if (!isObject(value)) {
    complain(reading, path, expected('a mapping of rules, such as page-size: off', value))
    return []
  }
  return Object.entries(value).flatMap(([id, setting]) => {
    const at = [...path, id]
    const known = parseRuleId(id)
    if (!known.ok) {
      reading.problems.push(`${reading.document.placeOfKey(at)}: ${path.join('.')}: ${known.problem}`)
      return []
    }
    const chosen = readChoice(reading, at, setting, RULE_SETTINGS)
    return chosen === undefined ? [] : [{value: [id, chosen] as const, from: lineOf(reading, at)}]
  })
}

function readIgnores(reading: Reading, path: Path, value: unknown): Settings['ignore'] {
  return readList(reading, path, value, 'globs, such as /opt/sdk/**').flatMap(([at, entry]) => {
    const from = `${reading.file}:${reading.document.placeOf(at).replace(/:\d+$/, '')}`
    const {glob, reason} = isObject(entry)
      ? readMapping(reading, at, entry, ['glob', 'reason'], ['glob'])
      : {glob: entry, reason: undefined}
    if (isObject(entry) && glob === undefined) return []
    const parsed = readText(reading, isObject(entry) ? [...at, 'glob'] : at, glob, 'a glob', parseIgnore)
    const told = reason === undefined ? [] : readText(reading, [...at, 'reason'], reason, 'a text', ok)
    return parsed.map(one => ({value: withReason(one, told[0]), from}))
  })
}

function withReason(entry: IgnoreEntry, reason: string | undefined): IgnoreEntry {
  return reason === undefined || reason.trim() === '' ? entry : {...entry, reason: reason.trim()}
}
