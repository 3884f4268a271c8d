/**
 * `npm run bench`: all benchmarks, and a table of the aims (bench/whole/whole.ts has the options). `npm run bench --
 * NAME`: one benchmark of this folder, with its own options; `--figures FILE` writes what it gives, as JSON.
 */
import {readdirSync, writeFileSync} from 'node:fs'
import type {Bench} from './report/figures.ts'

const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -'.ts'.length))
const [name, ...args] = process.argv.slice(2)

if (name === undefined || name.startsWith('--')) {
  const {measureAll} = await import('./whole/whole.ts')
  process.exitCode = await measureAll(process.argv.slice(2))
} else {
  if (!names.includes(name)) throw new Error(`expected one of ${names.join(', ')}, got ${JSON.stringify(name)}`)
  await runOne(name, args)
}

async function runOne(which: string, given: readonly string[]): Promise<void> {
  const at = given.indexOf('--figures')
  const file = at < 0 ? undefined : given[at + 1]
  const {bench}: {bench: Bench} = await import(`./${which}.ts`)
  const figures = await bench(at < 0 ? given : given.toSpliced(at, 2))
  for (const {title, lines} of figures.tables) {
    console.log(`\n${title}`)
    console.table(lines)
  }
  if (file !== undefined) writeFileSync(file, JSON.stringify(figures))
}
