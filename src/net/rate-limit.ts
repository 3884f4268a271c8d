import {parseRetryAfter} from './retry.ts'

/** What a server says of how much more it may be asked. */
export interface RateLimit {
  readonly remaining: number
  /** In milliseconds, until there is more; undefined where it does not say. */
  readonly reset: number | undefined
}

/**
 * Reads `RateLimit-Remaining: 0;w=21600` and `RateLimit-Reset: 30` (draft-ietf-httpapi-ratelimit-headers up to 07,
 * Docker Hub's with a window behind them) or `RateLimit: "default";r=0;t=30` (08 and later); undefined where a server
 * has no limit, or none that can be understood.
 */
export function parseRateLimit(header: (name: string) => string | undefined): RateLimit | undefined {
  const joined = header('ratelimit') ?? ''
  const remaining = numberOf(header('ratelimit-remaining')) ?? parameterOf(joined, 'r')
  if (remaining === undefined) return undefined
  const seconds = numberOf(header('ratelimit-reset')) ?? parameterOf(joined, 't')
  return {remaining, reset: seconds === undefined ? undefined : seconds * 1000}
}

/** Whether a refusal is one for having asked too much: by its status, or, as some servers have it, by its words. */
export function isRateLimited(status: number, text: string): boolean {
  return status === 429 || ((status === 403 || status === 503) && saysRateLimit(text))
}

/** Whether a text says so: `You have reached your pull rate limit`, `TOOMANYREQUESTS: Rate exceeded`. */
export function saysRateLimit(text: string): boolean {
  return /rate[ -]?limit|rate exceeded/i.test(text)
}

/** In milliseconds: how long a server that refuses wants not to be asked; undefined where it does not say. */
export function askedPause(header: (name: string) => string | undefined): number | undefined {
  return parseRetryAfter(header('retry-after')) ?? parseRateLimit(header)?.reset
}

/** The number at the start of `98;w=21600`. */
function numberOf(value: string | undefined): number | undefined {
  const digits = /^\s*([0-9]{1,12})\s*(?:[;,]|$)/.exec(value ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

function parameterOf(value: string, name: string): number | undefined {
  const digits = new RegExp(`;\\s*${name}=([0-9]{1,12})\\s*(?:[;,]|$)`).exec(value)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
