import {createHash} from 'node:crypto'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {tarHeader, tarItem} from '../../support/tar-builder.ts'
import type {ImageFolder} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, TAR_END, zeros} from '../tars.ts'

const GIB = 2 ** 30
const PIECE = 64 * 2 ** 20
const NO_DIFF_ID = `sha256:${'0'.repeat(64)}`

/** Layers that are small and unpack to much, or to little in an unusual number of pieces. */
export const COMPRESSED: readonly Shape[] = [
  ...(['gzip', 'zstd'] as const).flatMap((compression): Shape[] => [
    {
      name: `a ${compression} layer of a GiB of zeros`,
      outcome: 'verified',
      make: async image => {
        const layer = await image.putLayer(fileOfZeros(GIB), compression)
        await image.setRoot(await image.putImage({layers: [layer]}))
      },
    },
    {
      name: `a ${compression} layer of 100 GiB of zeros`,
      limit: 'image-excess-bytes',
      outcome: 'could-not-check',
      make: image => putBomb(image, compression, 100 * GIB),
    },
  ]),
  {
    name: 'a gzip layer of a million members',
    outcome: 'verified',
    make: image => putPieces(image, 'gzip', 1_000_000),
  },
  {
    name: 'a zstd layer of 250,000 small frames',
    limit: 'zstd-frames',
    outcome: 'verified',
    make: image => putPieces(image, 'zstd', 250_000),
  },
  {
    name: 'a zstd layer of a million small frames',
    limit: 'zstd-frames',
    outcome: 'could-not-check',
    make: image => putPieces(image, 'zstd', 1_000_000),
  },
]

function* fileOfZeros(size: number): Generator<Uint8Array> {
  yield tarItem(APP)
  yield tarHeader({name: 'zeros', size})
  yield* zeros(size)
  yield TAR_END
}

/** Each piece is compressed once, and stands there as often as it takes. */
async function putBomb(image: ImageFolder, compression: 'gzip' | 'zstd', size: number): Promise<void> {
  const compress = compression === 'gzip' ? gzipSync : zstdCompressSync
  const head = compress(Buffer.concat([tarItem(APP), bigHeader(size)]))
  const piece = compress(Buffer.alloc(PIECE))
  const layer = await image.putBlobLayer(
    [head, ...Array.from({length: size / PIECE}, () => piece), compress(TAR_END)],
    compression,
    NO_DIFF_ID,
  )
  await image.setRoot(await image.putImage({layers: [layer]}))
}

/** A size of more than eleven octal digits, in GNU's base 256. */
function bigHeader(size: number): Buffer {
  return tarHeader({
    name: 'zeros',
    patch: block => {
      block.fill(0, 124, 136)
      block[124] = 0x80
      block.writeBigUInt64BE(BigInt(size), 128)
    },
  })
}

/** A program, and then empty members or frames, which all count. */
async function putPieces(image: ImageFolder, compression: 'gzip' | 'zstd', count: number): Promise<void> {
  const compress = compression === 'gzip' ? gzipSync : zstdCompressSync
  const empty = compress(new Uint8Array())
  const many = Buffer.concat(Array.from({length: 1000}, () => empty))
  const tar = [tarItem(APP), TAR_END]
  const [program = many, end = many] = tar.map(part => compress(part))
  const diffId = `sha256:${createHash('sha256').update(Buffer.concat(tar)).digest('hex')}`
  const pieces = [program, ...Array.from({length: count / 1000}, () => many), end]
  await image.setRoot(await image.putImage({layers: [await image.putBlobLayer(pieces, compression, diffId)]}))
}
