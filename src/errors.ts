/** What the user wrote cannot be understood. Exit code 2 of the command. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined

  constructor(message: string, options: {readonly hint?: string; readonly cause?: unknown} = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.hint = options.hint
  }
}

export type SourceErrorCode =
  /** Nothing stands at the reference. */
  | 'not-found'
  /** The registry or the daemon refuses us. */
  | 'denied'
  /** No daemon, no registry, no program, no file. */
  | 'unavailable'
  /** A manifest, config or layer that is named but not there. */
  | 'blob-missing'
  /** Bytes that are not what their digest or size says. */
  | 'digest-mismatch'
  /** Bytes that are there and make no sense as what they should be. */
  | 'malformed'
  /** Something that exists and that this program does not read (an encrypted layer, say). */
  | 'unsupported'
  /** A manifest that is there, and is an artifact's or an attestation's. */
  | 'not-an-image'
  /** The run was cancelled. */
  | 'aborted'

/**
 * Whether it is the image that is wrong: what an index names and nobody can have is its fault; that a registry or a
 * daemon does not answer is not.
 */
export function isFaultOfImage(code: SourceErrorCode): boolean {
  return code === 'not-found' || code === 'blob-missing' || code === 'digest-mismatch' || code === 'malformed'
}

/** The job cannot be done: a daemon, a registry or a file does not give what is needed. Exit code 3 of the command. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code: SourceErrorCode
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined

  constructor(
    code: SourceErrorCode,
    message: string,
    options: {readonly hint?: string; readonly cause?: unknown} = {},
  ) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.hint = options.hint
  }
}

/** A run that was cancelled, as an error. */
export function cancelled(cause?: unknown): SourceError {
  return new SourceError('aborted', 'the run was cancelled', {cause})
}

/**
 * `ENOENT`, `ECONNRESET` and their like, of what node threw: by its looks, since tests run in a realm with an Error of
 * its own.
 */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
