import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import type {BuildRecord} from '../../src/explain/background.ts'
import {askBaseImages} from '../../src/explain/base-images.ts'
import type {ImageRoot} from '../../src/image/source.ts'
import type {Provenance, ProvenanceBase} from '../../src/provenance/index.ts'
import {testDigest, testRoot} from '../support/memory-source.ts'
import {BASE, readFixture} from '../support/provenance.ts'

const LAYERS = [testDigest(1), testDigest(2)]
const TEXT = `127.0.0.1:42923/lib/golang:1.26@${BASE}`

/** Of two platforms. */
function recordsWith(provenance: Provenance): readonly BuildRecord[] {
  const record: BuildRecord = {layers: [], layerOf: new Map(), provenance, problems: []}
  return [record, record]
}

async function gather(
  provenance: Provenance,
  {root = testRoot(['linux/amd64', 'linux/arm64']), failure}: {root?: ImageRoot; failure?: Error} = {},
) {
  const asked: string[] = []
  const bases = await askBaseImages(recordsWith(provenance), {
    ask: async (_, text) => {
      asked.push(text)
      if (failure) throw failure
      return root
    },
    readLayers: async (_, text, platform) => {
      asked.push(`layers of ${text} ${platform}`)
      if (failure) throw failure
      return LAYERS
    },
  })
  return {bases, asked}
}

describe('the images that a build stood on', () => {
  test('are asked for once, with the layers of the platform that was taken', async () => {
    const {bases, asked} = await gather(readFixture('app-min-v1'))
    expect(bases).toMatchObject([{base: {digest: BASE}, answer: {kind: 'index'}, layers: LAYERS}])
    expect(asked).toEqual([TEXT, `layers of ${TEXT} linux/arm64`])
  })

  test('one platform’s manifest has no platforms to choose from', async () => {
    const {bases, asked} = await gather(readFixture('app-min-v0.2'), {
      root: testRoot(['linux/amd64'], 'manifest'),
    })
    expect(bases).toMatchObject([{answer: {kind: 'manifest', platform: {architecture: 'amd64'}}}])
    expect(asked.at(-1)).toBe(`layers of ${TEXT} undefined`)
  })

  test('are not asked for where the provenance tells every step', async () => {
    expect(await gather(readFixture('app-max-v1'))).toEqual({bases: [], asked: []})
  })

  test('that cannot be asked are unknown', async () => {
    const {bases} = await gather(readFixture('app-min-v1'), {failure: new SourceError('denied', 'no')})
    expect(bases).toMatchObject([{answer: {kind: 'unknown', reason: 'no'}, layers: []}])
  })

  test('a cancelled run is not gone on with', async () => {
    const failure = new SourceError('aborted', 'the run was cancelled')
    await expect(gather(readFixture('app-min-v1'), {failure})).rejects.toBe(failure)
  })

  test.each([
    ['a cancelled run', new SourceError('aborted', 'the run was cancelled')],
    ['a fault of the program', new TypeError('x is not a function')],
  ])('while layers are read, %s is thrown', async (_, failure) => {
    const options = {
      ask: async () => testRoot(['linux/amd64']),
      readLayers: async () => {
        throw failure
      },
    }
    await expect(askBaseImages(recordsWith(readFixture('app-min-v1')), options)).rejects.toBe(failure)
  })

  test('of a build without a provenance none are asked', async () => {
    const record: BuildRecord = {layers: [], layerOf: new Map(), problems: []}
    const options = {ask: async () => testRoot([]), readLayers: async () => LAYERS}
    expect(await askBaseImages([record], options)).toEqual([])
  })

  test('many of them: only so many are asked', async () => {
    const provenance = readFixture('app-min-v1')
    const [base] = provenance.bases
    if (!base) throw new Error('no base')
    const bases = Array.from({length: 99}, (_, at): ProvenanceBase => ({...base, tag: `1.${at}`}))
    expect((await gather({...provenance, bases})).bases).toHaveLength(16)
  })
})
