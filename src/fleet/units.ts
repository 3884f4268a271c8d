import type {Location} from '../image/location.ts'
import {type Sizes, shardBySize} from './balance.ts'
import type {Shard, Unit} from './unit.ts'

export type {Shard, Unit}

/**
 * What of an inventory can be checked apart: each image alone; digests of one repository together, because those with
 * one platform each may be the legs of a matrix, which are one image.
 */
export function unitsOf(images: readonly Location[]): readonly Unit[] {
  const placed = images.map((image, place) => ({image, place}))
  const groups = Map.groupBy(placed, ({image, place}) =>
    'reference' in image && image.text.includes('@') ? image.reference.name : place,
  )
  return Array.from(groups.values(), group => ({
    places: group.map(({place}) => place),
    images: group.map(({image}) => image),
  }))
}

/** The most parts that a run may have. */
const MOST_PARTS = 1000

/**
 * Parses `I/N`, and `I+1/N` of engines that count from 0, such as a Kubernetes Indexed Job; undefined for anything
 * else.
 */
export function parseShard(text: string): Shard | undefined {
  const [, first = '', plus, second = ''] = /^(0|[1-9]\d{0,3})(\+1)?\/([1-9]\d{0,3})$/.exec(text) ?? []
  const [part, of] = [Number(first) + (plus === undefined ? 0 : 1), Number(second)]
  return part === 0 || part > of || of > MOST_PARTS ? undefined : {part, of}
}

/**
 * The units of one part, in the order of the inventory. Units of one repository, or of one folder or archive, share
 * layers most often, so they stay together, as far as no part gets more than its share for it. It depends on the
 * inventory alone, whatever machine says so. Where the inventory is a plan with sizes, they decide (`shardBySize`).
 */
export function shardOf(units: readonly Unit[], shard: Shard, sizes?: Sizes): readonly Unit[] {
  if (sizes !== undefined && sizes.size > 0) return shardBySize(units, sizes, shard)
  const {part, of} = shard
  const share = Math.max(1, Math.ceil(sizeOf(units) / of))
  const groups = Map.groupBy(units, ({images: [first]}) => homeOf(first))
  const chunks = [...groups].flatMap(([home, group]) => chunksOf(group, share).map(chunk => ({home, chunk})))
  // The largest first, to the part that has least: by code units among equals, so that no locale has a say.
  const sorted = chunks.toSorted(
    (a, b) => sizeOf(b.chunk) - sizeOf(a.chunk) || (a.home < b.home ? -1 : a.home > b.home ? 1 : 0),
  )
  const parts = Array.from({length: of}, () => ({size: 0, units: [] as Unit[]}))
  for (const {chunk} of sorted) {
    const least = parts.reduce((best, one) => (one.size < best.size ? one : best))
    least.size += sizeOf(chunk)
    least.units.push(...chunk)
  }
  return (parts[part - 1]?.units ?? []).toSorted((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0))
}

/** What images that share layers have in common, as far as their names say it. */
function homeOf(image: Location | undefined): string {
  if (image === undefined) return ''
  return 'reference' in image ? `${image.reference.domain}/${image.reference.path}` : `${image.transport}:${image.path}`
}

function sizeOf(units: readonly Unit[]): number {
  return units.reduce((sum, {images}) => sum + images.length, 0)
}

function chunksOf(units: readonly Unit[], share: number): Unit[][] {
  const chunks: Unit[][] = []
  let size = share
  for (const unit of units) {
    if (size >= share) {
      chunks.push([])
      size = 0
    }
    chunks.at(-1)?.push(unit)
    size += unit.images.length
  }
  return chunks
}
