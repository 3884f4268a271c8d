import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import type {MutantCoverage} from '@stryker-mutator/api/core'
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
  const reachedBy: Record<string, number> = {}
  for (const {one} of ended) {
    for (const [place, count] of Object.entries(perTest[one.id] ?? {})) {
      mostHits[place] = Math.max(mostHits[place] ?? 0, count)
      reachedBy[place] = (reachedBy[place] ?? 0) + 1
    }
  }
  const tests = ended.map(({one: {id}, milliseconds}) => {
    const places = Object.keys(perTest[id] ?? {})
    const fewest = Math.min(...places.map(place => reachedBy[place] ?? 0))
    return {id, rarest: Number(places.find(place => reachedBy[place] === fewest) ?? -1), milliseconds}
  })
  return {tests, mostHits}
}

/** How often a test may be at a changed place: what is there as often has no end, and counts as seen. */
export function hitLimitOf({mostHits}: Reaches, place: string): number {
  return (mostHits[place] ?? 0) * HIT_FACTOR + HITS
}

/**
 * A process that hangs is ended, and the next one is told of nothing but the changes: what was found is in this file.
 */
export function writeReaches(file: string, reaches: Reaches): void {
  writeFileSync(file, JSON.stringify(reaches))
}

export function readReaches(file: string): Reaches {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {tests: [], mostHits: {}}
}
