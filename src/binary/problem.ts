/** Where bytes stop making sense, counted from the file's first byte, and why. */
export interface Malformed {
  readonly offset: number
  readonly reason: string
  /** What the file needs may be more than what was read. */
  readonly hidesNeeds?: true
}

/** Told of what is not looked at, for it is beyond a limit: why, with the name of the limit. */
export type OnBeyond = (reason: string) => void

export const IGNORED: OnBeyond = () => undefined

/** The error numbers by which execve(2) refuses a file for what is in it. */
export type ExecErrno = 'ENOEXEC' | 'EACCES' | 'EIO' | 'EINVAL' | 'ELIBBAD'
