import {LEVELS, type Level} from '../rules/finding.ts'

export type Tally = Readonly<Record<Level, number>>

/** How many findings there are of each level. */
export function tallyOf(findings: readonly {readonly level: Level}[]): Tally {
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
export function byGravity<T extends {readonly level: Level}>(findings: readonly T[]): T[] {
  return findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}
