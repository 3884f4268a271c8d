import {defined} from '../../lib/defined.ts'
import type {Step} from '../steps.ts'
import {isSameContent, note, passOver, type Walk} from './walk.ts'

/** What one of several runs finds: what all find is as certain as before, anything else only likely. */
export async function followOneOf(walk: Walk, runs: readonly (() => Promise<void>)[]): Promise<void> {
  const all = []
  for (const run of runs) all.push(await takeBack(walk, run))
  const base = walk.steps.length
  for (const [index, step] of all[0]?.raised ?? []) {
    if (all.every(({raised}) => raised.has(index))) walk.steps[index] = step
  }
  for (const {steps, unknowns, passedOver} of all) {
    const places: number[] = []
    const placeOf = (from: number | undefined) => (from === undefined || from < base ? from : places[from - base])
    for (const step of steps) {
      const isCommon = all.every(other => other.steps.some(one => isSameFile(one, step)))
      const known = isCommon ? walk.steps.findIndex((one, index) => index >= base && isSameFile(one, step)) : -1
      const from = placeOf(step.from)
      const certainty = isCommon ? step.certainty : 'likely'
      const argv = isCommon
        ? commonWords(all.flatMap(other => other.steps.filter(one => isSameFile(one, step))))
        : step.argv
      places.push(known >= 0 ? known : walk.steps.push({...step, certainty, ...defined({from, argv})}) - 1)
    }
    for (const {from, reason} of unknowns) note(walk, placeOf(from), reason)
    for (const {from, reason} of passedOver) passOver(walk, placeOf(from), reason)
  }
}

/** The first words that all have. */
function commonWords(steps: readonly Step[]): Step['argv'] {
  const [first, ...others] = steps.map(({argv}) => argv)
  if (!first) return undefined
  const end = first.findIndex((word, index) => others.some(other => other?.[index] !== word))
  return end < 0 ? first : first.slice(0, end)
}

/** What was found and taken back. */
export interface TakenBack extends Pick<Walk, 'steps' | 'unknowns' | 'passedOver'> {
  /** By index: steps that were there before, and that more would hang on. */
  readonly raised: ReadonlyMap<number, Step>
}

/** Runs something, and takes back what it has found: the steps, what it made of earlier ones, and the unknowns. */
export async function takeBack(walk: Walk, run: () => Promise<void>): Promise<TakenBack> {
  const {steps, unknowns, passedOver, started} = walk
  const before = [...steps]
  const counts = [steps.length, unknowns.length, passedOver.length] as const
  await run()
  const raised = new Map<number, Step>()
  for (const [index, step] of before.entries()) {
    const after = steps[index]
    if (after === undefined || after === step) continue
    raised.set(index, after)
    steps[index] = step
  }
  const found = {
    steps: steps.splice(counts[0]),
    unknowns: unknowns.splice(counts[1]),
    passedOver: passedOver.splice(counts[2]),
    raised,
  }
  for (const [key, {last}] of started) if (last >= counts[0]) started.delete(key)
  return found
}

function isSameFile(one: Step, other: Step): boolean {
  const keys = [one, other].map(({path, role, via, obstacle, argv}) =>
    JSON.stringify([path, role, via, obstacle?.kind, argv?.[0]]),
  )
  return keys[0] === keys[1] && isSameContent(one, other)
}
