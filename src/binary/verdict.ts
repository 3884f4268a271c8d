import type {ExecErrno} from './problem.ts'

/** What the kernel of a platform makes of a file that it is to start. */
export type Verdict =
  /** A program of this platform. */
  | {readonly fit: 'native'}
  /**
   * Runs on some kernels of this platform through another class or ABI: i386 on amd64. `level` is that of a program
   * that starts; `actual` as machineName gives it.
   */
  | {
      readonly fit: 'compat'
      readonly level: 'warning' | 'error'
      readonly actual: string
      readonly expected: string
      readonly reason: string
    }
  /** A program of another machine, class or byte order; `reason` where there is more to say than the names. */
  | {readonly fit: 'foreign'; readonly expected: string; readonly actual: string; readonly reason?: string}
  /** An ELF program of this machine made for another operating system. */
  | {readonly fit: 'wrong-os'; readonly os: string; readonly reason: string}
  /** A `#!` line that the kernel takes: what counts is the interpreter. */
  | {readonly fit: 'script'; readonly interpreter: string; readonly argument?: string}
  /** execve fails with this error number. */
  | {readonly fit: 'refused'; readonly errno: ExecErrno; readonly reason: string}
  /** execve succeeds and the program dies at once, by this signal. */
  | {readonly fit: 'crashes'; readonly signal: 'SIGSEGV' | 'SIGBUS'; readonly reason: string}
  /** Nothing is known of this platform's programs. */
  | {readonly fit: 'undetermined'; readonly reason: string}
