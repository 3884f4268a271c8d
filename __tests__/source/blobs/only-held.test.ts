import {expect, test} from '@jest/globals'
import {onlyHeld} from '../../../src/source/blobs/only-held.ts'
import {testRoot} from '../../support/memory-source.ts'

const root = testRoot(['linux/amd64', 'linux/arm64'])
const [amd64, arm64] = root.entries

test('a platform whose manifest is not held is absent, and the order stays', () => {
  const held = onlyHeld(root, digest => digest === arm64?.descriptor.digest)
  expect(held.entries).toEqual([arm64])
  expect(held.absent).toEqual([amd64])
})

test('an image of which all is held stays as it is', () => {
  expect(onlyHeld(root, () => true)).toBe(root)
})

test('a lone manifest is not taken away: what is missing of it is its fault', () => {
  const lone = {...root, kind: 'manifest' as const, entries: root.entries.slice(0, 1)}
  expect(onlyHeld(lone, () => false)).toBe(lone)
})
