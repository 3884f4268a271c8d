import type {FoundInput} from './loop.ts'

/** What a worker is started with. */
export interface Order {
  readonly name: string
  /** Where the instrumented target goes. */
  readonly outfile: string
  readonly seed: number
  readonly seconds: number
  /** Undefined: as many as there is time for. */
  readonly runs: number | undefined
  /** Whether a corpus is selected in the end. */
  readonly selects: boolean
  readonly watch: SharedArrayBuffer
}

/** What it tells in the end. */
export interface Told {
  readonly executions: number
  readonly places: number
  readonly reachedFirst: number
  readonly reached: number
  readonly kept: number
  readonly findings: readonly FoundInput[]
  readonly corpus: readonly Uint8Array[] | undefined
}

/** In bytes: how many inputs were begun and how long the last one is, before the input itself. */
const HEAD = 8
/** In bytes. */
const LARGEST = 1024 * 1024

export function newWatch(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD + LARGEST)
}

/** Writes down which input is read now, where it is found if its reading never ends. */
export function watchInput(watch: SharedArrayBuffer, input: Uint8Array): void {
  const head = new Int32Array(watch, 0, 2)
  const part = input.subarray(0, LARGEST)
  new Uint8Array(watch, HEAD).set(part)
  head[1] = part.length
  Atomics.add(head, 0, 1)
}

/** How many inputs were begun, and the last of them. */
export function watchedInput(watch: SharedArrayBuffer): {readonly begun: number; readonly input: Uint8Array} {
  const head = new Int32Array(watch, 0, 2)
  return {begun: Atomics.load(head, 0), input: Uint8Array.from(new Uint8Array(watch, HEAD, head[1] ?? 0))}
}
