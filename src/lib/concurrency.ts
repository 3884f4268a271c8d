/** Maps items with at most `limit` calls at once; the results keep the order of the items. The first failure is thrown when all calls under way have ended, so that nothing goes on behind the caller's back. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const failures: unknown[] = []
  const queue = items.entries()
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return
      try {
        results[index] = await map(item, index)
      } catch (thrown) {
        failures.push(thrown)
      }
    }
  }
  await Promise.all(Array.from({length: Math.max(1, Math.min(limit, items.length))}, work))
  if (failures.length > 0) throw failures[0]
  return results
}

/** At most `limit` of the tasks run at once; the others wait in line. Images and platforms share one. */
export type Limiter = <R>(task: () => Promise<R>) => Promise<R>

export function createLimiter(limit: number): Limiter {
  let free = Math.max(1, limit)
  const waiting: (() => void)[] = []
  return async task => {
    if (free > 0) free -= 1
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
