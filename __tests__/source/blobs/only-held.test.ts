import {expect, test} from '@jest/globals'
import {configNamedBy, onlyHeld} from '../../../src/source/blobs/only-held.ts'
import {testDigest, testRoot} from '../../support/memory-source.ts'

const root = testRoot(['linux/amd64', 'linux/arm64', 'linux/s390x'])
const [amd64, arm64, s390x] = root.entries

test.each(['daemon', 'archive'] as const)(
  'a platform that the %s does not hold is absent, the order stays',
  async where => {
    const held = await onlyHeld(root, where, ({digest}) => digest === arm64?.descriptor.digest)
    expect(held.entries).toEqual([arm64])
    expect(held.absent).toEqual([
      {...amd64, notIn: where},
      {...s390x, notIn: where},
    ])
  },
)

test('an image of which all is held stays as it is', async () => {
  expect(await onlyHeld(root, 'archive', async () => true)).toBe(root)
})

test('a lone manifest is not taken away: what is missing of it is its fault', async () => {
  const lone = {...root, kind: 'manifest' as const, entries: root.entries.slice(0, 1)}
  expect(await onlyHeld(lone, 'archive', () => false)).toBe(lone)
})

test.each([
  ['a manifest', {config: {digest: testDigest(1), size: 2}, layers: []}, testDigest(1)],
  ['an index', {mediaType: 'application/vnd.oci.image.index.v1+json', manifests: []}, undefined],
  ['a manifest without a config', {layers: []}, undefined],
  ['what is not an object', 'x', undefined],
])('the config of %s', (_, value, config) => {
  expect(configNamedBy(Buffer.from(JSON.stringify(value)))).toBe(config)
})
