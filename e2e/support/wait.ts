import {setTimeout as sleep} from 'node:timers/promises'

const PATIENCE_MS = 30_000

/** Waits until something is so; fails, by name, where it never is. */
export async function waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`after ${PATIENCE_MS} ms this is still not so: ${what}`)
    await sleep(20)
  }
}

/** Waits for a promise; fails, by name, where it takes too long. */
export async function waitFor<T>(what: string, promise: Promise<T>): Promise<T> {
  const patience = new AbortController()
  const tooLate = sleep(PATIENCE_MS, undefined, {signal: patience.signal}).then((): never => {
    throw new Error(`waited ${PATIENCE_MS} ms for this in vain: ${what}`)
  })
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    patience.abort()
    tooLate.catch(() => undefined)
  }
}
