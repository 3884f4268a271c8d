/** Called again and again with the progress; its text is made only where it is passed on. */
export type Progress = (message: () => string) => void

/** In milliseconds: how long work may take without a word, and then between two. */
const FIRST = 10_000
const NEXT = 5_000

/**
 * Passes on where long work stands: nothing in its first ten seconds, then a line every five. `now` is in milliseconds.
 */
export function slowProgress(tell: (message: string) => void, now: () => number): Progress {
  let next: number | undefined
  return message => {
    const time = now()
    next ??= time + FIRST
    if (time < next) return
    next = time + NEXT
    tell(message())
  }
}
