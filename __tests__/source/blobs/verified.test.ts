import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {parseDigest} from '../../../src/image/digest.ts'
import {digestOf, type Expected, verifiedBytes} from '../../../src/source/blobs/verified.ts'
import {failure} from '../../support/streams.ts'

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
