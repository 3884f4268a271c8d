import type {EngineRefusal} from '../../image/source.ts'
import type {Compression} from '../../lib/decompress.ts'
import type {LayerDirectory, LayerFile} from '../tree/layer-tree.ts'
import type {Part} from './at-hand.ts'

/** All that was learnt of a layer. What an inspection made is plain JSON data, by the inspection's id. */
export interface LayerRecord {
  /** In bytes, of the blob, where its manifest said so; it was held to that when it was read. */
  readonly size: number | undefined
  readonly compression: Compression
  readonly entries: number
  /** In bytes, of the tar. */
  readonly unpacked: number
  readonly diffId: string
  readonly refusals: readonly EngineRefusal[]
  readonly root: LayerDirectory
  readonly inspections: ReadonlyMap<string, ReadonlyMap<LayerFile, unknown>>
  readonly parts: Iterable<readonly [LayerFile, readonly Part[]]>
}

/** In bytes, of a record that is unpacked. */
export const RECORD_LIMIT = 128 * 2 ** 20
