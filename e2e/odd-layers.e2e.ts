import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {parseReference} from '../src/image/reference.ts'
import {createLimiter} from '../src/lib/concurrency.ts'
import {openRegistry} from '../src/source/registry/open-registry.ts'
import {STORES, type Store} from './ground/engine.ts'
import {mustCallEngine} from './ground/engine-api.ts'
import {engineTree, sourceTree, type Tree} from './support/engine-tree.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {ODD_LAYERS} from './support/odd-layers.ts'
import {DIFFERENCES} from './support/odd-layers-differences.ts'
import {pushLayout} from './support/push-layout.ts'
import {openStand} from './support/stand.ts'

// Layers as no usual builder writes them: what we see in them is what the real engines
// unpack, in both stores, file by file.

const stand = await openStand()
type Seen = Tree | {readonly refused: string}
const seen = new Map<string, Readonly<Record<'ours' | Store, Seen>>>()

beforeAll(async () => {
  const limiter = createLimiter(3)
  const rows = Object.entries(ODD_LAYERS).map(([what, layers], number) =>
    limiter(async () => {
      const name = `odd/layers${number}`
      const ofLayers = layers.map(layer => ('length' in layer ? {files: layer} : layer))
      await pushLayout(stand.registry, name, '1', {
        platforms: [{platform: 'linux/amd64', layers: ofLayers}],
        root: 'manifest',
      })
      const image = `${stand.registry.address}/${name}:1`
      const [ours, classic, containerd] = await Promise.all([
        ownTree(image),
        ...STORES.map(store => engineTree(stand.engines[store], image, join(stand.scratch, `odd-${store}-${number}`))),
      ])
      if (ours && classic && containerd) seen.set(what, {ours, classic, containerd})
    }),
  )
  await Promise.all(rows)
}, 300_000)

describe.each(STORES)('the %s store', store => {
  expectNothingLeft(stand, stand.engines[store])
  test('stacks layers by overlayfs: what is said of it here holds there', async () => {
    const info: unknown = JSON.parse((await mustCallEngine(stand.engines[store], 'GET', '/info')).toString())
    expect(String(Object(info).Driver)).toMatch(/^overlay/)
  })
})

test.each(Object.keys(ODD_LAYERS))('%s', what => {
  const found = seen.get(what)
  if (!found) throw new Error('it was not looked at')
  const differences = DIFFERENCES[what] ?? {}
  const alike = (['ours', ...STORES] as const).filter(who => {
    const difference = differences[who]
    if (difference === undefined) return true
    expect({who, saw: found[who]}).toEqual({
      who,
      saw: difference instanceof RegExp ? {refused: expect.stringMatching(difference)} : difference,
    })
    return false
  })
  for (const who of alike) {
    expect(found[who]).not.toHaveProperty('refused')
    expect({who, saw: found[who]}).toEqual({who, saw: found[alike[0] ?? who]})
  }
})

test('every difference is one of a shape that there is', () => {
  expect(Object.keys(DIFFERENCES).filter(what => !(what in ODD_LAYERS))).toEqual([])
})

async function ownTree(image: string): Promise<Seen> {
  const reference = parseReference(image)
  if (!reference.ok) throw new Error(reference.problem)
  const surroundings = {env: {HOME: stand.scratch}, signal: new AbortController().signal}
  const source = openRegistry({text: image, reference: reference.value}, surroundings)
  try {
    const [entry] = (await source.root()).entries
    if (!entry) throw new Error(`${image} has no platform`)
    return await sourceTree((await source.platformImage(entry)).rootfs)
  } catch (thrown) {
    return {refused: String(thrown)}
  } finally {
    await source.close()
  }
}
