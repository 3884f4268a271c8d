import {LIMITS} from '../lib/limits.ts'

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
} as const satisfies Readonly<Record<string, string>>

/** Rounds of one loop; one that takes more is followed like a loop of unknown length. */
export const MAX_ROUNDS = LIMITS['script-rounds'].most

export type Limit = keyof typeof UNITS

/** Limits on what comes together, and not on one thing. */
type Sum = 'commands' | 'text' | 'values' | 'work'

/** What copying one entry of a map takes, in steps of work. */
export const ENTRY = 8

/** Following costs more than it may: what has been found out stands, and what comes next is not determined. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget'

  constructor(limit: Limit) {
    const most = mostOf(limit).toLocaleString('en-US')
    super(`takes more than ${most} ${UNITS[limit]}, which is more than is followed`)
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
  if (size > mostOf(limit)) throw new OverBudget(limit)
}

/** How much may be had of one thing, or of all together. */
export function mostOf(limit: Limit): number {
  return LIMITS[`script-${limit}`].most
}
