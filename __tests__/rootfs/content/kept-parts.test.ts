import {expect, test} from '@jest/globals'
import {KeptParts, Quota} from '../../../src/rootfs/content/contents.ts'
import type {LayerFile} from '../../../src/rootfs/tree/layer-tree.ts'

const file = (offset: number): LayerFile => ({
  ...{kind: 'file', owner: {mode: 0o755, uid: 0, gid: 0}, size: 100, target: undefined, offset, sparse: undefined},
})

/** The memory behind parts of so many bytes each: how many buffers, and their sizes together. */
function memory(sizes: readonly number[]) {
  const parts = new KeptParts()
  const quota = new Quota(2 ** 30)
  for (const [at, size] of sizes.entries()) {
    parts.keep(file(at), [{offset: 0, bytes: new Uint8Array(size).fill(at)}], quota)
  }
  const kept = [...parts.entries()].flatMap(([, [part]]) => (part ? [part.bytes] : []))
  expect(kept.map(bytes => [bytes.length, bytes[0]])).toEqual(sizes.map((size, at) => [size, at % 256]))
  const buffers = new Set(kept.map(({buffer}) => buffer))
  return {buffers: buffers.size, bytes: [...buffers].reduce((sum, {byteLength}) => sum + byteLength, 0)}
}

test('a layer with one small program takes little memory: a run may have thousands of such layers', () => {
  expect(memory([600]).bytes).toBeLessThanOrEqual(2048)
  expect(memory([2500]).bytes).toBeLessThanOrEqual(4096)
})

test('thousands of small parts share few buffers', () => {
  const {buffers, bytes} = memory(new Array<number>(10_000).fill(600))
  expect(buffers).toBeLessThan(50)
  expect(bytes).toBeLessThan(10_000 * 600 * 1.2)
})

test('a large part has a buffer of its own size', () => {
  expect(memory([600, 100_000])).toEqual({buffers: 2, bytes: 2048 + 100_000})
})
