import {isNativeError} from 'node:util/types'
import {cancelled, errorCode, SourceError} from '../errors.ts'

/** A request without an answer, or an answer that broke off: never what a server said. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** Node's or OpenSSL's code; `TIMEOUT`, `PROXY_BUSY` and `PROXY_REFUSED` are ours. */
  readonly code: string

  constructor(code: string, message: string, options: {readonly cause?: unknown} = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
  }

  /** Whether asking again may help. */
  get isTransient(): boolean {
    return TRANSIENT.includes(this.code)
  }
}

/**
 * What may be over in a moment: a server that is started anew refuses connections (ECONNREFUSED) and breaks off those
 * that it has; networks and routes come and go; a resolver that has no answer now says EAI_AGAIN. A name that does not
 * exist (ENOTFOUND: mostly a slip of the pen) stays so, and so do a certificate that does not fit and bytes that are
 * not HTTP.
 */
const TRANSIENT: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
  'TIMEOUT',
  'PROXY_BUSY',
]

/** Whatever node:http threw, as a NetworkError; a cancelled run as a SourceError `aborted`. */
export function networkError(thrown: unknown, signal: AbortSignal): NetworkError | SourceError {
  if (signal.aborted) return cancelled()
  if (thrown instanceof NetworkError || thrown instanceof SourceError) return thrown
  const code = errorCode(thrown) ?? 'UNKNOWN'
  return new NetworkError(code, textOf(thrown) || code, {cause: thrown})
}

/** What node says of it, in words. */
export function textOf(thrown: unknown): string {
  if (!isNativeError(thrown)) return String(thrown)
  // Happy eyeballs: one error for every address that was tried, and no text of its own.
  if ('errors' in thrown && Array.isArray(thrown.errors)) return thrown.errors.map(textOf).join('; ')
  return SAID[thrown.message] ?? thrown.message
}

/** What node:http says in one word: https://nodejs.org/api/http.html#event-abort and #class-httpincomingmessage */
const SAID: Readonly<Record<string, string>> = {
  aborted: 'the connection was closed in the middle',
  'socket hang up': 'the connection was closed without an answer',
}
