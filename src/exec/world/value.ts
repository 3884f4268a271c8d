/** A value that only the run knows; `unknown` is the text that it comes from. */
export interface Unknown {
  readonly unknown: string
}
export type Value = string | Unknown

/** How a command ends, as far as it is known. */
export type Status = 'success' | 'failure' | 'unknown'
