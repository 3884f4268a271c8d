import {expect, test} from '@jest/globals'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {layerBlobOf} from '../../support/layers.ts'

const BLOBS = [1, 2, 3].map(number =>
  layerBlobOf(buildTar(Array.from({length: 100}, (_, at) => ({name: `f${number}-${at}`})))),
)

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
  expect(await keptOf(new LayerPool({idleLimit: 2 * size}))).toEqual([false, true, true])
  expect(await keptOf(new LayerPool({idleLimit: size}))).toEqual([false, false, true])
  expect(await keptOf(new LayerPool({idleLimit: 0}))).toEqual([false, false, false])
})

test('a layer that somebody uses stays, whatever room there is', async () => {
  const pool = new LayerPool({idleLimit: 0})
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
