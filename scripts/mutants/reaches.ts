import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import type {CoverageData, MutantCoverage} from '@stryker-mutator/api/core'
import type {Reach} from './order.ts'
import type {Ended} from './run-cases.ts'

/** What the run without a change says of the tests and of the places that are changed. */
export interface Reaches {
  readonly tests: readonly Reach[]
  /** How often one test has been at a place, at most. */
  readonly mostHits: Readonly<Record<string, number>>
}

/** A test that is this many times as often at a changed place is in a loop that does not end. */
const HIT_FACTOR = 100
const HITS = 10_000

export function reachesOf(ended: readonly Ended[], {perTest}: MutantCoverage): Reaches {
  const mostHits: Record<string, number> = {}
  for (const counts of Object.values(perTest)) {
    for (const [place, count] of Object.entries(counts)) mostHits[place] = Math.max(mostHits[place] ?? 0, count)
  }
  const tests = ended.map(({one: {id, file}, milliseconds}) => {
    const counts: CoverageData = perTest[id] ?? {}
    return {id, file, places: Object.keys(counts).length, milliseconds}
  })
  return {tests, mostHits}
}

/** How often a test may be at a changed place: what is there as often has no end, and counts as seen. */
export function hitLimitOf({mostHits}: Reaches, place: string): number {
  return (mostHits[place] ?? 0) * HIT_FACTOR + HITS
}

/** A process that hangs is ended, and the next one is told of nothing but the changes: what was found is in this file. */
export function writeReaches(file: string, reaches: Reaches): void {
  writeFileSync(file, JSON.stringify(reaches))
}

export function readReaches(file: string): Reaches {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {tests: [], mostHits: {}}
}
