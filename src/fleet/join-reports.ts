import {UsageError} from '../errors.ts'
import {defined} from '../lib/defined.ts'
import {compareLines, type LineAndColumn} from '../lib/line-and-column.ts'
import type {Report, ReportImage, ReportPolicy, ReportSuppression} from '../report/report.ts'
import {unusedIgnores} from '../report/scan.ts'
import {type Finding, LEVELS} from '../rules/finding.ts'
import type {UnitResult} from './result-line.ts'

/**
 * Makes of the results of all units of an inventory the report that one run without parts would have made. Throws a
 * UsageError where they are not of one inventory, one configuration and one program, or where one is missing.
 */
export function joinReports(results: readonly UnitResult[]): Report {
  const [first] = results
  if (first === undefined) throw new UsageError('merge: there is no result in the files')
  for (const result of results) refuseOther(first, result)
  const placed = results.flatMap(({places, report}) =>
    report.images.map((image, index) => ({image, place: places[index] ?? -1})),
  )
  const images = inPlaces(placed, first.total)
  const order = new Map(images.map(({reference}, index) => [reference, index]))
  const reports = results.map(({report}) => report)
  const switchedOff = reports.flatMap(report => report.switchedOff)
  const {schemaVersion, tool, configuration} = first.report
  return {
    ...{schemaVersion, tool, configuration},
    ...defined({policy: joinPolicies(reports.flatMap(({policy}) => policy ?? []))}),
    verdict: reports.some(({verdict}) => verdict === 'fail') ? 'fail' : 'pass',
    images,
    ...defined({unusedIgnores: unusedIgnores(images)}),
    findings: inOrder(
      reports.flatMap(({findings}) => findings),
      order,
    ),
    // As a run has them: those of rules that are off, then what is suppressed.
    switchedOff: [
      ...inOrder(
        switchedOff.filter(({suppressed}) => suppressed === undefined),
        order,
      ),
      ...inOrder(
        switchedOff.filter(({suppressed}) => suppressed !== undefined),
        order,
      ),
    ],
  }
}

function refuseOther(first: UnitResult, other: UnitResult): void {
  const of = (name: string, one: unknown, two: unknown): void => {
    if (one === two) return
    const names = [first, other].map(({report}) => report.images[0]?.reference ?? '?')
    throw new UsageError(
      `merge: the results are not of one run: ${name} is ${JSON.stringify(one)} of ${names[0]} and ${JSON.stringify(two)} of ${names[1]}`,
      {hint: 'Give results of the same inventory, options and policy, made by the same version.'},
    )
  }
  of('the number of images', first.total, other.total)
  of('the version', first.report.tool.version, other.report.tool.version)
  of('the digest of the program', first.report.tool.digest, other.report.tool.digest)
  of('the configuration', first.report.configuration.digest, other.report.configuration.digest)
  of('the policy', first.report.policy?.digest, other.report.policy?.digest)
}

/** The images at their places; each must be there once. */
function inPlaces(
  placed: readonly {readonly image: ReportImage; readonly place: number}[],
  total: number,
): readonly ReportImage[] {
  const images = new Map(placed.map(({image, place}) => [place, image]))
  const missing = Array.from({length: total}, (_, place) => place).filter(place => !images.has(place))
  if (missing.length > 0) {
    const shown = missing.slice(0, 5).map(place => place + 1)
    throw new UsageError(
      `merge: ${missing.length} of ${total} images have no result: number ${shown.join(', ')}${missing.length > 5 ? ' and more' : ''} of the inventory`,
      {hint: 'Give the files of all parts; a part that was cut off is continued with --resume.'},
    )
  }
  if (images.size !== placed.length || images.size !== total) {
    throw new UsageError('merge: the results are not of one run: two of them are of the same place in the inventory')
  }
  return Array.from(images)
    .toSorted(([a], [b]) => a - b)
    .map(([, image]) => image)
}

/** The gravest first, then by image; of one image in the order of its report. */
function inOrder<F extends Finding>(findings: readonly F[], order: ReadonlyMap<string, number>): readonly F[] {
  const placeOf = ({image = ''}: Finding): number => order.get(image) ?? order.size
  return findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || placeOf(a) - placeOf(b))
}

/** What each unit saw of the file's suppressions, together. */
function joinPolicies(policies: readonly ReportPolicy[]): ReportPolicy | undefined {
  const [first] = policies
  if (first === undefined) return undefined
  const byPlace = Map.groupBy(
    policies.flatMap(({suppressions}) => suppressions),
    ({place}) => place,
  )
  const joined = Array.from(byPlace.values(), (seen): ReportSuppression[] => {
    const [one] = seen
    if (one === undefined) return []
    const count = seen.reduce((sum, {count: more}) => sum + more, 0)
    return [{...one, state: one.state === 'expired' ? 'expired' : count > 0 ? 'used' : 'unused', count}]
  }).flat()
  const placeOf = ({place}: ReportSuppression): LineAndColumn => place.split(':').slice(-2).map(Number)
  const sorted = joined.toSorted((a, b) => compareLines(placeOf(a), placeOf(b)))
  return {...first, suppressions: sorted}
}
