import {readFileSync} from 'node:fs'

/** In seconds: what this program took of all processors together. It hardly depends on what else the machine does. */
export function processorTime(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1e6
}

/**
 * In bytes: the most memory that this program had. Resource usage (ru_maxrss) would
 * tell of the parent's, which the fork had.
 */
export function peakMemory(): number {
  const kilobytes = /^VmHWM:\s*([0-9]+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kilobytes ?? 0) * 1024
}
