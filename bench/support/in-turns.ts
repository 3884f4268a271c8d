import {median} from '../report/statistics.ts'
import type {Took} from './children.ts'

/** One of the ways that are compared. */
export interface Way {
  readonly name: string
  /** Not timed: forgets what an earlier run left. */
  prepare?(): Promise<unknown>
  run(): Promise<Took>
  /** How often it is run in each round; a short one more than once. */
  readonly times?: number
}

/** What a way took in all of its rounds. */
export interface Taken {
  readonly name: string
  /** In seconds, of the median run. */
  readonly seconds: number
  /** In bytes, of the worst run. */
  readonly memory: number | undefined
  /** In seconds of all processors, of the median run: less shaken by what else the machine does. */
  readonly processor: number | undefined
}

/** In turns, so that what else the machine does falls upon all. Tells of each run on standard error. */
export async function measureInTurns(ways: readonly Way[], rounds: number): Promise<readonly Taken[]> {
  const taken = ways.map(() => ({seconds: [] as number[], memories: [] as number[], processors: [] as number[]}))
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, way] of ways.entries()) {
      for (let time = 0; time < (way.times ?? 1); time += 1) {
        await way.prepare?.()
        const since = performance.now()
        const {memory, processor} = await way.run()
        const seconds = (performance.now() - since) / 1000
        taken[at]?.seconds.push(seconds)
        if (memory !== undefined) taken[at]?.memories.push(memory)
        if (processor !== undefined) taken[at]?.processors.push(processor)
        console.error(`round ${round + 1} of ${rounds}: ${way.name}: ${seconds.toFixed(2)} s`)
      }
    }
  }
  return ways.map(({name}, at) => ({
    name,
    seconds: median(taken[at]?.seconds ?? []),
    memory: taken[at]?.memories.length ? Math.max(...taken[at].memories) : undefined,
    processor: taken[at]?.processors.length ? median(taken[at].processors) : undefined,
  }))
}

/** `1.25×`; empty where one of the two was not measured. */
export function ratio(
  one: Taken | undefined,
  other: Taken | undefined,
  of: 'seconds' | 'processor' = 'seconds',
): string {
  const [part, whole] = [one?.[of], other?.[of]]
  return part === undefined || whole === undefined ? '' : `${(part / whole).toFixed(2)}×`
}

/** `6.31 s against 5.02 s` */
export function against(one: Taken, other: Taken): string {
  const shown = (seconds: number): string => `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`
  return `${shown(one.seconds)} against ${shown(other.seconds)}`
}

/** Two columns of a table. */
export function processorAndMemory({processor, memory}: Partial<Pick<Taken, 'processor' | 'memory'>>) {
  return {
    'processor seconds': processor?.toFixed(2) ?? '',
    'MB of memory': memory === undefined ? '' : (memory / 1e6).toFixed(0),
  }
}
