import type {LimitName, Limits} from '../../src/lib/limits.ts'

/** How one limit is tried at its edge: what may be there, and one more. */
export interface Edge {
  /** Small enough to be built, for a limit that can be given. The table's own where nothing is said. */
  readonly most?: number
  /** What one more is. */
  readonly step?: number
  /** Looks at so much of it: `fine`, or what is told instead. */
  look(amount: number, limits: Limits): Promise<unknown>
  /** What is told beyond the limit, where it is not an error with the limit's name. */
  readonly beyond?: unknown
}

export type Edges = Partial<Readonly<Record<LimitName, Edge>>>

export const FINE = 'fine'

/** `fine`, or the error that came. */
export async function tried(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
    return FINE
  } catch (thrown) {
    if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) throw thrown
    return thrown
  }
}
