import {expect, test} from '@jest/globals'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {layerBlobOf} from '../../support/layers.ts'

const BLOBS = [1, 2, 3].map(number =>
  layerBlobOf(buildTar(Array.from({length: 100}, (_, at) => ({name: `f${number}-${at}`})))),
)

/** The same for both kinds. */
const idleLimits = (bytes: number) => ({idleLimits: {once: bytes, all: bytes}})

/** Reads each layer and releases it; which of them are the same when they are asked for again. */
async function keptOf(pool: LayerPool): Promise<readonly boolean[]> {
  const layers: unknown[] = []
  for (const blob of BLOBS) {
    const layer = pool.acquire(blob)
    await layer.tree(blob)
    layers.push(layer)
    pool.release(blob, layer)
  }
  return BLOBS.map((blob, at) => pool.acquire(blob) === layers[at])
}

test('layers that nobody uses stay as long as there is room, the one that was used last the longest', async () => {
  const probe = new LayerPool()
  const [blob] = BLOBS
  if (!blob) throw new Error('there is no layer')
  const layer = probe.acquire(blob)
  await layer.tree(blob)
  const size = layer.memory
  expect(size).toBeGreaterThan(1000)
  expect(await keptOf(new LayerPool())).toEqual([true, true, true])
  expect(await keptOf(new LayerPool(idleLimits(2 * size)))).toEqual([false, true, true])
  expect(await keptOf(new LayerPool(idleLimits(size)))).toEqual([false, false, true])
  expect(await keptOf(new LayerPool(idleLimits(0)))).toEqual([false, false, false])
})

test('a layer that somebody uses stays, whatever room there is', async () => {
  const pool = new LayerPool(idleLimits(0))
  const [used, other] = BLOBS
  if (!used || !other) throw new Error('there are no layers')
  const layer = pool.acquire(used)
  await layer.tree(used)
  const gone = pool.acquire(other)
  await gone.tree(other)
  pool.release(other, gone)
  expect(pool.acquire(used)).toBe(layer)
  expect(pool.acquire(other)).not.toBe(gone)
})

test('a layer that was asked for again outlasts those that were not', async () => {
  const [base, ...others] = BLOBS
  if (!base) throw new Error('there is no layer')
  const probe = new LayerPool()
  const weighed = probe.acquire(base)
  await weighed.tree(base)
  const pool = new LayerPool({idleLimits: {once: weighed.memory, all: 2 * weighed.memory}})
  const read = async (blob: typeof base) => {
    const layer = pool.acquire(blob)
    await layer.tree(blob)
    pool.release(blob, layer)
    return layer
  }
  const first = await read(base)
  expect(await read(base)).toBe(first)
  for (const blob of others) await read(blob)
  expect(await read(base)).toBe(first)
})

test('what a layer took that failed is given back when another takes its place', async () => {
  const pool = new LayerPool()
  const blob = BLOBS[0]
  if (!blob) throw new Error('there is no layer')
  const cut = {
    ...blob,
    stream: async function* () {
      for await (const chunk of blob.stream()) yield chunk.subarray(0, 600)
    },
  }
  const failed = pool.acquire(cut)
  await expect(failed.tree(cut)).rejects.toThrow()
  expect(failed.hasFailed()).toBe(true)
  pool.release(cut, failed)
  const again = pool.acquire(blob)
  expect(again).not.toBe(failed)
  await again.tree(blob)
  pool.release(blob, again)
  expect(pool.acquire(blob)).toBe(again)
})
