/** A value that only the run knows. */
export interface Unknown {
  /** The text that it comes from. */
  readonly unknown: string
  /** Of a path: the directory that it is in, where its beginning is known: `/app` of `/app/*.sh`. */
  readonly below?: string
}
export type Value = string | Unknown

/** How a command ends, as far as it is known. */
export type Status = 'success' | 'failure' | 'unknown'
