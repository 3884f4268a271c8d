import {errorCode} from '../errors.ts'
import {isTransientStatus} from '../net/retry.ts'

/** Why a request to GitHub's API came to nothing. */
export interface ApiFailure {
  readonly kind: 'denied' | 'not-found' | 'limited' | 'malformed' | 'failed' | 'cancelled'
  /** What GitHub or the network said, on one line. */
  readonly text: string
  readonly status?: number
  /** Whether asking again may help. */
  readonly mayPass: boolean
  /** As the header has it: seconds, or a date. */
  readonly retryAfter: string | undefined
}

/** In characters: a proxy may answer with a whole page. */
const TEXT_LIMIT = 200

/**
 * Understands what Octokit throws: by its looks, since it comes out of another bundle. Limits of rate answer with 403
 * or 429, and GraphQL reports refusals in an answer with status 200.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function identifyFailure(thrown: unknown, signal: AbortSignal): ApiFailure {
  const none = {mayPass: false, retryAfter: undefined}
  if (signal.aborted) return {kind: 'cancelled', text: 'the run was cancelled', ...none}
  const {failure, errors, status, response, headers, message} = fieldsOf(thrown)
  if (isFailure(failure)) return failure
  const text = plain(typeof message === 'string' ? message : String(thrown))
  if (Array.isArray(errors)) return graphqlFailure(errors, text, headersOf(headers))
  if (typeof status !== 'number' || fieldsOf(response).status !== status) {
    // No answer: the network, or a limit of time. What node says of it is in the cause.
    const code = errorCode(fieldsOf(thrown).cause) ?? errorCode(thrown)
    return {kind: 'failed', text: code === undefined ? text : `${text} (${code})`, mayPass: true, retryAfter: undefined}
  }
  const given = headersOf(fieldsOf(response).headers)
  const limited = limitOf(given)
  if (status === 429 || (status === 403 && (limited !== undefined || /rate limit/i.test(text)))) {
    return {kind: 'limited', text, status, mayPass: true, retryAfter: limited}
  }
  if (status === 401 || status === 403) return {kind: 'denied', text, status, ...none}
  if (status === 404 || status === 410) return {kind: 'not-found', text, status, ...none}
  return {kind: 'failed', text, status, mayPass: isTransientStatus(status), retryAfter: given.get('retry-after')}
}

/** The failure in one sentence without its full stop; `permission` is what the token needs: `pull-requests: write`. */
export function describeFailure({kind, text, status}: ApiFailure, permission: string): string {
  const said = status === undefined ? text : `status ${status}, ${text}`
  switch (kind) {
    case 'denied':
      return `GitHub refuses it (${said}): the token needs the permission ${permission}`
    case 'not-found':
      return `GitHub does not have it, or does not show it to this token (${said})`
    case 'limited':
      return `GitHub's rate limit is used up (${said})`
    case 'malformed':
      return `GitHub's answer cannot be understood: ${text}`
    case 'cancelled':
      return text
    case 'failed':
      return `GitHub's API does not answer as it should (${said})`
  }
}

function graphqlFailure(errors: readonly unknown[], text: string, headers: ReadonlyMap<string, string>): ApiFailure {
  const types = errors.map(error => fieldsOf(error).type)
  const none = {mayPass: false, retryAfter: undefined}
  if (types.includes('RATE_LIMITED')) return {kind: 'limited', text, mayPass: true, retryAfter: limitOf(headers)}
  if (types.includes('FORBIDDEN') || types.includes('INSUFFICIENT_SCOPES')) return {kind: 'denied', text, ...none}
  if (types.includes('NOT_FOUND')) return {kind: 'not-found', text, ...none}
  return {kind: 'failed', text, mayPass: true, retryAfter: undefined}
}

/** When to come back, where a limit is what stands in the way. */
function limitOf(headers: ReadonlyMap<string, string>): string | undefined {
  const after = headers.get('retry-after')
  if (after !== undefined) return after
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  if (headers.get('x-ratelimit-remaining') !== '0' || Number.isNaN(reset)) return undefined
  return new Date(reset * 1000).toUTCString()
}

function isFailure(value: unknown): value is ApiFailure {
  const {kind, mayPass} = fieldsOf(value)
  return typeof kind === 'string' && typeof mayPass === 'boolean'
}

function headersOf(value: unknown): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(fieldsOf(value)).flatMap(([name, text]) => (text === undefined ? [] : [[name, String(text)]])),
  )
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any field may be read of any object: what is not there is undefined.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT)}…` : line
}
