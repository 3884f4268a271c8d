import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {parseDigest} from '../../../src/image/digest.ts'
import {verifiedBytes} from '../../../src/source/blobs/verified.ts'
import {failure} from '../../support/streams.ts'
import {MEANT, RIGHT, WRONG} from '../../support/wrong-bytes.ts'

describe('bytes', () => {
  test.each(['sha256', 'sha384', 'sha512'])('that are right by %s', algorithm => {
    const digest = parseDigest(`${algorithm}:${createHash(algorithm).update(MEANT).digest('hex')}`)
    if (!digest.ok) throw new Error(digest.problem)
    expect(verifiedBytes(MEANT, {digest: digest.value, size: MEANT.length}, 'layer')).toBe(MEANT)
  })

  test.each(WRONG)('$what', async ({given, message}) => {
    const thrown = await failure((async () => verifiedBytes(given, RIGHT, 'layer'))())
    expect(thrown).toMatchObject({
      name: 'SourceError',
      code: 'digest-mismatch',
      message: expect.stringMatching(message),
    })
  })
})
