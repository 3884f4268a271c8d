import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {endOnSignals} from '../../e2e/ground/signals.ts'
import type {Figures} from '../report/figures.ts'

/** What one benchmark gave, or why it gave nothing. */
export type Outcome = Figures & {readonly failed?: string}

/** Runs one benchmark in a process of its own, which prints to standard error. */
export async function runPart(bench: string, args: readonly string[], folder: string): Promise<Outcome> {
  const file = join(folder, `${bench}.json`)
  const child = spawn(
    process.execPath,
    ['--no-warnings', join(import.meta.dirname, '../run.ts'), bench, ...args, '--figures', file],
    {stdio: ['ignore', 2, 'inherit']},
  )
  const ended = once(child, 'close')
  // A signal to this process alone is one to the benchmark, which has engines to stop.
  const ignoreSignals = endOnSignals(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await ended
  ignoreSignals()
  if (child.exitCode === 0) return JSON.parse(await readFile(file, 'utf8'))
  const failed = child.signalCode === null ? `it ended with ${child.exitCode}` : `${child.signalCode} ended it`
  return {figures: [], tables: [], failed}
}
