import {setImmediate} from 'node:timers/promises'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from '@jest/globals'
import {BlobPresence} from '../../../src/rootfs/content/blob-presence.ts'
import {layerBlobOf} from '../../support/layers.ts'

const BLOB = layerBlobOf(new Uint8Array(1024))

test('each store is asked once, and one that is told by nobody is one store', async () => {
  const presence = new BlobPresence()
  const asked: string[] = []
  const blobOf = (name: string, store?: object) => ({
    ...BLOB,
    ...(store === undefined ? {} : {store}),
    probe: async () => {
      asked.push(name)
    },
  })
  const one = {}
  for (const blob of [blobOf('one', one), blobOf('one', one), blobOf('other', {}), blobOf('none'), blobOf('none')]) {
    await expect(presence.confirm(blob, Promise.resolve('read'))).resolves.toBe('read')
  }
  expect(asked).toEqual(['one', 'other', 'none'])
})

test('what was read is proven for the store that it was read from', () => {
  const presence = new BlobPresence()
  const store = {}
  presence.begin({...BLOB, store})
  expect(presence.isProven({...BLOB, store})).toBe(false)
  presence.prove({...BLOB, store})
  expect([{...BLOB, store}, {...BLOB, store: {}}, BLOB].map(blob => presence.isProven(blob))).toEqual([
    ...[true, false, false],
  ])
})

test('a layer that many images share keeps none of their stores', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const presence = new BlobPresence()
  const pass = async (): Promise<WeakRef<object>> => {
    const store = {name: 'of one image'}
    const blob = {...BLOB, store, probe: async () => undefined}
    presence.begin(blob)
    presence.prove(blob)
    await presence.confirm(blob, Promise.resolve())
    return new WeakRef(store)
  }
  const stores = await Promise.all(Array.from({length: 20}, pass))
  for (let turn = 0; turn < 20 && stores.some(store => store.deref()); turn += 1) {
    await setImmediate()
    collect()
  }
  expect(stores.filter(store => store.deref())).toEqual([])
  // It is there still, and would keep what it held.
  expect(presence.isProven(BLOB)).toBe(false)
})
