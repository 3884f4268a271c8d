import type {SourceError} from '../errors.ts'
import type {Clock} from './clock.ts'
import {NetworkError} from './network-error.ts'

/** Statuses after which asking again may help. */
const TRANSIENT_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504]
/** How often one thing is requested at most. */
export const ATTEMPTS = 5
/** In milliseconds: the first pause; each further one is twice as long. */
const FIRST_PAUSE = 1000
/** In milliseconds. A server that asks for more is not waited for. */
export const LONGEST_PAUSE = 60_000

export function isTransientStatus(status: number): boolean {
  return TRANSIENT_STATUSES.includes(status)
}

/**
 * In milliseconds: how long to wait before attempt `attempt` + 1 (the first is 1); undefined where there is none.
 * What the server asks for (`asked`, in milliseconds) is heeded, up to a minute; else the pause doubles, half of it by
 * chance, so that not all platforms come back at once.
 */
export function pauseAfter(attempt: number, clock: Clock, asked?: number): number | undefined {
  if (attempt >= ATTEMPTS) return undefined
  if (asked !== undefined && asked > LONGEST_PAUSE) return undefined
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
  return Math.max(asked ?? 0, pause / 2 + (pause / 2) * clock.random())
}

/** RFC 9110 §10.2.3: seconds, or a date. In milliseconds. */
export function parseRetryAfter(value: string | undefined, today = Date.now()): number | undefined {
  if (value === undefined) return undefined
  if (/^\s*[0-9]+\s*$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - today)
}

/** Runs `attempt` until it does not throw a transient NetworkError, with pauses. What it throws last is thrown. */
export async function withRetries<T>(
  {clock, signal}: {readonly clock: Clock; readonly signal: AbortSignal},
  attempt: () => Promise<T>,
  explain: (error: NetworkError) => SourceError,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt()
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      const pause = thrown.isTransient ? pauseAfter(count, clock) : undefined
      if (pause === undefined) throw explain(thrown)
      await clock.sleep(pause, signal)
    }
  }
}
