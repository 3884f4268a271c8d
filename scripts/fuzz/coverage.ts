/** What Istanbul counts in one file: statements, functions, and the ways of each branch. */
export interface FileCounters {
  readonly s: Readonly<Record<string, number>>
  readonly f: Readonly<Record<string, number>>
  readonly b: Readonly<Record<string, readonly number[]>>
}

/** How often each place was reached, in steps of which each says something new: once, twice, thrice, 4 to 7, … */
const STEPS = 8

/** Places of the code under test, and how often the inputs so far reached them. */
export class Coverage {
  readonly #rows: readonly Record<number, number>[]
  readonly #lengths: readonly number[]
  readonly #seen: Uint8Array

  constructor(files: readonly FileCounters[]) {
    this.#rows = files.flatMap(({s, f, b}) => [s, f, ...Object.values(b)] as Record<number, number>[])
    this.#lengths = this.#rows.map(row => Object.keys(row).length)
    this.#seen = new Uint8Array(this.size)
  }

  /** How many places there are. */
  get size(): number {
    return this.#lengths.reduce((total, length) => total + length, 0)
  }

  /** How many of them were reached. */
  get reached(): number {
    return this.#seen.reduce((total, steps) => total + (steps === 0 ? 0 : 1), 0)
  }

  /** Forgets what was counted since the last reading. */
  clear(): void {
    this.#read(() => undefined)
  }

  /** Whether what was counted since the last reading is more than all before. */
  isNew(): boolean {
    let found = false
    this.#read((place, step) => {
      const steps = this.#seen[place] ?? 0
      if ((steps & step) !== 0) return
      this.#seen[place] = steps | step
      found = true
    })
    return found
  }

  /** What was counted since the last reading, each place and step as one number. */
  features(): readonly number[] {
    const found: number[] = []
    this.#read((place, step) => found.push(place * 256 + step))
    return found
  }

  #read(visit: (place: number, step: number) => void): void {
    let start = 0
    for (let index = 0; index < this.#rows.length; index++) {
      const row = this.#rows[index]
      const length = this.#lengths[index] ?? 0
      for (let at = 0; row && at < length; at++) {
        const hits = row[at]
        if (hits === undefined || hits === 0) continue
        row[at] = 0
        visit(start + at, stepOf(hits))
      }
      start += length
    }
  }
}

function stepOf(hits: number): number {
  if (hits <= 3) return 1 << (hits - 1)
  return 1 << Math.min(STEPS - 1, 1 + Math.floor(Math.log2(hits)))
}
