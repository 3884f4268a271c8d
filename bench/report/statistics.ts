/** The middle one; of an even number the upper of the two. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** What a size costs. */
export interface Cost {
  readonly size: number
  readonly cost: number
}

/**
 * The exponent `k` of `cost = c · size^k`: the slope of the least squares line through the logarithms. Costs that are
 * not above zero (what is subtracted of a start can be more than all of a small run) have none and are left out;
 * undefined where fewer than two sizes are left.
 */
export function growthExponent(costs: readonly Cost[]): number | undefined {
  const points = costs
    .filter(({size, cost}) => size > 0 && cost > 0)
    .map(({size, cost}) => ({x: Math.log(size), y: Math.log(cost)}))
  const mean = (of: (point: {readonly x: number; readonly y: number}) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean(point => point.x), mean(point => point.y)]
  const spread = mean(point => (point.x - x) ** 2)
  if (points.length < 2 || spread === 0) return undefined
  return mean(point => (point.x - x) * (point.y - y)) / spread
}
