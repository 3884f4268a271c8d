/** What is known of a test from the run without a change. */
export interface Reach {
  readonly id: string
  /** Of the places that are changed and that it reaches, the number of the one that the fewest tests reach. */
  readonly rarest: number
  readonly milliseconds: number
}

/** How far a change is tried. One that no test has seen by then counts as not seen. */
export interface ChangeLimit {
  readonly tests: number
  /** Of the processor. */
  readonly milliseconds: number
}

/** Of the tests that saw other changes of the same file, the last ones are asked first. */
const REMEMBERED = 12
/** Tests that take so long are asked after all others. */
const SLOW_MS = 200

/**
 * Orders the tests that reach a change: first those that saw the last changes of the same file, then, of the tests with
 * the same rarest place, one in turn, the fastest first, and near places before far ones. Nearly every walk passes
 * through the middle of the code, and most of them with nothing special about them: one that goes by a rare place on
 * the way is one of those for which the middle has its conditions. Places are numbered in the order of the source.
 */
export function orderTests(tests: readonly Reach[], place: number, seen: readonly string[] = []): readonly Reach[] {
  const latest = seen.slice(0, REMEMBERED)
  const known = latest.flatMap(id => tests.filter(test => test.id === id))
  const others = tests.filter(({id}) => !latest.includes(id))
  const parts = [false, true].flatMap(isSlow =>
    inTurn(
      others.filter(({milliseconds}) => milliseconds > SLOW_MS === isSlow),
      place,
    ),
  )
  return [...known, ...parts]
}

function inTurn(tests: readonly Reach[], place: number): readonly Reach[] {
  const groups = [...Map.groupBy(tests, ({rarest}) => rarest)]
    .toSorted(([a], [b]) => Math.abs(a - place) - Math.abs(b - place))
    .map(([, group]) => group.toSorted((a, b) => a.milliseconds - b.milliseconds))
  const longest = Math.max(0, ...groups.map(({length}) => length))
  return Array.from({length: longest}, (_, at) => groups.flatMap(group => group.slice(at, at + 1))).flat()
}

/** The tests that saw changes of a file, the latest first. */
export function remember(seen: readonly string[], id: string): readonly string[] {
  return [id, ...seen.filter(other => other !== id)].slice(0, REMEMBERED)
}
