import {setTimeout as wait} from 'node:timers/promises'
import {cancelled} from '../errors.ts'
import type {Waits} from './waits.ts'

/** Time and chance, so that tests need neither wait nor guess. */
export interface Clock {
  /** In milliseconds, from any start. */
  now(): number
  /** Rejects with a SourceError `aborted` when the run is cancelled meanwhile. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** From 0 to just below 1. */
  random(): number
}

/** The same clock; its pauses, of which `what` is the reason, are among what is waited for. */
export function tellingPauses(clock: Clock, waits: Waits | undefined, what: string): Clock {
  if (waits === undefined) return clock
  return {
    now: () => clock.now(),
    random: () => clock.random(),
    sleep: async (milliseconds, signal) => {
      const over = waits.begin(what)
      try {
        await clock.sleep(milliseconds, signal)
      } finally {
        over()
      }
    },
  }
}

/** The time of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await wait(milliseconds, undefined, {signal})
    } catch {
      throw cancelled()
    }
  },
  random: () => Math.random(),
}
