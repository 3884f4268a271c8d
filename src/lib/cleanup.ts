/**
 * Runs the body, then the cleanup, whatever happens. Where both fail, the body's failure is thrown: it is the
 * cause, and the cleanup's mostly its consequence (a daemon that is gone). Where only the cleanup fails, that
 * is thrown: something was left behind.
 */
export async function withCleanup<T>(body: () => Promise<T>, cleanup: () => Promise<void>): Promise<T> {
  let result: T
  try {
    result = await body()
  } catch (thrown) {
    await cleanup().catch(() => undefined)
    throw thrown
  }
  await cleanup()
  return result
}

/** Runs the body; the cleanup only where the body fails, and then the body's failure is thrown. */
export async function withRollback<T>(body: () => Promise<T>, rollback: () => Promise<void>): Promise<T> {
  try {
    return await body()
  } catch (thrown) {
    await rollback().catch(() => undefined)
    throw thrown
  }
}

/**
 * Waits for all; then throws the first failure in their order, or gives all values.
 * Nothing goes on behind the caller's back.
 */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(promises)
  return outcomes.map(outcome => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
