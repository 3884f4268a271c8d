import {inflateRawSync} from 'node:zlib'
import {readRange} from './byte-view.ts'
import {bytesAccess, type RandomAccess} from './bytes.ts'
import {openStored, type ZipEntry} from './zip-directory.ts'

const DEFLATED = 8

/**
 * The content of a file of a zip, unpacked where it is deflated; undefined where it is packed in another way, makes no
 * sense, or has more than `limit` bytes, packed or unpacked. APPNOTE.TXT 4.3.7, 4.4.5
 */
export async function openEntry(file: RandomAccess, entry: ZipEntry, limit: number): Promise<RandomAccess | undefined> {
  if (entry.method !== DEFLATED) return openStored(file, entry)
  if (entry.compressedSize > limit) return undefined
  const packed = await openStored(file, {...entry, method: 0})
  const bytes = packed && (await readRange(packed, 0, packed.size))
  if (bytes === undefined) return undefined
  try {
    return bytesAccess(inflateRawSync(bytes, {maxOutputLength: limit}))
  } catch {
    return undefined
  }
}
