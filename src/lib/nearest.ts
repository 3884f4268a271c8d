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

/** Levenshtein's: letters that are put in, left out or replaced. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FARTHEST) return Infinity
  let row = Array.from({length: b.length + 1}, (_, at) => at)
  for (let at = 0; at < a.length; at += 1) {
    const next = [at + 1]
    for (let other = 0; other < b.length; other += 1) {
      const replaced = (row[other] ?? 0) + (a[at] === b[other] ? 0 : 1)
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
