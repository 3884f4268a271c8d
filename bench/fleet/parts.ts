import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {median} from '../report/statistics.ts'
import {measuredRun} from '../support/measured-run.ts'
import {CODES, flagsFor} from './runs.ts'

export const PARTS = 4

/** In seconds. */
export interface PartTimes {
  readonly one: number
  readonly four: number
}

/** One process and the reports of its results, and four parts at once with their merge. */
export async function measureParts(
  path: string,
  {list, folder, rounds}: {readonly list: string; readonly folder: string; readonly rounds: number},
): Promise<PartTimes> {
  const options = {env: process.env, scratch: folder, codes: CODES}
  const streamed = (name: string, ...more: readonly string[]) =>
    measuredRun(path, [...flagsFor(list), '--stream', join(folder, name), ...more], options)
  const merged = async (report: string, names: readonly string[]): Promise<string> => {
    const file = join(folder, report)
    const inputs = names.map(name => join(folder, name))
    await measuredRun(path, ['merge', ...inputs, '--quiet', '--report', `json=${file}`], options)
    return readFile(file, 'utf8')
  }
  const [ones, fours]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    const [start, whole] = [performance.now(), 'whole.jsonl']
    await streamed(whole)
    const expected = await merged('whole.json', [whole])
    ones.push((performance.now() - start) / 1000)
    const since = performance.now()
    const names = Array.from({length: PARTS}, (_, at) => `part-${at + 1}.jsonl`)
    await Promise.all(names.map((name, at) => streamed(name, '--shard', `${at + 1}/${PARTS}`)))
    const got = await merged('parts.json', names)
    fours.push((performance.now() - since) / 1000)
    if (got !== expected) throw new Error('the merged report of four parts is not that of one process')
    console.error(`${PARTS} parts and merge: ${fours.at(-1)?.toFixed(2)} s, one process ${ones.at(-1)?.toFixed(2)} s`)
  }
  return {one: median(ones), four: median(fours)}
}
