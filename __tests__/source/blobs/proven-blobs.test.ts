import {describe, expect, test} from '@jest/globals'
import {provenBlobs} from '../../../src/source/blobs/proven-blobs.ts'
import {collect, failure, inChunks, watched} from '../../support/streams.ts'
import {MEANT, RIGHT, WRONG} from '../../support/wrong-bytes.ts'

/** The blobs of a store that gives these bytes for everything. */
const proven = (stream: () => AsyncIterable<Uint8Array>, keeps?: number) =>
  provenBlobs({
    stream,
    probe: async () => undefined,
    close: async () => undefined,
    ...(keeps === undefined ? {} : {keeps}),
  })

describe('a stream', () => {
  test.each([1, 100, 65536])('that is right passes unchanged in chunks of %d', async size => {
    expect((await collect(proven(() => inChunks(MEANT, size)).stream(RIGHT, 'layer'))).equals(MEANT)).toBe(true)
  })

  test.each(WRONG)('$what', async ({given, message}) => {
    const thrown = await failure(collect(proven(() => inChunks(given, 100)).stream(RIGHT, 'layer')))
    expect(thrown).toMatchObject({code: 'digest-mismatch', message: expect.stringMatching(message)})
  })

  test('that is too long is not read to its end', async () => {
    const {chunks, seen} = watched(Buffer.alloc(1_000_000), 1000)
    expect(await failure(collect(proven(() => chunks).stream(RIGHT, 'layer')))).toMatchObject({code: 'digest-mismatch'})
    expect(seen).toEqual({given: 3000, ended: true})
  })

  test('is let go where nobody reads on', async () => {
    const {chunks, seen} = watched(MEANT, 100)
    for await (const _ of proven(() => chunks).stream(RIGHT, 'layer')) break
    expect(seen).toEqual({given: 100, ended: true})
  })
})

describe('a small blob', () => {
  test('is read whole', async () => {
    expect(
      Buffer.from(
        await proven(() => inChunks(MEANT, 7)).read(RIGHT, 'config', {name: 'config-bytes', most: 5000}),
      ).equals(MEANT),
    ).toBe(true)
  })

  test('that claims to be too large is not read at all', async () => {
    const open = (): never => {
      throw new Error('it was opened')
    }
    expect(await failure(proven(open).read(RIGHT, 'config', {name: 'config-bytes', most: 2599}))).toMatchObject({
      code: 'unsupported',
      message: `config ${RIGHT.digest} has 2600 bytes, expected at most 2,599 bytes (limit config-bytes)`,
      hint: 'Where the image is meant to be like that, raise it with limits: config-bytes=3KiB.',
    })
  })
})

describe('what a store keeps', () => {
  const counted = (given: Uint8Array, keeps?: number) => {
    const seen = {asked: 0}
    const blobs = proven(() => {
      seen.asked += 1
      return inChunks(given, 100)
    }, keeps)
    return {blobs, seen}
  }
  const twice = async ({stream}: ReturnType<typeof proven>) => {
    await failure(collect(stream(RIGHT, 'layer')))
    return failure(collect(stream(RIGHT, 'layer')).then(String))
  }

  test.each([
    {what: 'is asked for once', keeps: MEANT.length, asked: 1},
    {what: 'is asked for each time where there is no room for it', keeps: MEANT.length - 1, asked: 2},
    {what: 'is nothing where it is at hand anyway', keeps: undefined, asked: 2},
  ])('$what', async ({keeps, asked}) => {
    const {blobs, seen} = counted(MEANT, keeps)
    expect(await twice(blobs)).toEqual({notThrown: String(MEANT)})
    expect(seen.asked).toBe(asked)
  })

  test('is waited for by who asks for it meanwhile', async () => {
    const {blobs, seen} = counted(MEANT, MEANT.length)
    const both = await Promise.all([1, 2].map(() => collect(blobs.stream(RIGHT, 'layer'))))
    expect(both.map(one => one.equals(MEANT))).toEqual([true, true])
    expect(seen.asked).toBe(1)
  })

  test.each(WRONG)('is never what is wrong: $what', async ({given}) => {
    const {blobs, seen} = counted(given, 2 * MEANT.length)
    expect(await twice(blobs)).toMatchObject({code: 'digest-mismatch'})
    expect(seen.asked).toBe(2)
  })

  test('is not what nobody read to its end; the room is given back', async () => {
    const {blobs, seen} = counted(MEANT, MEANT.length)
    for await (const _ of blobs.stream(RIGHT, 'layer')) break
    expect(await twice(blobs)).toEqual({notThrown: String(MEANT)})
    expect(seen.asked).toBe(2)
  })
})
