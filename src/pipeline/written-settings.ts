import type {Scope} from '../facts/scope.ts'
import {defined} from '../lib/defined.ts'
import type {Platform} from '../platform/index.ts'
import type {Settings, Sourced} from '../policy/policy.ts'
import type {OnUndetermined} from '../report/configuration.ts'
import type {RuleSettings} from '../rules/run.ts'
import type {IgnoreEntry} from '../scan/index.ts'

/** What a user wrote in inputs or flags, of what a policy file may set, too; undefined or empty where nothing is. */
export interface Written {
  readonly platforms: readonly Platform[]
  readonly scope: Scope | undefined
  readonly onUndetermined: OnUndetermined | undefined
  readonly rules: RuleSettings
  readonly ignore: readonly IgnoreEntry[]
  readonly baselineRequired: boolean | undefined
}

/** The same as settings, each with the name of its input. The baseline of an input is that of the whole run. */
export function writtenSettings(written: Written, spoken: (input: string) => string): Settings {
  const sourced = <T>(value: T | undefined, input: string): Sourced<T> | undefined =>
    value === undefined ? undefined : {value, from: spoken(input)}
  const {platforms, scope, onUndetermined, rules, ignore, baselineRequired} = written
  return {
    ...defined({
      platforms: sourced(platforms.length === 0 ? undefined : platforms, 'platforms'),
      scope: sourced(scope, 'scope'),
      onUndetermined: sourced(onUndetermined, 'on-undetermined'),
      baselineRequired: sourced(baselineRequired, 'baseline-required'),
    }),
    rules: Array.from(rules, value => ({value, from: spoken('rules')})),
    ignore: ignore.map(value => ({value, from: spoken('ignore')})),
  }
}
