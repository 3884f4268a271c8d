import {setTimeout as sleep} from 'node:timers/promises'
import {cancelled, SourceError} from '../../errors.ts'

/**
 * How long to wait before each further question, in milliseconds: registries that
 * copy between regions answer a push late.
 */
const PAUSES: readonly number[] = [1000, 2000, 4000]

/**
 * Asks again for what was just pushed and is not there yet. Only "not found" is asked again, and only of a digest: it
 * either comes or never was there. `pause` waits, and throws where the run is cancelled.
 */
export async function untilFound<T>(ask: () => Promise<T>, pause: (ms: number) => Promise<unknown>): Promise<T> {
  for (const ms of PAUSES) {
    try {
      return await ask()
    } catch (thrown) {
      if (!(thrown instanceof SourceError) || thrown.code !== 'not-found') throw thrown
    }
    await pause(ms)
  }
  return ask()
}

/** Waits, unless the run is cancelled. */
export function pauseUnder(signal: AbortSignal): (ms: number) => Promise<void> {
  return async ms => {
    try {
      await sleep(ms, undefined, {signal})
    } catch (cause) {
      throw cancelled(cause)
    }
  }
}
