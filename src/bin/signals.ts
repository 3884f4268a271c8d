import {setMaxListeners} from 'node:events'

/** Aborts on SIGINT and SIGTERM, so that what was begun is taken back before the process ends. */
export function abortOnSignals(): {readonly signal: AbortSignal; exitCode(): number | undefined} {
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
  return {signal: controller.signal, exitCode: () => received}
}
