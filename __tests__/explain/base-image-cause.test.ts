import {describe, expect, test} from '@jest/globals'
import type {BaseImage} from '../../src/explain/background.ts'
import {baseImageCause} from '../../src/explain/base-image-cause.ts'
import type {ExplainedFile} from '../../src/explain/explained-file.ts'
import type {LayerInfo} from '../../src/image/source.ts'
import {testPlatformFacts} from '../support/facts.ts'
import {testDigest, testPlatform} from '../support/memory-source.ts'
import {BASE, readFixture} from '../support/provenance.ts'

const LAYERS: readonly LayerInfo[] = [1, 2, 3].map((byte, index) => ({index, digest: testDigest(byte), createdBy: 'x'}))
const INDEX = testDigest(9)
const [base] = readFixture('app-min-v1').bases
if (!base) throw new Error('no base')
const NAME = `127.0.0.1:42923/lib/golang:1.26@${BASE}`

function fileAt(index: number): ExplainedFile {
  const [layer] = LAYERS.slice(index)
  return {
    platform: testPlatformFacts('linux/arm64', {}),
    file: {path: '/bin/sh'},
    layers: LAYERS,
    provenance: readFixture('app-min-v1'),
    ...(layer ? {layer} : {}),
  }
}

const index: BaseImage['answer'] = {kind: 'index', digest: BASE, platforms: [testPlatform('linux/amd64')]}
const manifest = (hasPinned?: boolean): BaseImage['answer'] => ({
  kind: 'manifest',
  digest: BASE,
  platform: testPlatform('linux/amd64'),
  ...(hasPinned === undefined ? {} : {tagged: {digest: INDEX, platforms: [], hasPinned}}),
})
const on = (answer: BaseImage['answer'], layers = 2, platform = 'linux/arm64'): BaseImage => ({
  base: {...base, platform},
  answer,
  layers: LAYERS.slice(0, layers).map(({digest}) => digest),
})

describe('a layer of the base', () => {
  test.each<[string, BaseImage, string, string | undefined]>([
    ['an index', on(index), `it came with the base image ${NAME}`, undefined],
    [
      'an index of which another platform was taken',
      on(index, 2, 'linux/amd64'),
      `it came with the base image ${NAME}, of which the build took linux/amd64`,
      `FROM ${NAME} (without a --platform that is not the target's, in the stage that becomes the image)`,
    ],
    [
      'one platform, whose tag holds it',
      on(manifest(true)),
      `it came with the base image ${NAME}, which is the manifest of linux/amd64, not an index`,
      `FROM 127.0.0.1:42923/lib/golang:1.26@${INDEX}`,
    ],
    [
      'one platform, whose tag has moved on',
      on(manifest(false)),
      `it came with the base image ${NAME}, which is the manifest of linux/amd64, not an index`,
      `FROM 127.0.0.1:42923/lib/golang:1.26@${INDEX} (the index of 1.26 today, which has moved on from what was pinned)`,
    ],
    [
      'one platform, and no index at its tag',
      on(manifest()),
      `it came with the base image ${NAME}, which is the manifest of linux/amd64, not an index`,
      undefined,
    ],
    [
      'one that could not be asked',
      on({kind: 'unknown', reason: 'no'}),
      `it came with the base image ${NAME}`,
      undefined,
    ],
  ])('%s', (_, brought, message, fix) => {
    expect(baseImageCause(fileAt(1), [brought])).toEqual({
      cause: {kind: 'base-image', message},
      ...(fix === undefined ? {} : {fix}),
    })
  })
})

test.each<[string, ExplainedFile, readonly BaseImage[]]>([
  ['a layer above it', fileAt(2), [on(manifest(true))]],
  ['a base with other layers', fileAt(0), [{...on(index), layers: [testDigest(7), testDigest(2)]}]],
  [
    'a base with more layers',
    fileAt(0),
    [{...on(index), layers: [...LAYERS.map(({digest}) => digest), testDigest(7)]}],
  ],
  ['a base whose layers are not known', fileAt(0), [on(index, 0)]],
  ['a base of another build', fileAt(0), [{...on(index), base: {...base, digest: testDigest(5)}}]],
  ['a layer that is not known', fileAt(3), [on(index)]],
  ['no base', fileAt(0), []],
])('%s explains nothing', (_, file, bases) => {
  expect(baseImageCause(file, bases)).toBeUndefined()
})

test('of two bases the one with more layers, which stands on the other', () => {
  const upper = {...on(index, 2), base: {...base, tag: 'upper'}}
  const file = {...fileAt(0), provenance: {...readFixture('app-min-v1'), bases: [base, upper.base]}}
  expect(baseImageCause(file, [on(index, 1), upper])?.cause.message).toContain(':upper@')
})
