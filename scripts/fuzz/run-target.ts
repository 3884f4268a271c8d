import {Worker} from 'node:worker_threads'
import {watchThread} from './hung.ts'
import {newWatch, type Order, type Told, watchedInput} from './messages.ts'

/**
 * In milliseconds of a processor: when an input counts as one whose reading never
 * ends. No target's allowance comes near it.
 */
const HUNG = 60_000
/** In MiB: what the reading of one input may have in memory. */
const MEMORY = 1024

/** Fuzzes one target in a thread of its own, which is ended where an input never comes back. */
export function runTarget(order: Omit<Order, 'watch'>): Promise<Told> {
  const watch = newWatch()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: {...order, watch} satisfies Order,
    resourceLimits: {maxOldGenerationSizeMb: MEMORY},
  })
  return new Promise(resolve => {
    const finish = (told: Told): void => {
      endWatch()
      resolve(told)
      void worker.terminate()
    }
    const failed = (kind: 'hung' | 'died', message: string): Told => {
      const {begun, input} = watchedInput(watch)
      const finding = {kind, key: kind, message, input}
      return {
        executions: begun,
        places: 0,
        reachedFirst: 0,
        reached: 0,
        kept: 0,
        findings: [finding],
        corpus: undefined,
      }
    }
    const endWatch = watchThread(worker, {
      begun: () => watchedInput(watch).begun,
      most: HUNG,
      onHung: () => finish(failed('hung', `no answer within ${HUNG / 1000} s`)),
    })
    worker.once('message', finish)
    worker.once('error', thrown => finish(failed('died', thrown instanceof Error ? `${thrown.stack}` : String(thrown))))
    worker.once('exit', code => finish(failed('died', `the thread ended with ${code}`)))
  })
}
