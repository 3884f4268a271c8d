/** What Istanbul counts in one file: statements, functions, and the ways of each branch. */
export interface FileCounters {
  s: Counts
  f: Counts
  b: Record<string, Counts>
}

export type Counts = Record<number, number> | Uint32Array

/** How often each place was reached, in steps of which each says something new: once, twice, thrice, 4 to 7, … */
const STEPS = 8

/** Places of the code under test, and how often the inputs so far reached them. */
export class Coverage {
  readonly #counts: Uint32Array
  readonly #seen: Uint8Array

  /** From now on the files count in one array: thousands of objects cost more to read than most inputs. */
  constructor(files: readonly FileCounters[]) {
    const rows = files.flatMap(({s, f, b}) => [s, f, ...Object.values(b)])
    this.#counts = new Uint32Array(rows.reduce((total, row) => total + Object.keys(row).length, 0))
    this.#seen = new Uint8Array(this.size)
    let start = 0
    const taken = (row: Counts): Uint32Array => {
      const end = start + Object.keys(row).length
      const counts = this.#counts.subarray(start, end)
      start = end
      return counts
    }
    for (const file of files) {
      file.s = taken(file.s)
      file.f = taken(file.f)
      for (const [branch, ways] of Object.entries(file.b)) file.b[branch] = taken(ways)
    }
  }

  /** How many places there are. */
  get size(): number {
    return this.#counts.length
  }

  /** How many of them were reached. */
  get reached(): number {
    return this.#seen.reduce((total, steps) => total + (steps === 0 ? 0 : 1), 0)
  }

  /** Forgets what was counted since the last reading. */
  clear(): void {
    this.#counts.fill(0)
  }

  /** Whether what was counted since the last reading is more than all before. */
  isNew(): boolean {
    let found = false
    for (const [place, step] of this.#reached()) {
      const steps = this.#seen[place] ?? 0
      if ((steps & step) !== 0) continue
      this.#seen[place] = steps | step
      found = true
    }
    return found
  }

  /** What was counted since the last reading, each place and step as one number. */
  features(): readonly number[] {
    return this.#reached().map(([place, step]) => place * 256 + step)
  }

  #reached(): (readonly [place: number, step: number])[] {
    const reached: (readonly [number, number])[] = []
    for (let place = 0; place < this.#counts.length; place++) {
      const hits = this.#counts[place]
      if (hits !== undefined && hits !== 0) reached.push([place, stepOf(hits)])
    }
    this.clear()
    return reached
  }
}

function stepOf(hits: number): number {
  if (hits <= 3) return 1 << (hits - 1)
  return 1 << Math.min(STEPS - 1, 1 + Math.floor(Math.log2(hits)))
}
