import {constants} from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Lets a signal run `stop` and then end this process as the signal would have: 128 plus its number. Gives a function
 * that takes the handlers away again.
 */
export function endOnSignals(stop: () => Promise<void>): () => void {
  const handlers = SIGNALS.map(signal => {
    const handler = (): void => {
      const end = (): never => process.exit(128 + constants.signals[signal])
      stop().then(end, (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
        end()
      })
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return () => {
    for (const takeAway of handlers) takeAway()
  }
}
