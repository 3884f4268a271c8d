/** The name that was meant, where one is at most so many letters away; the first of those that are as near. */
export function nearestName(written: string, names: readonly string[], farthest = FARTHEST): string | undefined {
  const ranked = names.map(name => [distance(written, name), name] as const)
  const [least, name] = ranked.reduce((best, one) => (one[0] < best[0] ? one : best), [Infinity, ''] as const)
  return least <= farthest ? name : undefined
}

/** `expected a, b, got "x"; did you mean a?`, whatever the case of its letters. */
export function expectedOneOf(names: readonly string[], written: string): string {
  const meant = written === '' ? undefined : nearestName(written.toLowerCase(), names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return `expected ${names.join(', ')}, got ${JSON.stringify(written)}${hint}`
}

const FARTHEST = 3

/** Damerau's: letters that are put in, left out, replaced, or exchanged with the next. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FARTHEST) return Infinity
  let above: readonly number[] = []
  let row = Array.from({length: b.length + 1}, (_, at) => at)
  for (let at = 0; at < a.length; at += 1) {
    const next = [at + 1]
    for (let other = 0; other < b.length; other += 1) {
      const replaced = (row[other] ?? 0) + (a[at] === b[other] ? 0 : 1)
      const isExchanged = at > 0 && other > 0 && a[at] === b[other - 1] && a[at - 1] === b[other]
      const exchanged = isExchanged ? (above[other - 1] ?? 0) + 1 : Infinity
      next.push(Math.min(replaced, exchanged, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    above = row
    row = next
  }
  return row[b.length] ?? 0
}
