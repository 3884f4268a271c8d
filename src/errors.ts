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

/** What to do where the place that throws knows nothing better. */
const HINTS: Readonly<Record<SourceErrorCode, string | undefined>> = {
  'not-found': 'Check the name and the tag or digest; a digest must have been pushed before it is verified.',
  denied: 'Log in to the registry first (docker/login-action, docker login); the token needs the right to pull.',
  unavailable: 'Run the check again; where that does not help, look into the logs of what the message names.',
  'blob-missing':
    'Push the image again. Where the registry cleans up untagged manifests, keep those that an index names.',
  'digest-mismatch':
    'Push the image again; where that does not help, a proxy or a cache on the way changes what it passes on.',
  malformed: 'Build the image again and push it, or check that the name is that of an image.',
  unsupported: 'See docs/architecture.md for what is read, and from where.',
  'not-an-image': 'Give the name of an image.',
  aborted: undefined,
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
    options: {readonly hint?: string | undefined; readonly cause?: unknown} = {},
  ) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.hint = options.hint ?? HINTS[code]
  }
}

/** The same error, with where it happened in front of its message; whatever else was thrown as it is. */
export function inPlace(place: string, thrown: unknown): unknown {
  if (!(thrown instanceof SourceError) || thrown.code === 'aborted') return thrown
  const {code, message, hint, cause} = thrown
  return new SourceError(code, `${place}: ${message}`, {hint, cause})
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
