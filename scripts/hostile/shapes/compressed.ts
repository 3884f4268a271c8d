import {createHash, randomBytes} from 'node:crypto'
import {Readable} from 'node:stream'
import {constants, createZstdCompress, gzipSync, zstdCompressSync} from 'node:zlib'
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
    name: 'a zstd layer with a window of 128 MiB',
    limit: 'zstd-window-bytes',
    outcome: 'verified',
    make: image => putWindow(image, 27),
  },
  {
    name: 'a zstd layer with a window of 256 MiB',
    limit: 'zstd-window-bytes',
    outcome: 'could-not-check',
    make: image => putWindow(image, 28),
  },
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

/** A layer whose reader has to keep so much of it at hand: two to this power, of noise that comes again. */
async function putWindow(image: ImageFolder, log: number): Promise<void> {
  const noise = randomBytes(2 ** log - 2 ** 20)
  const tar = Buffer.concat([tarItem(APP), ...['a', 'b'].map(name => tarItem({name, content: noise})), TAR_END])
  const params = {
    [constants.ZSTD_c_windowLog]: log,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    [constants.ZSTD_c_compressionLevel]: 1,
  }
  const diffId = `sha256:${createHash('sha256').update(tar).digest('hex')}`
  const blob = Readable.from(chunksOf(tar)).pipe(createZstdCompress({params}))
  await image.setRoot(await image.putImage({layers: [await image.putBlobLayer(blob, 'zstd', diffId)]}))
}

/** As a stream of which nobody knows the size, so that the frame states its window. */
function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 2 ** 20) yield bytes.subarray(at, at + 2 ** 20)
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
