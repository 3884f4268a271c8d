import {DEFAULT_LIMITS, LIMITS, type Limits} from '../lib/limits.ts'
import {tellLimitAndHint} from '../lib/over-limit.ts'

/** What following the start of a container may cost, and in what it is counted: `script-…` of the table of limits. */
export const UNITS = {
  commands: 'commands',
  nesting: 'commands within each other',
  bytes: 'bytes of one script',
  text: 'characters of shell text',
  value: 'characters of one value',
  values: 'characters of values',
  words: 'words of one command',
  files: 'changed files',
  doubts: 'places that may have changed',
  work: 'steps of work',
  services: 'services',
} as const satisfies Readonly<Record<string, string>>

/** Rounds of one loop; one that takes more is followed like a loop of unknown length. */
export const MAX_ROUNDS = LIMITS['script-rounds'].most

export type Limit = keyof typeof UNITS

/** Limits on what comes together, and not on one thing. */
type Sum = 'commands' | 'text' | 'values' | 'work'

/** Those that nobody can raise: beyond them our own stack ends. */
type Fixed = 'nesting' | 'words' | 'services'

/** What copying one entry of a map takes, in steps of work. */
export const ENTRY = 8

/** Following costs more than it may: what has been found out stands, and what comes next is not determined. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget'

  constructor(limit: Limit, most: number = LIMITS[`script-${limit}`].most) {
    const name = `script-${limit}` as const
    super(
      tellLimitAndHint({name, most}, text => `takes more than ${text} ${UNITS[limit]}, which is more than is followed`),
    )
  }
}

/** What has been spent. Mutable, and shared by all that follows one command line. */
export class Budget {
  readonly #limits: Limits
  readonly #spent: Record<Sum, number> = {commands: 0, text: 0, values: 0, work: 0}

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits
  }

  /** How much may be used of one thing, or of all together. */
  mostOf(limit: Exclude<Limit, Fixed>): number {
    return this.#limits[`script-${limit}`]
  }

  /** Adds to what comes together. Once over a limit, every further charge is over it, too. */
  charge(limit: Sum, amount: number): void {
    this.#spent[limit] += amount
    this.check(limit, this.#spent[limit])
  }

  /** One more value of this many characters. */
  chargeValue(length: number): void {
    this.check('value', length)
    this.charge('values', length)
  }

  /** Throws where one thing is larger than it may be. */
  check(limit: Exclude<Limit, Fixed>, size: number): void {
    const most = this.mostOf(limit)
    if (size > most) throw new OverBudget(limit, most)
  }
}

/** The same for what is the same in all runs. */
export function check(limit: Fixed, size: number): void {
  if (size > LIMITS[`script-${limit}`].most) throw new OverBudget(limit)
}
