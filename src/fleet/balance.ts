import type {LayerSizes} from '../inventory/index.ts'
import type {Shard, Unit} from './unit.ts'

/** What is known of images, by their names as the inventory has them. */
export type Sizes = ReadonlyMap<string, LayerSizes>

/** What an image costs whatever its size: its requests, as bytes that could be read meanwhile. */
const EACH_IMAGE = 1024 * 1024
/** How near the largest part comes to the least that is possible, as a share of it. */
const NEAR = 1 / 500

interface Weighed {
  readonly unit: Unit
  /** By number, and how many bytes each has over all platforms. */
  readonly layers: readonly (readonly [layer: number, bytes: number])[]
  /** Of what shares nothing. */
  readonly own: number
  readonly chain: readonly string[]
}

/**
 * The units of one part, in the order of the inventory, so that no part has more bytes to read than it must. What is
 * larger than a part's share is a part of its own. The others are put in the order of their layers from the bottom:
 * images on one base come behind each other, and those that share more come closer. That row is cut into parts; a layer
 * counts once in each. It depends on the plan alone.
 */
export function shardBySize(units: readonly Unit[], sizes: Sizes, {part, of}: Shard): readonly Unit[] {
  const row = weigh(units, sizes).toSorted(byChain)
  const share = row.reduce((sum, one) => sum + alone(one), 0) / of
  const giants = row.filter(one => alone(one) > share).map(({unit}) => [unit])
  const others = row.filter(one => alone(one) <= share)
  const parts = [...giants, ...cutEvenly(others, of - giants.length)]
  return (parts[part - 1] ?? []).toSorted((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0))
}

/** The row in so many parts, the largest of which is as small as it can be, or nearly. */
function cutEvenly(row: readonly Weighed[], of: number): readonly Unit[][] {
  let low = row.reduce((most, one) => Math.max(most, alone(one)), 0)
  let high = row.reduce((sum, one) => sum + alone(one), 0)
  while (high - low > Math.max(1, low * NEAR)) {
    const middle = Math.floor((low + high) / 2)
    if (cut(row, middle, of) === undefined) low = middle
    else high = middle
  }
  return cut(row, low, of) ?? cut(row, high, of) ?? []
}

function alone({layers, own}: Weighed): number {
  return layers.reduce((sum, [, bytes]) => sum + bytes, own)
}

/** The row in parts of at most so many bytes each; undefined where there would be more than `most` of them. */
function cut(row: readonly Weighed[], bytes: number, most: number): Unit[][] | undefined {
  const parts: Unit[][] = []
  let there = new Set<number>()
  let left = -1
  for (const {unit, layers, own} of row) {
    const cost = (): number => layers.reduce((sum, [layer, size]) => (there.has(layer) ? sum : sum + size), own)
    let needed = cost()
    if (left < needed) {
      if (parts.length === most) return undefined
      parts.push([])
      there = new Set()
      left = bytes
      needed = cost()
    }
    left -= needed
    for (const [layer] of layers) there.add(layer)
    parts.at(-1)?.push(unit)
  }
  return parts
}

function weigh(units: readonly Unit[], sizes: Sizes): readonly Weighed[] {
  const known = units.flatMap(({images}) => images.flatMap(({text}) => sizes.get(text) ?? []))
  const all = known.reduce((sum, one) => sum + bytesOf(one), 0)
  // What is not known is taken for one like the others.
  const unknown = known.length === 0 ? 0 : Math.ceil(all / known.length)
  const numbers = new Map<string, number>()
  const numberOf = (digest: string): number => {
    const number = numbers.get(digest) ?? numbers.size
    numbers.set(digest, number)
    return number
  }
  return units.map(unit => {
    const layers = new Map<number, number>()
    let own = 0
    for (const {text} of unit.images) {
      const one = sizes.get(text)
      own += EACH_IMAGE + (one === undefined ? unknown : 0)
      for (const [digest, size] of one?.layers ?? []) layers.set(numberOf(digest), size * (one?.platforms ?? 1))
    }
    const chain = unit.images.flatMap(({text}) => (sizes.get(text)?.layers ?? []).map(([digest]) => digest))
    return {unit, layers: [...layers], own, chain}
  })
}

function bytesOf({layers, platforms}: LayerSizes): number {
  return layers.reduce((sum, [, size]) => sum + size, 0) * platforms
}

/** By code units, so that no locale has a say; then in the order of the inventory. */
function byChain(a: Weighed, b: Weighed): number {
  for (const [index, digest] of a.chain.entries()) {
    const other = b.chain[index]
    if (other === undefined) return 1
    if (digest !== other) return digest < other ? -1 : 1
  }
  return a.chain.length - b.chain.length || (a.unit.places[0] ?? 0) - (b.unit.places[0] ?? 0)
}
