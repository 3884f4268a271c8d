/** Of fewer answers than these that a mutant changes, chance may decide. */
const ENOUGH = 50

/** How often each mutant of the model answered otherwise, and how often the comparison found that out. */
export class MutantTally {
  readonly #counts = new Map<string, {readonly changed: number; readonly found: number}>()

  count(name: string, isFound: boolean): void {
    const {changed, found} = this.#counts.get(name) ?? {changed: 0, found: 0}
    this.#counts.set(name, {changed: changed + 1, found: found + (isFound ? 1 : 0)})
  }

  /** `mutant "ignores a service": found in 12 of 14 answers that it changes`. */
  tell(): readonly string[] {
    return [...this.#counts].map(
      ([name, {changed, found}]) => `mutant "${name}": found in ${found} of ${changed} answers that it changes`,
    )
  }

  /** The names of those that were never found, though there were answers enough. */
  escaped(): readonly string[] {
    return [...this.#counts].filter(([, {changed, found}]) => changed >= ENOUGH && found === 0).map(([name]) => name)
  }
}
