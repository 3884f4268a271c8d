import type {Descriptor} from '../../src/image/source.ts'
import {digestOf} from '../../src/source/blobs/verified.ts'

/** What the descriptor is of. */
export const MEANT = Buffer.from('the bytes that were meant '.repeat(100))
export const RIGHT: Descriptor = {mediaType: 'x/y', digest: digestOf(MEANT), size: MEANT.length, annotations: {}}
const other = Buffer.from('the bytes that were ment? '.repeat(100))

/** Each wrong in one way. */
export const WRONG = [
  {
    what: 'other bytes of the same size',
    given: other,
    message: /^layer sha256:[0-9a-f]{64} is not what its digest says, got sha256:[0-9a-f]{64}$/,
  },
  {
    what: 'cut off',
    given: MEANT.subarray(0, -1),
    message: /^layer sha256:[0-9a-f]{64} has 2599 bytes, expected 2600 as its descriptor says$/,
  },
  {
    what: 'longer',
    given: Buffer.concat([MEANT, Buffer.from('!')]),
    message: /^layer sha256:[0-9a-f]{64} has (at least )?2601 bytes, expected 2600/,
  },
  {what: 'nothing', given: Buffer.alloc(0), message: /has 0 bytes, expected 2600/},
]
