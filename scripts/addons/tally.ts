/** One package, with what is said of it and what happened. */
export interface Compared {
  readonly about: string
  /** The packages of which an error would say that they cannot be loaded. */
  readonly said: readonly string[]
  /** What the interpreter said; undefined where it went well. */
  readonly failure: string | undefined
  /** The name under which it is known that nothing is said of its failure. */
  readonly unsaid: string | undefined
}

/** Counts what agrees, and tells of what does not. */
export class Tally {
  passed = 0
  failed = 0
  /** Failures of which nothing is said, and that are known. */
  readonly unsaid: string[] = []
  /** Of what was taken since the last summary. */
  #failures = 0
  #said = 0

  take({about, said, failure, unsaid}: Compared): void {
    if (failure !== undefined) this.#failures += 1
    if (said.length > 0) this.#said += 1
    if (failure === undefined && said.length > 0)
      this.fail(`${about}: it loads, and we say that ${said.join(', ')} does not`)
    else if (failure === undefined || said.length > 0) this.passed += 1
    else if (unsaid === undefined) this.fail(`${about}: it fails (${failure}), and we say nothing`)
    else this.unsaid.push(unsaid)
  }

  /** Tells how many `packages` failed since the last summary. */
  summarize(about: string, packages = 'packages'): void {
    console.log(`${about}: ${this.#failures} ${packages} fail, ${this.#said} are said to`)
    this.#failures = 0
    this.#said = 0
  }

  fail(problem: string): void {
    this.failed += 1
    console.log(`FAILED ${problem}`)
  }
}
