import {LEVELS, type Level, ownLevelOf, platformsOf} from '../rules/finding.ts'
import {RULES} from '../rules/index.ts'
import type {Report} from './report.ts'
import {formatTally, tallyOf} from './tally.ts'

/** A rule that the user lowered or switched off, and what it found that counts less for it, or not at all. */
export interface Tolerance {
  readonly rule: string
  readonly setting: Level | 'off'
  /** With the levels that the rule gives. */
  readonly found: readonly {readonly level: Level; readonly platform?: string; readonly platforms?: readonly string[]}[]
}

/** The rules that the user lowered or switched off, by their names, whether they found anything or not. */
export function tolerancesOf({configuration, findings, switchedOff}: Report): readonly Tolerance[] {
  return Object.entries(configuration.rules).flatMap(([rule, setting]) => {
    const found = (setting === 'off' ? switchedOff : findings)
      .filter(finding => finding.rule === rule)
      .map(finding => ({...finding, level: ownLevelOf(finding)}))
      .filter(({level}) => isLower(setting, level))
    const own = RULES.find(({id}) => id === rule)?.level ?? 'error'
    return found.length > 0 || isLower(setting, own) ? [{rule, setting, found}] : []
  })
}

function isLower(setting: Level | 'off', level: Level): boolean {
  return setting === 'off' || LEVELS.indexOf(setting) > LEVELS.indexOf(level)
}

/** Those that hide an error or a warning: with one of them nothing is a clean pass. */
export function isGrave({found}: Tolerance): boolean {
  return found.some(({level}) => level !== 'note')
}

/** Platforms that one line names; of more it says how many. */
const NAMED = 5

/**
 * `wrong-machine is off and would find 1 error (linux/arm64)`, `page-size is lowered to note`. May hold names of
 * platforms: escape it for the medium.
 */
export function describeTolerance({rule, setting, found}: Tolerance): string {
  const what = found.length === 0 ? 'nothing' : formatTally(tallyOf(found))
  const platforms = [...new Set(found.flatMap(platformsOf))]
  const more = platforms.length > NAMED ? [`${platforms.length - NAMED} more`] : []
  const at = platforms.length === 0 ? '' : ` (${[...platforms.slice(0, NAMED), ...more].join(', ')})`
  if (setting === 'off') return `${rule} is off and would find ${what}${at}`
  return `${rule} is lowered to ${setting}${found.length === 0 ? '' : ` and finds ${what}${at}`}`
}

/** The same for a headline: `wrong-machine is off: 1 error`. */
export function shortTolerance({rule, setting, found}: Tolerance): string {
  return `${rule} is ${setting === 'off' ? 'off' : `lowered to ${setting}`}: ${formatTally(tallyOf(found))}`
}
