import {readFileSync, writeFileSync} from 'node:fs'
import {cpus} from 'node:os'
import type {LimitName} from '../../src/lib/limits.ts'
import type {Row, Trial} from './trial.ts'

const RESULTS_FILE = new URL('results.json', import.meta.url)

/** What one trial took, and how it ended. */
export interface TrialResult {
  readonly name: string
  readonly way: Trial['way']
  /** The limit that it comes near to or goes over. */
  readonly limit?: LimitName
  readonly ended: string
  /** Of a processor. */
  readonly seconds: number
  /** Resident memory at its peak. */
  readonly mebibytes: number
}

export interface Results {
  /** What was measured on, and with. */
  readonly machine: {readonly processor: string; readonly node: string}
  /** In the order in which they are tried. */
  readonly trials: readonly TrialResult[]
}

export function readResults(): Results {
  // Our own file, which a test checks.
  return JSON.parse(readFileSync(RESULTS_FILE, 'utf8'))
}

export function resultOf({trial: {name, way, limit}, run, ended}: Row): TrialResult {
  return {
    ...{name, way},
    ...(limit === undefined ? {} : {limit}),
    ...{ended, seconds: Math.round(run.busy / 100) / 10, mebibytes: Math.round(run.memory / 2 ** 20)},
  }
}

/** Writes what was measured, with what stands there of the other trials of `all` that are still as they were. */
export function writeResults(measured: readonly TrialResult[], all: readonly Trial[]): void {
  const known = new Map([...readResults().trials, ...measured].map(one => [trialKey(one), one]))
  const kept = all.flatMap(trial => {
    const row = known.get(trialKey(trial))
    return row === undefined || row.limit !== trial.limit ? [] : [row]
  })
  const rows = kept.map(row => `  ${JSON.stringify(row)}`)
  const machine = JSON.stringify({processor: cpus()[0]?.model ?? 'unknown', node: process.version})
  // A row a line: a diff shows which trial has changed.
  writeFileSync(RESULTS_FILE, `{\n "machine": ${machine},\n "trials": [\n${rows.join(',\n')}\n ]\n}\n`)
}

/** What tells a trial from all others. */
export function trialKey({name, way}: Pick<Trial, 'name' | 'way'>): string {
  return `${name} (${way})`
}
