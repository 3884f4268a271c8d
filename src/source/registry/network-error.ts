import {SourceError} from '../../errors.ts'

/** A request without an answer, or an answer that broke off: never what a server said. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'
  /** Node's or OpenSSL's code; `TIMEOUT` is ours. */
  readonly code: string

  constructor(code: string, message: string, options: {readonly cause?: unknown} = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
  }

  /** Whether asking again may help. A host that does not exist and a certificate that does not fit stay so. */
  get isTransient(): boolean {
    return TRANSIENT.includes(this.code)
  }
}

const TRANSIENT: readonly string[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_EOF_STATE',
  'TIMEOUT',
]

/** Whatever node:http threw, as a NetworkError; a cancelled run as a SourceError `aborted`. */
export function networkError(thrown: unknown, signal: AbortSignal): NetworkError | SourceError {
  if (signal.aborted) return aborted()
  if (thrown instanceof NetworkError || thrown instanceof SourceError) return thrown
  if (!(thrown instanceof Error)) return new NetworkError('UNKNOWN', String(thrown), {cause: thrown})
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'UNKNOWN'
  // Happy eyeballs: one error for every address that was tried, and no text of its own.
  const message =
    thrown instanceof AggregateError ? thrown.errors.map(one => String(one?.message)).join('; ') : thrown.message
  return new NetworkError(code, message === '' ? code : message, {cause: thrown})
}

export function aborted(): SourceError {
  return new SourceError('aborted', 'the run was cancelled')
}
