import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {deflateRawSync, gzipSync, constants as zlib, zstdCompressSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Compression, decompress} from '../../src/lib/decompress.ts'
import {collect, failure, inChunks, watched} from '../support/streams.ts'

const text = Buffer.from('the quick brown fox jumps over the lazy dog. '.repeat(5000))
/** What does not compress, so that frames have several blocks. */
const noise = createHash('shake256', {outputLength: 400_000}).update('noise').digest()

const skippable = (content: string): Buffer => {
  const frame = Buffer.alloc(8)
  frame.writeUInt32LE(0x184d2a5a, 0)
  frame.writeUInt32LE(Buffer.byteLength(content), 4)
  return Buffer.concat([frame, Buffer.from(content)])
}
const frame = (bytes: Uint8Array): Buffer =>
  zstdCompressSync(bytes, {params: {[zlib.ZSTD_c_checksumFlag]: 1, [zlib.ZSTD_c_contentSizeFlag]: 0}})
const quarters = (bytes: Buffer): Buffer[] => {
  const size = Math.ceil(bytes.length / 4)
  return [0, 1, 2, 3].map(part => bytes.subarray(part * size, (part + 1) * size))
}
/** A frame by hand: an RLE block of `size` zeros, with no window but a content size of 4 bytes. */
const zeros = (size: number): Buffer => {
  const bytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0])
  bytes.writeUInt32LE(size, 5)
  bytes.writeUIntLE((size << 3) | (1 << 1) | 1, 9, 3)
  return bytes
}

const GOOD: readonly {what: string; bytes: Buffer; content: Buffer; compression: Compression}[] = [
  {what: 'nothing', bytes: Buffer.alloc(0), content: Buffer.alloc(0), compression: 'none'},
  {what: 'one byte', bytes: Buffer.from('x'), content: Buffer.from('x'), compression: 'none'},
  {what: 'plain text', bytes: text, content: text, compression: 'none'},
  {
    what: 'a name that looks like bzip2',
    bytes: Buffer.from('BZh9/file'),
    content: Buffer.from('BZh9/file'),
    compression: 'none',
  },
  {what: 'gzip', bytes: gzipSync(text), content: text, compression: 'gzip'},
  {what: 'gzip of nothing', bytes: gzipSync(''), content: Buffer.alloc(0), compression: 'gzip'},
  {
    what: 'gzip of four members',
    bytes: Buffer.concat(quarters(noise).map(part => gzipSync(part))),
    content: noise,
    compression: 'gzip',
  },
  {
    what: 'gzip with empty members',
    bytes: Buffer.concat([gzipSync(''), gzipSync(text), gzipSync(''), gzipSync(text), gzipSync('')]),
    content: Buffer.concat([text, text]),
    compression: 'gzip',
  },
  {
    what: 'gzip with zeros behind it',
    bytes: Buffer.concat([gzipSync(text), Buffer.alloc(100_000)]),
    content: text,
    compression: 'gzip',
  },
  {what: 'zstd', bytes: zstdCompressSync(noise), content: noise, compression: 'zstd'},
  {what: 'zstd of nothing', bytes: zstdCompressSync(Buffer.alloc(0)), content: Buffer.alloc(0), compression: 'zstd'},
  {
    what: 'zstd of four frames',
    bytes: Buffer.concat(quarters(noise).map(frame)),
    content: noise,
    compression: 'zstd',
  },
  {
    what: 'zstd of many tiny frames',
    bytes: Buffer.concat(Array.from({length: 300}, (_, index) => frame(Buffer.from(`${index},`)))),
    content: Buffer.from(Array.from({length: 300}, (_, index) => `${index},`).join('')),
    compression: 'zstd',
  },
  {
    what: 'zstd with skippable frames before, between and behind',
    bytes: Buffer.concat([skippable('first'), frame(text), skippable(''), frame(noise), skippable('x'.repeat(70_000))]),
    content: Buffer.concat([text, noise]),
    compression: 'zstd',
  },
  {what: 'zstd of skippable frames only', bytes: skippable('nothing'), content: Buffer.alloc(0), compression: 'zstd'},
  {
    what: 'zstd with an RLE block and no window',
    bytes: Buffer.concat([zeros(100_000), frame(text)]),
    content: Buffer.concat([Buffer.alloc(100_000), text]),
    compression: 'zstd',
  },
]

describe.each(GOOD)('$what', ({bytes, content, compression}) => {
  test.each([1, 7, 100, 65536, 1 << 20].filter(size => bytes.length / size < 30_000))('in chunks of %d', async size => {
    const told: Compression[] = []
    const out = await collect(decompress(inChunks(bytes, size), {onCompression: found => told.push(found)}))
    expect(out.equals(content)).toBe(true)
    expect(told).toEqual([compression])
  })
})

const BAD: readonly {what: string; bytes: Buffer; code: string; message: RegExp}[] = [
  {
    what: 'gzip with junk behind it',
    bytes: Buffer.concat([gzipSync(text), Buffer.from('junk')]),
    code: 'malformed',
    message: /gzip/,
  },
  {
    what: 'gzip with junk behind zeros',
    bytes: Buffer.concat([gzipSync(text), Buffer.alloc(200_000), Buffer.from('junk')]),
    code: 'malformed',
    message: /gzip/,
  },
  {
    what: 'gzip of wrong bits',
    bytes: Buffer.concat([gzipSync(text).subarray(0, 10), deflateRawSync(noise).subarray(9)]),
    code: 'malformed',
    message: /gzip/,
  },
  {
    what: 'zstd with junk behind it',
    bytes: Buffer.concat([frame(text), Buffer.from('junk')]),
    code: 'malformed',
    message: /no frame at offset/,
  },
  {
    what: 'zstd with three bytes behind it',
    bytes: Buffer.concat([frame(text), Buffer.from([0x28, 0xb5, 0x2f])]),
    code: 'malformed',
    message: /cut off/,
  },
  {
    what: 'zstd with a wrong checksum',
    bytes: (() => {
      const bytes = frame(text)
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      return bytes
    })(),
    code: 'malformed',
    message: /zstd/,
  },
  {
    what: 'zstd with a window of 256 MiB',
    bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 1, 0, 0]),
    code: 'unsupported',
    message: /a window of 256 MiB, expected at most 128 MiB/,
  },
  {what: 'xz', bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]), code: 'unsupported', message: /xz/},
  {what: 'bzip2', bytes: Buffer.from('BZh91AY&SY'), code: 'unsupported', message: /bzip2/},
]

test.each(BAD)('$what is refused', async ({bytes, code, message}) => {
  for (const size of [1000, 1 << 20]) {
    expect(await failure(collect(decompress(inChunks(bytes, size))).then(String))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  }
})

describe.each([
  {what: 'gzip', bytes: Buffer.concat([gzipSync('first'), gzipSync('second member')])},
  {
    what: 'zstd',
    bytes: Buffer.concat([frame(Buffer.from('first')), skippable('skipped'), frame(Buffer.from('second frame'))]),
  },
])('$what that is cut off', ({bytes}) => {
  // Between frames or members the rest is simply not there, which nobody can see.
  const whole = (length: number): boolean => {
    const edges = bytes[0] === 0x1f ? [gzipSync('first').length] : [frame(Buffer.from('first')).length]
    const [first = 0] = edges
    return length === 0 || length === first || length === bytes.length || (bytes[0] === 0x28 && length === first + 15)
  }

  test('anywhere is refused', async () => {
    const accepted: number[] = []
    for (let length = 3; length <= bytes.length; length += 1) {
      if (bytes[0] === 0x28 && length < 4) continue
      const result = await failure(collect(decompress(inChunks(bytes.subarray(0, length), 5))))
      if (result instanceof Error) expect(result).toMatchObject({code: 'malformed'})
      else accepted.push(length)
    }
    expect(accepted).toEqual(
      Array.from({length: bytes.length + 1}, (_, length) => length).filter(length => length > 3 && whole(length)),
    )
  })
})

describe('a stream', () => {
  const big = createHash('shake256', {outputLength: 8_000_000}).update('big').digest()

  test.each([
    {what: 'none', bytes: big},
    {what: 'gzip', bytes: gzipSync(big, {level: 1})},
    {what: 'zstd', bytes: zstdCompressSync(big)},
  ])('of $what is let go where reading ends early, and not read ahead far', async ({bytes}) => {
    const {chunks, seen} = watched(bytes, 16 * 1024)
    for await (const _ of decompress(chunks)) break
    expect(seen.ended).toBe(true)
    expect(seen.given).toBeLessThan(bytes.length / 2)
  })

  test('that fails tells its own failure', async () => {
    const broken = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 20_000)
      throw new Error('the line is cut')
    }
    for (const bytes of [gzipSync(noise), zstdCompressSync(noise), noise]) {
      expect(await failure(collect(decompress(broken(bytes))))).toMatchObject({message: 'the line is cut'})
    }
  })

  test('is read to its end even where the content ends before', async () => {
    const {chunks, seen} = watched(Buffer.concat([gzipSync(text), Buffer.alloc(300_000)]))
    expect((await collect(decompress(chunks))).length).toBe(text.length)
    expect(seen.given).toBe(gzipSync(text).length + 300_000)
  })

  test('of any bytes comes to an end', async () => {
    const head = fc.constantFrom([], [0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x5a, 0x2a, 0x4d, 0x18])
    await fc.assert(
      fc.asyncProperty(
        head,
        fc.uint8Array({maxLength: 200}),
        fc.integer({min: 1, max: 50}),
        async (magic, bytes, size) => {
          const result = await failure(collect(decompress(inChunks(Buffer.concat([Buffer.from(magic), bytes]), size))))
          expect(result === undefined || typeof result === 'object').toBe(true)
        },
      ),
      {numRuns: 300},
    )
  })
})

test.each([
  {what: 'gzip -9', command: ['gzip', '-9', '-c']},
  {what: 'zstd -19', command: ['zstd', '-19', '-c', '-q']},
  {what: 'zstd with a long window', command: ['zstd', '--long=27', '-c', '-q']},
  {what: 'zstd in the legacy way of content size', command: ['zstd', '-1', '--no-check', '-c', '-q']},
])('what $what writes is read', async ({command: [program = '', ...options]}) => {
  const bytes = execFileSync(program, options, {input: noise})
  expect((await collect(decompress(inChunks(bytes, 1000)))).equals(noise)).toBe(true)
})
