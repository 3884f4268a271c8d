import {readFileSync, writeFileSync} from 'node:fs'
import {isAimName} from './aims.ts'
import type {Figures} from './figures.ts'

export const RESULTS_FILE = new URL('../results.json', import.meta.url).pathname

/** What was measured on, and with. */
export interface Machine {
  readonly processor: string
  readonly processors: number
  /** In GiB. */
  readonly memory: number
  readonly system: string
  readonly node: string
  /** Versions by name; `absent` for a program that does not run. */
  readonly programs: Readonly<Record<string, string>>
}

/** One benchmark of a run. */
export interface Part extends Figures {
  readonly bench: string
  readonly arguments: readonly string[]
  /**
   * Whether sizes and rounds are those of `--quick`: such figures show that the benchmark
   * works, and no aim is judged by them.
   */
  readonly quick: boolean
  /** The day, in UTC: `2026-01-31`. */
  readonly date: string
  /** Of package.json. */
  readonly version: string
  readonly machine: Machine
  /** What all of it took. */
  readonly seconds: number
  /** Why it has no figures. */
  readonly failed?: string
}

/** In the order in which they were measured. */
export interface Results {
  readonly parts: readonly Part[]
}

export function readResults(file = RESULTS_FILE): Results {
  return parseResults(readFileSync(file, 'utf8'))
}

/** Our own file; what can go wrong in it is an aim that has another name since. */
export function parseResults(text: string): Results {
  const results: Results = JSON.parse(text)
  for (const {bench, figures} of results.parts) {
    for (const {aim} of figures) {
      if (!isAimName(aim)) throw new Error(`${bench}: there is no aim ${JSON.stringify(aim)}; measure it anew`)
    }
  }
  return results
}

/** Of every benchmark the newer part, in the order of `order`; what is not in it is left out. */
export function mergeResults(older: Results, newer: Results, order: readonly string[]): Results {
  const parts = new Map([...older.parts, ...newer.parts].map(part => [part.bench, part]))
  return {parts: order.flatMap(bench => parts.get(bench) ?? [])}
}

/** A figure and a line of a table each on a line of its own: a diff shows which has changed. */
export function formatResults({parts}: Results): string {
  const list = (values: readonly unknown[], margin: string): string =>
    values.length === 0
      ? '[]'
      : `[\n${values.map(value => `${margin}  ${JSON.stringify(value)}`).join(',\n')}\n${margin}]`
  const formatPart = ({figures, tables, ...rest}: Part): string => {
    const fields = Object.entries(rest).map(
      ([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
    )
    const shown = tables.map(
      ({title, lines}) =>
        `        {\n          "title": ${JSON.stringify(title)},\n          "lines": ${list(lines, '          ')}\n        }`,
    )
    const tableList = shown.length === 0 ? '[]' : `[\n${shown.join(',\n')}\n      ]`
    return `    {\n${fields.join(',\n')},\n      "figures": ${list(figures, '      ')},\n      "tables": ${tableList}\n    }`
  }
  return `{\n  "parts": [\n${parts.map(formatPart).join(',\n')}\n  ]\n}\n`
}

export function writeResults(file: string, results: Results): void {
  writeFileSync(file, formatResults(results))
}
