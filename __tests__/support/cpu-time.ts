/**
 * The milliseconds of processor time that this process has used. What hangs uses it up, and what waits for a busy
 * machine does not, so that a limit on it holds on every machine.
 */
export function cpuTime(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1000
}
