import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {parseDigest} from '../../../src/image/digest.ts'
import {
  digestOf,
  type Expected,
  readVerified,
  verifiedBytes,
  verifiedStream,
} from '../../../src/source/blobs/verified.ts'
import {collect, failure, inChunks, watched} from '../../support/streams.ts'

const bytes = Buffer.from('the bytes that were meant '.repeat(100))
const right: Expected = {digest: digestOf(bytes), size: bytes.length}
const other = Buffer.from('the bytes that were ment? '.repeat(100))

/** Each wrong in one way. */
const WRONG = [
  {
    what: 'other bytes of the same size',
    given: other,
    message: /^layer sha256:[0-9a-f]{64} is not what its digest says, got sha256:[0-9a-f]{64}$/,
  },
  {
    what: 'cut off',
    given: bytes.subarray(0, -1),
    message: /^layer sha256:[0-9a-f]{64} has 2599 bytes, expected 2600 as its descriptor says$/,
  },
  {
    what: 'longer',
    given: Buffer.concat([bytes, Buffer.from('!')]),
    message: /^layer sha256:[0-9a-f]{64} has (at least )?2601 bytes, expected 2600/,
  },
  {what: 'nothing', given: Buffer.alloc(0), message: /has 0 bytes, expected 2600/},
]

describe('bytes', () => {
  test.each(['sha256', 'sha384', 'sha512'])('that are right by %s', algorithm => {
    const digest = parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`)
    if (!digest.ok) throw new Error(digest.problem)
    expect(verifiedBytes(bytes, {digest: digest.value, size: bytes.length}, 'layer')).toBe(bytes)
  })

  test.each(WRONG)('$what', async ({given, message}) => {
    const thrown = await failure((async () => verifiedBytes(given, right, 'layer'))())
    expect(thrown).toMatchObject({
      name: 'SourceError',
      code: 'digest-mismatch',
      message: expect.stringMatching(message),
    })
  })
})

describe('a stream', () => {
  test.each([1, 100, 65536])('that is right passes unchanged in chunks of %d', async size => {
    expect((await collect(verifiedStream(inChunks(bytes, size), right, 'layer'))).equals(bytes)).toBe(true)
  })

  test.each(WRONG)('$what', async ({given, message}) => {
    const thrown = await failure(collect(verifiedStream(inChunks(given, 100), right, 'layer')))
    expect(thrown).toMatchObject({code: 'digest-mismatch', message: expect.stringMatching(message)})
  })

  test('that is too long is not read to its end', async () => {
    const {chunks, seen} = watched(Buffer.alloc(1_000_000), 1000)
    expect(await failure(collect(verifiedStream(chunks, right, 'layer')))).toMatchObject({code: 'digest-mismatch'})
    expect(seen).toEqual({given: 3000, ended: true})
  })

  test('is let go where nobody reads on', async () => {
    const {chunks, seen} = watched(bytes, 100)
    for await (const _ of verifiedStream(chunks, right, 'layer')) break
    expect(seen).toEqual({given: 100, ended: true})
  })
})

describe('a small blob', () => {
  test('is read whole', async () => {
    expect(Buffer.from(await readVerified(() => inChunks(bytes, 7), right, 'config', 5000)).equals(bytes)).toBe(true)
  })

  test('that claims to be too large is not read at all', async () => {
    const open = (): never => {
      throw new Error('it was opened')
    }
    expect(await failure(readVerified(open, right, 'config', 2599))).toMatchObject({
      code: 'malformed',
      message: `config ${right.digest} has 2600 bytes, expected at most 2599`,
    })
  })
})
