import {gzipSync, zstdCompressSync} from 'node:zlib'
import {collect, inChunks} from '../../../__tests__/support/streams.ts'
import {decompress} from '../../../src/lib/decompress.ts'
import {FormatError} from '../../../src/lib/format-error.ts'
import {type FuzzTarget, holds} from '../target.ts'

const TEXT = Buffer.from('layer '.repeat(20))
const LIMIT = 256 * 1024

/** What layers are compressed with: gzip of several members, zstd of several frames, nothing. */
export const target: FuzzTarget = {
  name: 'decompress',
  seeds: () => [
    gzipSync(TEXT),
    Buffer.concat([gzipSync('one'), gzipSync('two'), Buffer.alloc(8)]),
    zstdCompressSync(TEXT),
    Buffer.concat([zstdCompressSync('one'), Buffer.from('502a4d1803000000aabbcc', 'hex'), zstdCompressSync('two')]),
    TEXT,
    Buffer.from('fd377a585a0000', 'hex'),
    Buffer.from('BZh91AY&SY'),
  ],
  limit: 2048,
  millisecondsPerKiB: 60,
  run: async input => {
    const whole = await unpack(input, 65536)
    const pieces = await unpack(input, 5)
    holds(whole.kind === pieces.kind, `${whole.kind} at once, ${pieces.kind} in pieces`)
    holds(whole.kind !== 'content' || pieces.kind !== 'content' || whole.hex === pieces.hex, 'other content in pieces')
    return whole.kind === 'content' ? whole.hex : whole.kind
  },
}

async function unpack(input: Uint8Array, size: number): Promise<{readonly kind: string; readonly hex?: string}> {
  try {
    const content = await collect(decompress(inChunks(input, size), {limit: {name: 'layer-bytes', most: LIMIT}}))
    holds(content.length <= LIMIT, 'more than the limit')
    return {kind: 'content', hex: content.toString('hex')}
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    return {kind: thrown.code}
  }
}
