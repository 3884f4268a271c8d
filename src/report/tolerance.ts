import {remembered} from '../lib/remembered.ts'
import {type Finding, LEVELS, type Level, ownLevelOf, platformsOf, type SuppressedBy} from '../rules/finding.ts'
import {RULES} from '../rules/index.ts'
import type {ReportConfiguration} from './configuration.ts'
import {configurationOf, type Report} from './report.ts'
import {formatTally, tallyOf} from './tally.ts'

/** A rule that the user lowered or switched off, or what a policy file suppresses of it. */
export interface Tolerance {
  readonly rule: string
  readonly setting: Level | 'off' | 'suppressed'
  /** What it found that counts less, or not at all, with the levels that the rule gives. */
  readonly found: readonly Found[]
  /** The images for which it is set; absent where it is set for all. */
  readonly images?: readonly string[]
  /** Of what is suppressed. */
  readonly by?: SuppressedBy
}

interface Found extends Pick<Finding, 'level' | 'image' | 'platform' | 'platforms'> {}

/**
 * The rules that the user lowered or switched off, by their names, whether they found anything or not; behind them what
 * is suppressed, in the order of the findings.
 */
export const tolerancesOf: (report: Report) => readonly Tolerance[] = remembered(report => {
  const {configuration, images} = report
  const own = images.filter(image => image.configuration !== undefined)
  const named = new Set<string | undefined>(own.map(({reference}) => reference))
  const ofRun = tolerancesFor(report, configuration, ({image}) => !named.has(image))
  // Images that are checked by the same are told of together.
  const groups = Map.groupBy(own, image => image.configuration?.digest)
  const ofImages = [...groups.values()].flatMap(group => {
    const references = group.map(({reference}) => reference)
    const set = configurationOf(report, group[0])
    const ofGroup = new Set<string | undefined>(references)
    return tolerancesFor(report, set, ({image}) => ofGroup.has(image)).map(tolerance => ({
      ...tolerance,
      images: references,
    }))
  })
  return [...ofRun, ...ofImages, ...suppressedOf(report)]
})

function tolerancesFor(
  {findings, switchedOff}: Report,
  {rules}: ReportConfiguration,
  isOfIt: (finding: Finding) => boolean,
): readonly Tolerance[] {
  return Object.entries(rules).flatMap(([rule, setting]) => {
    const found = (setting === 'off' ? switchedOff : findings)
      .filter(finding => finding.rule === rule && finding.suppressed === undefined && isOfIt(finding))
      .map(finding => ({...finding, level: ownLevelOf(finding)}))
      .filter(({level}) => isLower(setting, level))
    const own = RULES.find(({id}) => id === rule)?.level ?? 'error'
    return found.length > 0 || isLower(setting, own) ? [{rule, setting, found}] : []
  })
}

/** One for each suppression that covers something, and rule. */
function suppressedOf({switchedOff}: Report): readonly Tolerance[] {
  const covered = switchedOff.flatMap(finding =>
    (finding.suppressed ?? []).map(by => ({by, finding: {...finding, level: ownLevelOf(finding)}})),
  )
  const groups = Map.groupBy(covered, ({by, finding}) => JSON.stringify([by.place, finding.rule]))
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    const found = group.map(({finding}) => finding)
    return [{rule: first.finding.rule, setting: 'suppressed' as const, found, by: first.by}]
  })
}

function isLower(setting: Level | 'off', level: Level): boolean {
  return setting === 'off' || LEVELS.indexOf(setting) > LEVELS.indexOf(level)
}

/** Those that hide an error or a warning: with one of them nothing is a clean pass. */
export function isGrave({found}: Tolerance): boolean {
  return found.some(({level}) => level !== 'note')
}

/** Platforms, or images, that one line names; of more it says how many. */
const NAMED = 5

/**
 * `wrong-machine is off and would find 1 error (linux/arm64)`, `page-size is lowered to note`,
 * `1 error of wrong-machine (linux/arm64) is suppressed until 2027-01-31: …`. May hold names of platforms and texts of
 * the policy file: escape it for the medium.
 */
export function describeTolerance(tolerance: Tolerance): string {
  const {rule, setting, found, by, images} = tolerance
  const what = found.length === 0 ? 'nothing' : formatTally(tallyOf(found))
  const platforms = [...new Set(found.flatMap(platformsOf))]
  const at = platforms.length === 0 ? '' : ` (${listed(platforms)})`
  if (setting === 'suppressed') {
    const of = [...new Set(found.flatMap(({image}) => image ?? []))]
    const where = of.length === 0 ? '' : ` in ${listed(of)}`
    const until = by === undefined ? '' : ` until ${by.until} (${by.place}): ${by.reason}`
    return `${what} of ${rule}${at}${where} ${found.length === 1 ? 'is' : 'are'} suppressed${until}`
  }
  const where = images === undefined ? '' : ` for ${listed(images)}`
  if (setting === 'off') return `${rule} is off${where} and would find ${what}${at}`
  return `${rule} is lowered to ${setting}${where}${found.length === 0 ? '' : ` and finds ${what}${at}`}`
}

/** The same for a headline: `wrong-machine is off: 1 error`. */
export function shortTolerance({rule, setting, found}: Tolerance): string {
  const how = setting === 'off' || setting === 'suppressed' ? setting : `lowered to ${setting}`
  return `${rule} is ${how}: ${formatTally(tallyOf(found))}`
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : []
  return [...names.slice(0, NAMED), ...more].join(', ')
}
