/** What is known of a test from the run without a change. */
export interface Reach {
  readonly id: string
  readonly file: string
  /** How many of the places that are changed it reaches. */
  readonly places: number
  readonly milliseconds: number
}

/** How far a change is tried. One that no test has seen by then counts as not seen. */
export interface ChangeLimit {
  readonly tests: number
  readonly milliseconds: number
}

/** Of the tests that saw other changes of the same file, the last ones are asked first. */
const REMEMBERED = 12
/** Tests that take so long are asked after all others. */
const SLOW_MS = 200

/**
 * Orders the tests that reach a change: first those that saw the last changes of the same file, then of each file of
 * tests in turn the one that reaches the fewest places, and of several the fastest. A test that reaches little is about
 * what it reaches; what a thousand tests reach is mostly on the way to something else.
 */
export function orderTests(tests: readonly Reach[], seen: readonly string[] = []): readonly Reach[] {
  const latest = seen.slice(0, REMEMBERED)
  const known = latest.flatMap(id => tests.filter(test => test.id === id))
  const others = tests.filter(({id}) => !latest.includes(id))
  const [fast, slow] = [false, true].map(isSlow =>
    inTurn(others.filter(({milliseconds}) => milliseconds > SLOW_MS === isSlow)),
  )
  return [...known, ...(fast ?? []), ...(slow ?? [])]
}

function inTurn(tests: readonly Reach[]): readonly Reach[] {
  const files = Map.groupBy(tests, ({file}) => file)
  const sorted = [...files.values()].map(group =>
    group.toSorted((a, b) => a.places - b.places || a.milliseconds - b.milliseconds),
  )
  const longest = Math.max(0, ...sorted.map(({length}) => length))
  return Array.from({length: longest}, (_, at) => sorted.flatMap(group => group.slice(at, at + 1))).flat()
}

/** The tests that saw changes of a file, the latest first. */
export function remember(seen: readonly string[], id: string): readonly string[] {
  return [id, ...seen.filter(other => other !== id)].slice(0, REMEMBERED)
}
