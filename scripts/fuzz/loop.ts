import {type Random, seededRandom} from '../kernel/random.ts'
import {attempt, attemptTwice, type Finding} from './attempt.ts'
import type {Coverage} from './coverage.ts'
import {mutate} from './mutate.ts'
import {shrink} from './shrink.ts'
import type {FuzzTarget} from './target.ts'

export interface LoopOptions {
  readonly coverage: Coverage
  readonly seed: number
  readonly words: readonly Uint8Array[]
  /** What earlier runs kept. */
  readonly corpus: readonly Uint8Array[]
  /** Whether there is time for one more. */
  readonly goesOn: (executions: number) => boolean
  /** Told of every input before it is read, for it may never end. */
  readonly onInput?: (input: Uint8Array) => void
}

export interface LoopResult {
  readonly executions: number
  /** Places that were reached by the seeds and the corpus alone, and at the end. */
  readonly reachedFirst: number
  readonly reached: number
  /** What was worth keeping: each input reached something that those before did not. */
  readonly kept: readonly Uint8Array[]
  readonly findings: readonly FoundInput[]
}

export interface FoundInput extends Finding {
  readonly input: Uint8Array
}

/** A second reading for one input in so many, besides all that are kept. */
const AGAIN = 64
/** Causes. */
const MOST_FINDINGS = 20

/** Makes inputs from those that reached something new, reads them, and keeps what reaches more. */
export async function fuzz(target: FuzzTarget, options: LoopOptions): Promise<LoopResult> {
  const {coverage, goesOn} = options
  const random = seededRandom(options.seed)
  const words = [...options.words, ...(target.words ?? []).map(word => Buffer.from(word))]
  const kept: Uint8Array[] = []
  const findings = new Map<string, FoundInput>()
  let executions = 0

  const tell = async (input: Uint8Array, finding: Finding): Promise<void> => {
    if (findings.has(finding.key) || findings.size >= MOST_FINDINGS) return
    findings.set(finding.key, {...finding, input})
    if (finding.kind !== 'threw') return
    const shorter = await shrink(input, async tried => {
      options.onInput?.(tried)
      return (await attempt(target, tried))?.key === finding.key
    })
    findings.set(finding.key, {...finding, input: shorter})
    coverage.clear()
  }
  const read = async (input: Uint8Array): Promise<void> => {
    options.onInput?.(input)
    executions++
    const finding = await attempt(target, input)
    const isNew = coverage.isNew()
    if (finding) return tell(input, finding)
    if (isNew) kept.push(input)
    if (!isNew && !random.oneIn(AGAIN)) return
    const changeable = await attemptTwice(target, input)
    coverage.clear()
    if (changeable) await tell(input, changeable)
  }

  coverage.clear()
  for (const input of [...target.seeds(), ...options.corpus]) await read(input)
  if (kept.length === 0) kept.push(new Uint8Array())
  const reachedFirst = coverage.reached
  while (goesOn(executions)) {
    await read(mutate(choose(kept, random), {random, corpus: kept, words, limit: target.limit}))
  }
  return {executions, reachedFirst, reached: coverage.reached, kept, findings: [...findings.values()]}
}

/** Mostly any, often one of the newest, which lead to what nobody has seen yet. */
function choose(kept: readonly Uint8Array[], random: Random): Uint8Array {
  return random.pick(random.oneIn(3) ? kept.slice(-16) : kept)
}
