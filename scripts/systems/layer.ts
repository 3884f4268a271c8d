import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createReadStream, createWriteStream} from 'node:fs'
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Transform} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {constants, createZstdCompress} from 'node:zlib'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import type {StoredLayer} from '../support/layout-builder.ts'

/** Goes into every layer's key: to be raised where layers are made in another way. */
const FORMAT = 1

/** A layer in the cache: its blob is `path`. */
export interface CachedLayer extends StoredLayer {
  readonly path: string
}

/**
 * A layer of what `fill` puts into an empty folder, kept in the cache by `key`, which
 * must name all that `fill` depends on.
 */
export async function cachedLayer(
  name: string,
  key: readonly string[],
  fill: (folder: string) => Promise<void>,
): Promise<CachedLayer> {
  const hash = createHash('sha256')
    .update(JSON.stringify([FORMAT, ...key]))
    .digest('hex')
    .slice(0, 16)
  const folder = await cachedFolder(join(cacheFolder(), 'systems', 'layers', `${name}-${hash}`), async draft => {
    const root = join(draft, 'root')
    await mkdir(root)
    await fill(root)
    await writeFile(join(draft, 'layer.json'), JSON.stringify(await packLayer(root, join(draft, 'blob'))))
    await rm(root, {recursive: true})
  })
  // Our own file, written above.
  const stored: StoredLayer = JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8'))
  return {...stored, path: join(folder, 'blob')}
}

/** Packs a folder as a tar, compressed by zstd: fast, and small enough. */
async function packLayer(root: string, blob: string): Promise<StoredLayer> {
  const tar = spawn(
    'tar',
    ['-c', '--format=gnu', '--sort=name', '--mtime=@0', '--numeric-owner', '-C', root, '--', '.'],
    {stdio: ['ignore', 'pipe', 'inherit']},
  )
  const closed = once(tar, 'close')
  const [plain, packed] = [new Meter(), new Meter()]
  const compress = createZstdCompress({params: {[constants.ZSTD_c_compressionLevel]: 1}, chunkSize: 256 * 1024})
  await pipeline(tar.stdout, plain, compress, packed, createWriteStream(blob))
  const [code] = await closed
  if (code !== 0) throw new Error(`tar of ${root} ended with ${String(code)}`)
  return {compression: 'zstd', digest: packed.digest(), size: packed.size, diffId: plain.digest()}
}

/** Counts and hashes what goes through. */
class Meter extends Transform {
  readonly #hash = createHash('sha256')
  size = 0

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk)
    this.size += chunk.length
    done(null, chunk)
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`
  }
}

/** The bytes of a layer's blob. */
export function streamLayer({path}: CachedLayer): AsyncIterable<Uint8Array> {
  return createReadStream(path, {highWaterMark: 256 * 1024})
}
