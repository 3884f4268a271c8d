import type {Clock} from '../../src/net/clock.ts'

/** A clock on which nothing takes time: what is waited for is written down, and over. */
export function testClock(random = 0.5): Clock & {readonly pauses: readonly number[]} {
  const pauses: number[] = []
  let now = 0
  return {
    pauses,
    now: () => now,
    sleep: async milliseconds => {
      pauses.push(milliseconds)
      now += milliseconds
    },
    random: () => random,
  }
}
