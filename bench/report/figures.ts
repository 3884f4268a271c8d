import {AIMS, type AimName, type Bound} from './aims.ts'

/** What was measured of one aim. */
export interface Figure {
  readonly aim: AimName
  /** In the unit of the aim, with three digits. */
  readonly measured: number
  readonly rounds: number
  /** What was compared with what, or of how much: `6.31 s against 5.02 s`. */
  readonly detail: string
}

/** More of what a benchmark prints: cells by the heads of their columns. */
export interface Table {
  readonly title: string
  readonly lines: readonly Readonly<Record<string, string | number>>[]
}

/** All that one benchmark gives. */
export interface Figures {
  readonly figures: readonly Figure[]
  readonly tables: readonly Table[]
}

/** A benchmark: its options in, its figures out. It prints what it does to standard error. */
export type Bench = (args: readonly string[]) => Promise<Figures>

/** Rounded as it is shown: whether an aim is met is a question to the number that a reader sees. */
export function figure(aim: AimName, measured: number, rounds: number, detail: string): Figure {
  if (!Number.isFinite(measured)) throw new Error(`${aim}: expected a number, got ${measured} (${detail})`)
  return {aim, measured: threeDigits(measured), rounds, detail}
}

export function isMet({aim, measured}: Pick<Figure, 'aim' | 'measured'>): boolean {
  // The table's rows have literal bounds.
  const bound: Bound = AIMS[aim].bound
  return 'atMost' in bound ? measured <= bound.atMost : measured >= bound.atLeast
}

/** `≤ 1.25 ×` */
export function formatBound(aim: AimName): string {
  const {bound, unit}: {bound: Bound; unit: string} = AIMS[aim]
  return 'atMost' in bound ? `≤ ${formatAmount(bound.atMost, unit)}` : `≥ ${formatAmount(bound.atLeast, unit)}`
}

export function formatAmount(amount: number, unit: string): string {
  return unit === '' ? String(amount) : `${amount} ${unit}`
}

export function threeDigits(amount: number): number {
  return Math.abs(amount) >= 100 ? Math.round(amount) : Number(amount.toPrecision(3))
}
