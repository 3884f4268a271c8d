import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {attempt} from './attempt.ts'
import type {Coverage} from './coverage.ts'
import type {FuzzTarget} from './target.ts'

const FOLDER = new URL('./corpus/', import.meta.url)

/** In bytes, of one target: the whole corpus is to stay small. */
export const CORPUS_LIMIT = 7000

/** The inputs that are committed for a target: one per line, in base64. */
export function readCorpus(name: string): readonly Uint8Array[] {
  const file = new URL(`${name}.txt`, FOLDER)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter(line => line !== '').map(line => Buffer.from(line, 'base64'))
}

/** Puts a target's corpus in the place of the one before. */
export function writeCorpus(name: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs.map(input => `${Buffer.from(input).toString('base64')}\n`)
  mkdirSync(FOLDER, {recursive: true})
  writeFileSync(new URL(`${name}.txt`, FOLDER), lines.join(''))
}

export interface SelectOptions {
  readonly kept: readonly Uint8Array[]
  readonly coverage: Coverage
  /** Told of every input before it is read. */
  readonly onInput: (input: Uint8Array) => void
}

/**
 * Few inputs that together reach most: always the one that adds most for its size, while there is room. What the seeds
 * reach is not counted.
 */
export async function selectCorpus(
  target: FuzzTarget,
  {kept, coverage, onInput}: SelectOptions,
): Promise<readonly Uint8Array[]> {
  const featuresOf = async (input: Uint8Array): Promise<readonly number[]> => {
    onInput(input)
    coverage.clear()
    await attempt(target, input)
    return coverage.features()
  }
  const reached = new Set<number>()
  for (const seed of target.seeds()) for (const feature of await featuresOf(seed)) reached.add(feature)
  const left: {readonly input: Uint8Array; readonly features: readonly number[]}[] = []
  for (const input of kept) left.push({input, features: await featuresOf(input)})
  const selected: Uint8Array[] = []
  let room = CORPUS_LIMIT
  for (;;) {
    let best: {readonly input: Uint8Array; readonly features: readonly number[]; readonly worth: number} | undefined
    for (const {input, features} of left) {
      const size = Math.ceil((input.length + 3) / 3) * 4
      if (size > room) continue
      const worth = features.filter(feature => !reached.has(feature)).length / (size + 20)
      if (worth > (best?.worth ?? 0)) best = {input, features, worth}
    }
    if (!best) return selected
    for (const feature of best.features) reached.add(feature)
    room -= Math.ceil((best.input.length + 3) / 3) * 4
    selected.push(best.input)
  }
}
