import type {ExplainedFinding} from '../explain/index.ts'
import {LEVELS, type Level} from '../rules/finding.ts'
import type {Report, ReportImage, ReportPlatform} from './report.ts'

export type Tally = Readonly<Record<Level, number>>

/** How many findings there are of each level. */
export function tallyOf(findings: readonly ExplainedFinding[]): Tally {
  const count = (level: Level): number => findings.filter(finding => finding.level === level).length
  return {error: count('error'), warning: count('warning'), note: count('note')}
}

/** `2 errors, 1 warning`; empty where there is nothing. */
export function formatTally(tally: Tally): string {
  return LEVELS.filter(level => tally[level] > 0)
    .map(level => plural(tally[level], level))
    .join(', ')
}

/** `1 platform`, `3 platforms`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** The gravest first; among equals the order of the report is kept. */
export function byGravity(findings: readonly ExplainedFinding[]): ExplainedFinding[] {
  return findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}

/** What one platform of an image came to; `platform` is absent where it was asked for and is not there. */
export interface Row {
  readonly image: ReportImage
  readonly name: string
  readonly platform?: ReportPlatform
  readonly findings: readonly ExplainedFinding[]
}

/** Every platform that was read, and after those of its image every other that a finding speaks of. */
export function rowsOf(report: Report): Row[] {
  return report.images.flatMap(image => {
    const findings = report.findings.filter(finding => finding.image === image.reference)
    const of = (name: string): ExplainedFinding[] => findings.filter(finding => finding.platform === name)
    const read = new Set(image.platforms.map(platform => platform.platform))
    const others = new Set(
      findings.flatMap(({platform}) => (platform === undefined || read.has(platform) ? [] : platform)),
    )
    return [
      ...image.platforms.map(platform => ({image, name: platform.platform, platform, findings: of(platform.platform)})),
      ...Array.from(others, name => ({image, name, findings: of(name)})),
    ]
  })
}
