import {messageOf} from '../../errors.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import type {LayerRecords} from '../../rootfs/index.ts'
import {openEntry, sealEntry} from './entry.ts'

/** A place for small files that outlives a run. Others may write to it at the same time. */
export interface EntryFolder {
  /** Undefined where nothing has the name. */
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
}

export interface LayerRecordsOptions {
  readonly folder: EntryFolder
  readonly version: string
  warn(message: string): void
}

/**
 * What was learnt of layers in earlier runs, by their digests. An entry that is not what it should be is left aside
 * with a warning, and so is a folder that cannot be written to: the layer is then read as if there were no cache.
 */
export function layerRecords({folder, version, warn}: LayerRecordsOptions): LayerRecords {
  let isWritable = true
  return {
    async load(layer) {
      try {
        const bytes = await folder.read(nameOf(layer))
        const entry = bytes && openEntry(bytes, {layer, tool: version})
        if (entry?.kind === 'broken') warn(`the cache entry of layer ${layer} is ignored: ${entry.reason}`)
        return entry?.kind === 'good' ? entry.record : undefined
      } catch (thrown) {
        warn(`the cache entry of layer ${layer} is ignored: ${messageOf(thrown)}`)
        return undefined
      }
    },
    async save(layer, record) {
      if (!isWritable) return
      try {
        await folder.write(nameOf(layer), sealEntry(record, {layer, tool: version}))
      } catch (thrown) {
        // Once is enough: the other layers would say the same.
        if (isWritable) warn(`what was read of the layers is not cached: ${messageOf(thrown)}`)
        isWritable = false
      }
    },
  }
}

/** `sha256-…`: no separator of any file system. */
function nameOf(digest: Digest): string {
  const {algorithm, hex} = digestParts(digest)
  return `${algorithm}-${hex}`
}
