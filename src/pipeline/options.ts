import {UsageError} from '../errors.ts'
import {SCOPES, type Scope} from '../facts/scope.ts'
import {parseMetadata} from '../image/build-metadata.ts'
import {type Location, parseLocation} from '../image/location.ts'
import {DEFAULT_LIMITS, type Limits} from '../lib/limits.ts'
import {expectedOneOf} from '../lib/nearest.ts'
import type {Result} from '../lib/result.ts'
import {withoutComment} from '../lib/without-comment.ts'
import type {Platform} from '../platform/index.ts'
import {parseWantedPlatform} from '../platform/wanted-platform.ts'
import {runSettings} from '../policy/effective.ts'
import type {Policy, Settings} from '../policy/policy.ts'
import {FAIL_ON, type FailOn, ON_UNDETERMINED, type OnUndetermined} from '../report/configuration.ts'
import {parseRuleSetting} from '../rules/rule-setting.ts'
import type {RuleSettings} from '../rules/run.ts'
import {type IgnoreEntry, parseIgnore} from '../scan/ignore.ts'
import {parseLimit} from './limit-options.ts'
import {parseTime} from './time-limit.ts'
import {writtenSettings} from './written-settings.ts'

/** How a bare reference is read: by the docker engine, or from its registry without one. */
export const SOURCES = ['docker', 'registry'] as const
export type ImageReader = (typeof SOURCES)[number]

/** What is to be checked, and how: the one vocabulary that the action and the command fill in. */
export interface Options {
  /** Empty only where there are Dockerfiles. */
  readonly images: readonly Location[]
  /** Globs of Dockerfiles. */
  readonly dockerfiles: readonly string[]
  /** Undefined means every platform of the index. */
  readonly platforms: readonly Platform[] | undefined
  readonly scope: Scope
  readonly failOn: FailOn
  /** What becomes of a check in which a platform could not be determined. */
  readonly onUndetermined: OnUndetermined
  readonly rules: RuleSettings
  /** Files that the scan of the whole image leaves out. */
  readonly ignore: readonly IgnoreEntry[]
  /** The image whose platforms this one must still have. */
  readonly baseline: Location | undefined
  /** Whether a baseline that is not there is an error: the check cannot be made. */
  readonly baselineRequired: boolean
  /** Whether what is read of layers is kept for later runs. */
  readonly cache: boolean
  /** Images and platforms that are read at once. */
  readonly concurrency: number
  /** `HOST[:PORT]` of registries that may be accessed over plain HTTP. */
  readonly insecureRegistries: readonly string[]
  /** The limits of the run, some of them perhaps raised. */
  readonly limits: Limits
  /** How long the whole check may take, in milliseconds; 0 for no limit. */
  readonly timeout: number
  /** Absent where no policy file is named: then what is set above is so for every image. */
  readonly policy?: OptionsPolicy
}

/** A policy file, and what of its settings the user wrote in inputs or flags: that wins. */
export interface OptionsPolicy {
  readonly file: Policy
  readonly written: Settings
  readonly source: ImageReader
}

/** The same as a user writes it: lists are separated by newlines or commas, `#` starts a comment. */
export interface RawOptions {
  readonly image: readonly string[]
  /** The `metadata` output of docker/build-push-action or docker/bake-action; empty where there is none. */
  readonly metadata: string
  readonly platforms: readonly string[]
  /** Globs of Dockerfiles; with one, no image need be given. */
  readonly dockerfile: readonly string[]
  readonly source: string
  /** Undefined where it is not written: a policy file may set it. */
  readonly scope: string | undefined
  readonly failOn: string
  /** `pass` or `fail`; undefined where it is not written. */
  readonly onUndetermined: string | undefined
  /** `RULE=error|warning|note|off` */
  readonly rules: readonly string[]
  /** Globs, each with a reason after `#` where the user gives one. */
  readonly ignore: readonly string[]
  /** Empty where there is none. */
  readonly baseline: string
  /** `true` or `false`; undefined where it is not written. */
  readonly baselineRequired: string | undefined
  /** `true` or `false` */
  readonly cache: string
  readonly concurrency: string
  /** `HOST[:PORT]` */
  readonly insecureRegistries: readonly string[]
  /** `NAME=VALUE` */
  readonly limits: readonly string[]
  /** `90s`, `30m`, `2h`, or `0` for no limit. */
  readonly timeout: string
}

/** What both doors take where nothing is written. The defaults of action.yml are generated from here. */
export const DEFAULTS = {
  source: 'docker',
  scope: 'image',
  failOn: 'error',
  onUndetermined: 'pass',
  baselineRequired: 'false',
  comment: 'never',
  suggest: 'false',
  cache: 'false',
  concurrency: '4',
  insecureRegistries: [],
  limits: [],
  timeout: '1h',
} as const

const CONCURRENCY_LIMIT = 64

/**
 * Parses what a user wrote; every mistake in it is reported at once, in one UsageError. `spoken` gives what the front
 * door calls an input: the command has flags. What is not written is as the policy has it, then as DEFAULTS has it.
 */
export function parseOptions(
  written: RawOptions,
  spoken: (input: string) => string = name => name,
  policy?: Policy,
): Options {
  const problems: string[] = []
  const complain = (name: string, problem: string): void => {
    problems.push(`${spoken(name)}: ${problem}`)
  }
  const choose = <T extends string>(name: string, known: readonly T[], text: string): T | undefined => {
    const chosen = known.find(one => one === text)
    if (chosen === undefined) complain(name, expectedOneOf(known, text))
    return chosen
  }
  const take = <T>(name: string, result: Result<T>): T[] => {
    if (result.ok) return [result.value]
    complain(name, result.problem)
    return []
  }
  const takeFlag = (name: string, text: string): boolean => {
    if (text !== 'true' && text !== 'false') complain(name, `expected true or false, got ${JSON.stringify(text)}`)
    return text === 'true'
  }
  const named = written.metadata.trim() === '' ? [] : take('metadata', parseMetadata(written.metadata)).flat()
  const images = [
    ...written.image.flatMap(text => take('image', parseLocation(text))),
    ...named.flatMap(text => take('metadata', parseLocation(text))),
  ]
  const isNamed = images.length > 0 || written.dockerfile.length > 0
  if (!isNamed && problems.length === 0) complain('image', 'no image is given')
  if (images.length === 0 && written.baseline !== '') complain('baseline', 'there is no image to compare it with')
  const [baseline] = written.baseline === '' ? [] : take('baseline', parseLocation(written.baseline))
  const platforms = written.platforms.flatMap(text => take('platforms', parseWantedPlatform(text)))
  const source = choose('source', SOURCES, written.source)
  const scope = written.scope === undefined ? undefined : choose('scope', SCOPES, written.scope)
  const failOn = choose('fail-on', FAIL_ON, written.failOn)
  const onUndetermined =
    written.onUndetermined === undefined
      ? undefined
      : choose('on-undetermined', ON_UNDETERMINED, written.onUndetermined)
  const cache = takeFlag('cache', written.cache)
  const baselineRequired =
    written.baselineRequired === undefined ? undefined : takeFlag('baseline-required', written.baselineRequired)
  // With a policy it is known of each image alone whether it has one.
  if (baselineRequired && written.baseline === '' && !policy)
    complain('baseline-required', `no ${spoken('baseline')} is given`)
  const concurrency = /^[0-9]{1,3}$/.test(written.concurrency) ? Number(written.concurrency) : 0
  if (concurrency < 1 || concurrency > CONCURRENCY_LIMIT) {
    complain(
      'concurrency',
      `expected a number from 1 to ${CONCURRENCY_LIMIT}, got ${JSON.stringify(written.concurrency)}`,
    )
  }
  const timeout = parseTime(written.timeout)
  if (timeout === undefined) {
    const got = JSON.stringify(written.timeout)
    complain('timeout', `expected a time such as 90s, 30m or 2h, up to 24h, or 0 for no limit, got ${got}`)
  }
  const ignore = written.ignore.flatMap(text => take('ignore', parseIgnore(text)))
  const insecureRegistries = written.insecureRegistries.flatMap(text => take('insecure-registries', parseHost(text)))
  const raised = written.limits.flatMap(text => take('limits', parseLimit(text)))
  const rules = new Map(written.rules.flatMap(text => take('rules', parseRuleSetting(text))))
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  const own: Settings = writtenSettings({platforms, scope, onUndetermined, rules, ignore, baselineRequired}, spoken)
  const settings = runSettings(policy, own)
  return {
    dockerfiles: [...new Set(written.dockerfile)],
    images: uniqueBy(images, image => image.text).map(image => readBy(image, source)),
    platforms: settings.platforms?.value,
    scope: settings.scope?.value ?? DEFAULTS.scope,
    failOn: failOn ?? 'error',
    onUndetermined: settings.onUndetermined?.value ?? DEFAULTS.onUndetermined,
    rules: new Map(settings.rules.map(({value}) => value)),
    ignore: settings.ignore.map(({value}) => value),
    baseline: baseline && readBy(baseline, source),
    baselineRequired: settings.baselineRequired?.value ?? false,
    cache,
    concurrency,
    insecureRegistries,
    limits: {...DEFAULT_LIMITS, ...Object.fromEntries(raised)},
    timeout: timeout ?? 0,
    ...(policy === undefined ? {} : {policy: {file: policy, written: own, source: source ?? DEFAULTS.source}}),
  }
}

/** The entries of a list as a workflow writes it: one per line, or separated by commas; `#` starts a comment. */
export function parseList(text: string): string[] {
  return text
    .split('\n')
    .map(withoutComment)
    .flatMap(line => line.split(','))
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}

/**
 * The same for entries with a reason: what stands after `#` belongs to each entry of its line. A
 * line that begins with `#` is a comment.
 */
export function parseReasonedList(text: string): string[] {
  return text.split('\n').flatMap(line => {
    const [, entries = '', reason] = /^(.*?)(?:(?:^|\s)#(.*))?$/.exec(line.trim()) ?? []
    // `{a,b}` is one glob.
    const globs = entries.split(/,(?![^{]*\})/).map(entry => entry.trim())
    return globs.filter(entry => entry !== '').map(entry => (reason === undefined ? entry : `${entry} #${reason}`))
  })
}

/** A bare reference, read from where the user said; every other location says so itself. */
export function readBy(location: Location, source: ImageReader | undefined): Location {
  return location.transport === 'docker' && source === 'registry' ? {...location, transport: 'registry'} : location
}

/**
 * A registry as references name it: `registry.local:5000`, `[fd00::1]:5000`. No scheme, no path, no range of addresses.
 */
function parseHost(text: string): Result<string> {
  const isHost = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/i.test(text)
  return isHost
    ? {ok: true, value: text.toLowerCase()}
    : {ok: false, problem: `expected HOST[:PORT], got ${JSON.stringify(text)}`}
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map(item => [key(item), item])).values()]
}
