import type {ExplainedFinding} from '../explain/index.ts'
import {remembered} from '../lib/remembered.ts'
import {parsePlatform, programTarget} from '../platform/index.ts'
import {type Finding, LEVELS, ownLevelOf, platformsOf} from '../rules/finding.ts'
import {findingsOn, switchedOffOn} from './by-image.ts'
import type {Report, ReportImage, ReportPlatform} from './report.ts'

/** What one platform of an image came to; `platform` is absent where it was requested and is not there. */
export interface Row {
  readonly image: ReportImage
  readonly name: string
  readonly platform?: ReportPlatform
  readonly findings: readonly ExplainedFinding[]
  /** Of rules that are switched off. */
  readonly switchedOff: readonly Finding[]
}

/**
 * `tolerated`: a mismatch that fails nothing, as the user wants it. `absent`: the platform was requested, or a finding
 * names it, and no image of it was read. `unchecked`: it is of another system, or an engine does not hold it, and
 * it was not looked into.
 */
export type RowState = 'match' | 'mismatch' | 'tolerated' | 'undetermined' | 'unchecked' | 'absent'

/** Every platform that was read, and after those of its image every other that a finding names. */
export const rowsOf: (report: Report) => readonly Row[] = remembered(report =>
  report.images.flatMap(image => rowsOfImage(report, image)),
)

/** Those of one image of the report. */
export function rowsOfImage(report: Report, image: ReportImage): readonly Row[] {
  const findings = findingsOn(report, image)
  const switchedOff = switchedOffOn(report, image)
  const of = (name: string) => ({
    ...{image, name},
    findings: findings.filter(finding => platformsOf(finding).includes(name)),
    switchedOff: switchedOff.filter(finding => platformsOf(finding).includes(name)),
  })
  const read = new Set(image.platforms.map(platform => platform.platform))
  const others = new Set(
    [...findings, ...switchedOff]
      .filter(isMissed)
      .flatMap(platformsOf)
      .filter(name => !read.has(name)),
  )
  return [...image.platforms.map(platform => ({...of(platform.platform), platform})), ...Array.from(others, of)]
}

/** A note on a platform that is not there (one that was dropped on purpose, say) makes no row of it. */
function isMissed(finding: Finding): boolean {
  return ownLevelOf(finding) !== 'note' || finding.rule === 'undetermined'
}

export function stateOf({platform, findings, switchedOff}: Row): RowState {
  if (platform === undefined) {
    // Of a platform of the index that an engine does not hold nothing else is said.
    return [...findings, ...switchedOff].every(({rule}) => rule === 'undetermined') ? 'unchecked' : 'absent'
  }
  if (platform.verdict === 'mismatch') return platform.tolerated ? 'tolerated' : 'mismatch'
  return platform.checked ? platform.verdict : 'unchecked'
}

/**
 * What is gravest of a platform, whatever level the user gave to it, first what is about a file; undefined where
 * nothing but notes was found.
 */
export function gravestOf({findings, switchedOff}: Row): Finding | undefined {
  const gravity = (finding: Finding): number =>
    2 * LEVELS.indexOf(ownLevelOf(finding)) + (finding.path === undefined ? 1 : 0)
  // What was raised counts as what it was raised to, where nothing is graver by itself.
  const isTold = (finding: Finding): boolean => finding.level !== 'note' || ownLevelOf(finding) !== 'note'
  return [...findings, ...switchedOff].filter(isTold).toSorted((a, b) => gravity(a) - gravity(b))[0]
}

/** The same with the variant that the name asks for: `arm v7`, `x86-64-v3`. */
export function claimedProgram(name: string): string | undefined {
  const machine = claimedMachine(name)
  const parsed = parsePlatform(name)
  const variant = parsed.ok ? parsed.value.variant : ''
  if (machine === undefined || variant === '' || variant === 'v8') return machine
  return machine === 'x86-64' ? (variant === 'v1' ? machine : `${machine}-${variant}`) : `${machine} ${variant}`
}

/** The machine that the programs of a platform must be for; undefined where its name says none. */
export function claimedMachine(name: string): string | undefined {
  const parsed = parsePlatform(name)
  return parsed.ok ? programTarget(parsed.value)?.name : undefined
}
