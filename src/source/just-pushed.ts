import {SourceError, type SourceErrorCode} from '../errors.ts'
import type {Clock} from '../net/clock.ts'

/** Asks again, with pauses, while what is requested is not there. */
export type UntilThere = <T>(ask: () => Promise<T>) => Promise<T>

/** In milliseconds: so long a digest that was pushed just now may take until its registry has it everywhere. */
const LAG_LIMIT = 15_000
/** In milliseconds; each further pause is twice as long. */
const FIRST_PAUSE = 500
const ABSENT: readonly SourceErrorCode[] = ['not-found', 'blob-missing']

/**
 * For what was just pushed: registries that copy between regions answer a push late. Only of a digest may one ask
 * again, which either comes or never was there. All that is asked by one such function waits 15 s at most, together.
 */
export function untilThere({clock, signal}: {readonly clock: Clock; readonly signal: AbortSignal}): UntilThere {
  let end: number | undefined
  return async ask => {
    for (let pause = FIRST_PAUSE; ; pause *= 2) {
      try {
        return await ask()
      } catch (thrown) {
        if (!(thrown instanceof SourceError) || !ABSENT.includes(thrown.code)) throw thrown
        end ??= clock.now() + LAG_LIMIT
        if (clock.now() + pause > end) throw thrown
      }
      await clock.sleep(pause, signal)
    }
  }
}
