/** A reader of bytes that nobody has checked, and what holds for it whatever they are. */
export interface FuzzTarget {
  /** What is read: `tar`, `dockerfile`. The file's name, too. */
  readonly name: string
  /** Inputs that the reader is made for: what all others are made from. */
  readonly seeds: () => readonly Uint8Array[]
  /** In bytes: longer inputs are not made. */
  readonly limit: number
  /** Processor time that one input may take, for each KiB of it that is begun. */
  readonly millisecondsPerKiB: number
  /** Words and byte sequences of the format that do not stand in the reader's source. */
  readonly words?: readonly string[]
  /**
   * Reads one input. Whatever it throws is a finding, so that a reader's declared errors are caught here. The answer
   * must be the same for the same input.
   */
  readonly run: (input: Uint8Array) => unknown
}

/** What does not hold for an input. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Throws a Violation where something that always holds does not. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Violation(what)
}

/** In milliseconds: what any input may take, however short it is. */
const SHORTEST = 250

/** In milliseconds of processor time: what an input of this size may take. */
export function allowance({millisecondsPerKiB}: FuzzTarget, size: number): number {
  return SHORTEST + millisecondsPerKiB * Math.ceil(size / 1024)
}

/** The bytes of texts, for seeds. */
export function texts(...all: readonly string[]): readonly Uint8Array[] {
  return all.map(text => Buffer.from(text))
}
