import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import {gatherBuiltOn} from '../../src/explain/build-bases.ts'
import type {ImageFacts, Origins} from '../../src/facts/facts.ts'
import type {ImageRoot} from '../../src/image/source.ts'
import type {Provenance, ProvenanceBase} from '../../src/provenance/index.ts'
import {testFacts, testPlatformFacts} from '../support/facts.ts'
import {testDigest, testRoot} from '../support/memory-source.ts'
import {BASE, readFixture} from '../support/provenance.ts'

const LAYERS = [testDigest(1), testDigest(2)]
const TEXT = `127.0.0.1:42923/lib/golang:1.26@${BASE}`

function imagesWith(provenance: Provenance): readonly ImageFacts[] {
  const origins: Origins = {layers: [], of: new Map(), provenance, untold: []}
  return testFacts(['linux/arm64', 'linux/s390x'].map(name => ({...testPlatformFacts(name, {}), origins}))).images
}

async function gather(
  provenance: Provenance,
  {root = testRoot(['linux/amd64', 'linux/arm64']), failure}: {root?: ImageRoot; failure?: Error} = {},
) {
  const asked: string[] = []
  const builtOn = await gatherBuiltOn(imagesWith(provenance), {
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
  return {builtOn, asked}
}

describe('the images that a build stood on', () => {
  test('are asked for once, with the layers of the platform that was taken', async () => {
    const {builtOn, asked} = await gather(readFixture('app-min-v1'))
    expect(builtOn).toMatchObject([{base: {digest: BASE}, answer: {kind: 'index'}, layers: LAYERS}])
    expect(asked).toEqual([TEXT, `layers of ${TEXT} linux/arm64`])
  })

  test('one platform’s manifest has no platforms to choose from', async () => {
    const {builtOn, asked} = await gather(readFixture('app-min-v0.2'), {
      root: testRoot(['linux/amd64'], 'manifest'),
    })
    expect(builtOn).toMatchObject([{answer: {kind: 'manifest', platform: {architecture: 'amd64'}}}])
    expect(asked.at(-1)).toBe(`layers of ${TEXT} undefined`)
  })

  test('are not asked for where the provenance tells every step', async () => {
    expect(await gather(readFixture('app-max-v1'))).toEqual({builtOn: [], asked: []})
  })

  test('that cannot be asked are unknown', async () => {
    const {builtOn} = await gather(readFixture('app-min-v1'), {failure: new SourceError('denied', 'no')})
    expect(builtOn).toMatchObject([{answer: {kind: 'unknown', reason: 'no'}, layers: []}])
  })

  test('a cancelled run is not gone on with', async () => {
    const failure = new SourceError('aborted', 'the run was cancelled')
    await expect(gather(readFixture('app-min-v1'), {failure})).rejects.toBe(failure)
  })

  test('many of them: only so many are asked', async () => {
    const provenance = readFixture('app-min-v1')
    const [base] = provenance.bases
    if (!base) throw new Error('no base')
    const bases = Array.from({length: 99}, (_, at): ProvenanceBase => ({...base, tag: `1.${at}`}))
    expect((await gather({...provenance, bases})).builtOn).toHaveLength(16)
  })
})
