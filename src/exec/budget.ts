/**
 * What following the start of a container may cost: one table for all of it. Every limit is on what the image says, so
 * that the same image has the same answer everywhere; none is on time, but `work` grows as time does.
 */
export const LIMITS = {
  /** Commands that shells run, in all scripts together. */
  commands: {most: 10_000, unit: 'commands'},
  /** Commands within each other, by functions and by grammar. */
  nesting: {most: 60, unit: 'commands within each other'},
  /** Bytes of one script. */
  script: {most: 1024 * 1024, unit: 'bytes of one script'},
  /** Characters of shell text that are read, in all scripts, `eval`s and here-documents together. */
  text: {most: 4 * 1024 * 1024, unit: 'characters of shell text'},
  /** Characters of one value, of what one command prints, or of a file that a script writes. */
  value: {most: 256 * 1024, unit: 'characters of one value'},
  /** Characters of all values that expansions make. */
  values: {most: 16 * 1024 * 1024, unit: 'characters of values'},
  /** Words of one command, of one expansion, of `set --`. */
  words: {most: 4000, unit: 'words of one command'},
  /** Files that scripts have changed. */
  entries: {most: 2000, unit: 'changed files'},
  /** Places of which it is not known what became of them. */
  doubts: {most: 500, unit: 'places that may have changed'},
  /** Characters that are compared, and entries that are copied. */
  work: {most: 50_000_000, unit: 'steps of work'},
} as const satisfies Readonly<Record<string, {readonly most: number; readonly unit: string}>>

/** Rounds of one loop; one that takes more is followed like a loop of unknown length. */
export const MAX_ROUNDS = 64

export type Limit = keyof typeof LIMITS

/** Limits on what comes together, and not on one thing. */
type Sum = 'commands' | 'text' | 'values' | 'work'

/** What copying one entry of a map takes, in steps of work. */
export const ENTRY = 8

/** Following costs more than it may: what has been found out stands, and what comes next is not determined. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget'

  constructor(limit: Limit) {
    const {most, unit} = LIMITS[limit]
    super(`takes more than ${most.toLocaleString('en-US')} ${unit}, which is more than is followed`)
  }
}

/** What has been spent. Mutable, and shared by all that follows one command line. */
export class Budget {
  private readonly spent: Record<Sum, number> = {commands: 0, text: 0, values: 0, work: 0}

  /** Adds to what comes together. Once over a limit, every further charge is over it, too. */
  charge(limit: Sum, amount: number): void {
    this.spent[limit] += amount
    check(limit, this.spent[limit])
  }

  /** One more value of this many characters. */
  chargeValue(length: number): void {
    check('value', length)
    this.charge('values', length)
  }
}

/** Throws where one thing is larger than it may be. */
export function check(limit: Limit, size: number): void {
  if (size > LIMITS[limit].most) throw new OverBudget(limit)
}
