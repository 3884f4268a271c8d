import {SourceError} from '../../errors.ts'
import type {Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, raiseHint, tellLimit} from '../../lib/over-limit.ts'
import type {LayerExtent} from './layer.ts'

/** How much there is of the layers of an image that were read so far. */
export class ImageExtent {
  readonly #bounds: {readonly unpacked: Bound; readonly entries: Bound}
  readonly #layers = new Map<number, LayerExtent>()

  constructor(limits: Limits) {
    this.#bounds = {unpacked: boundOf(limits, 'image-bytes'), entries: boundOf(limits, 'image-entries')}
  }

  /** Counts a layer once, by its place. Throws where there is more of all of them than is read. */
  count(index: number, extent: LayerExtent): void {
    this.#layers.set(index, extent)
    this.#check('unpacked', most => `the layers unpack to more than ${most}`)
    this.#check('entries', most => `the layers have more than ${most} entries`)
  }

  #check(what: keyof LayerExtent, tell: (most: string) => string): void {
    let sum = 0
    for (const layer of this.#layers.values()) sum += layer[what]
    const bound = this.#bounds[what]
    if (sum > bound.most) throw new SourceError('unsupported', tellLimit(bound, tell), {hint: raiseHint(bound, sum)})
  }
}
