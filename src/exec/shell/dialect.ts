/**
 * Which shell reads the text; they differ in what ends them (XCU 2.8.1). `posix`: bash that was called as `sh`.
 * Absent where it is another, or not known.
 */
export type Dialect = 'dash' | 'ash' | 'bash' | 'posix'

/** dash, and ash of busybox: the descendants of Kenneth Almquist's shell. */
export function isAlmquist(dialect: Dialect | undefined): dialect is 'dash' | 'ash' {
  return dialect === 'dash' || dialect === 'ash'
}

/** bash, by whatever name. */
export function isBash(dialect: Dialect | undefined): dialect is 'bash' | 'posix' {
  return dialect === 'bash' || dialect === 'posix'
}
