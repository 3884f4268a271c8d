/** What a run is waiting for: requests and their responses, pauses between them, commands that have not ended. */
export interface Waits {
  /** Something is begun; the answer is called when it is over. What others report is not passed on: `quietly`. */
  begin(what: string, quietly?: boolean): () => void
  /** What was begun first and is not over. */
  first(): string | undefined
}

/** So long, in milliseconds, something may take before it is reported as waited for, and then again. */
const FIRST_WORD_AFTER = 10_000
const NEXT_WORD_AFTER = 30_000

/** Keeps account of what is waited for, and says so of what takes long. No timer of it keeps the process alive. */
export function keepWaits(tell: (message: string) => void): Waits {
  const waits = new Map<symbol, string>()
  return {
    begin: (what, quietly = false) => {
      const key = Symbol(what)
      waits.set(key, what)
      const begun = performance.now()
      let timer: NodeJS.Timeout | undefined
      const again = (after: number): void => {
        timer = setTimeout(() => {
          tell(`still waiting for ${what} (${Math.round((performance.now() - begun) / 1000)} s)`)
          again(NEXT_WORD_AFTER)
        }, after).unref()
      }
      if (!quietly) again(FIRST_WORD_AFTER)
      return () => {
        clearTimeout(timer)
        waits.delete(key)
      }
    },
    first: () => waits.values().next().value,
  }
}
