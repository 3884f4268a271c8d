/**
 * Bytes of a stream that cannot be read as what they should be. Streams cannot hand this back as a value, so it is
 * thrown; whoever knows which file it was (a source, a layer) turns it into a SourceError.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  /** `unsupported`: well formed, perhaps, but of a kind that is not read here. */
  readonly code: 'malformed' | 'unsupported'
  /** What to do about it, where that is known here. */
  readonly hint: string | undefined

  constructor(
    code: 'malformed' | 'unsupported',
    message: string,
    options: {readonly hint?: string | undefined; readonly cause?: unknown} = {},
  ) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause})
    this.code = code
    this.hint = options.hint
  }
}
