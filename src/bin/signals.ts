import {setMaxListeners} from 'node:events'
import type {Waits} from '../net/waits.ts'
import type {LimitTime} from '../pipeline/time-limit.ts'

/** What ends a run before its end. */
export interface Ending {
  readonly signal: AbortSignal
  /** Of a run that a signal ended. */
  exitCode(): number | undefined
  /** Aborts when the time is up, and keeps what was waited for then. */
  readonly limitTime: LimitTime
}

/** Aborts on SIGINT and SIGTERM, so that what was begun is taken back before the process ends. */
export function abortOnSignals(waits: Waits): Ending {
  const controller = new AbortController()
  // Every child that runs listens to it, and how many run at once is the user's choice.
  setMaxListeners(0, controller.signal)
  let received: number | undefined
  const on = (name: NodeJS.Signals, number: number): void => {
    process.once(name, () => {
      // A shell's convention: 128 and the signal's number. The first is why the run ends.
      received ??= 128 + number
      controller.abort()
    })
  }
  on('SIGINT', 2)
  on('SIGTERM', 15)
  const limitTime: LimitTime = milliseconds => {
    let isUp = false
    let waited: string | undefined
    const timer = setTimeout(() => {
      isUp = received === undefined
      waited = waits.first()
      controller.abort()
    }, milliseconds)
    return {isUp: () => isUp, waitedFor: () => waited, stop: () => clearTimeout(timer)}
  }
  return {signal: controller.signal, exitCode: () => received, limitTime}
}
