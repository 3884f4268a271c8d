import {nearestName} from '../lib/nearest.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {LEVELS} from './finding.ts'
import {RULES} from './index.ts'
import type {RuleSetting} from './run.ts'

/** What may be set of a rule. */
export const RULE_SETTINGS: readonly RuleSetting[] = [...LEVELS, 'off']

/** Parses `RULE=LEVEL`, as the input and the flag have it. */
export function parseRuleSetting(text: string): Result<readonly [string, RuleSetting]> {
  const [id = '', value = '', ...rest] = text.split('=').map(part => part.trim())
  const setting = RULE_SETTINGS.find(known => known === value)
  if (rest.length > 0 || setting === undefined) {
    const meant = value === '' ? undefined : nearestName(value.toLowerCase(), RULE_SETTINGS)
    const problem = `expected RULE=${RULE_SETTINGS.join('|')}, got ${JSON.stringify(text)}`
    return fail(meant === undefined ? problem : `${problem}; did you mean ${id}=${meant}?`)
  }
  const known = parseRuleId(id)
  return known.ok ? ok([known.value, setting]) : known
}

/** A rule that there is; the problem names the nearest, or all. */
export function parseRuleId(id: string): Result<string> {
  const ids = RULES.map(rule => rule.id)
  if (ids.includes(id)) return ok(id)
  const meant = nearestName(id, ids)
  const hint = meant === undefined ? `the rules are ${ids.join(', ')}` : `did you mean ${meant}?`
  return fail(`there is no rule ${JSON.stringify(id)}; ${hint}`)
}
