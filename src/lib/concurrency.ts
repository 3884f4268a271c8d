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
