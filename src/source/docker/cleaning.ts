import {setMaxListeners} from 'node:events'
import {defined} from '../../lib/defined.ts'
import type {Waits} from '../../net/waits.ts'
import type {ProcessOptions} from '../process.ts'
import {RUN_LABEL} from './containers.ts'

/**
 * In milliseconds: so long docker may take, after the end of a run that was cancelled or whose time is up, to remove
 * what the run made. An engine that hangs would hold the run for ever.
 */
const CLEANING_LIMIT = 30_000
/** In milliseconds: so long a container may take to be made then. What was made is to be removed, too. */
const CREATING_LIMIT = 10_000

export interface CleaningOptions {
  readonly env: ProcessOptions['env']
  /** Of the run. */
  readonly signal: AbortSignal
  readonly run: string
  readonly waits?: Waits | undefined
  warn(message: string): void
}

/** How docker is started for what must be done also when the run has been cancelled. */
export interface CleaningProcesses {
  /** To make what has to be removed: a creation that is cut off may leave something whose id nobody knows. */
  readonly creating: ProcessOptions
  /** To remove. What is not done in time is given up, with a warning. */
  readonly removing: ProcessOptions
}

export function cleaningProcesses({env, signal, run, waits, warn}: CleaningOptions): CleaningProcesses {
  const running = new Map<symbol, string>()
  const begin = (what: string): (() => void) => {
    const key = Symbol(what)
    const over = waits?.begin(what)
    running.set(key, what)
    return () => {
      running.delete(key)
      over?.()
    }
  }
  const tell = (): void => {
    const [command] = running.values()
    if (command === undefined) return
    warn(
      `${command} did not end within ${CLEANING_LIMIT / 1000} s: containers and images of this check may be left in ` +
        `the engine. Its containers carry the label ${RUN_LABEL}=${run}.`,
    )
  }
  return {
    creating: {env, signal: afterAbort(signal, CREATING_LIMIT, () => undefined), ...defined({waits})},
    removing: {
      env,
      signal: afterAbort(signal, CLEANING_LIMIT, tell),
      waits: {begin, first: () => waits?.first()},
    },
  }
}

/** Aborts so many milliseconds after another signal does; `tell` is called before that. */
function afterAbort(signal: AbortSignal, milliseconds: number, tell: () => void): AbortSignal {
  const controller = new AbortController()
  // Every child that runs listens to it.
  setMaxListeners(0, controller.signal)
  const countDown = (): void => {
    setTimeout(() => {
      tell()
      controller.abort()
    }, milliseconds).unref()
  }
  if (signal.aborted) countDown()
  else signal.addEventListener('abort', countDown, {once: true})
  return controller.signal
}
