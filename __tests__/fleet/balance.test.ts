import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {shardOf, type Unit, unitsOf} from '../../src/fleet/units.ts'
import {parseLocation} from '../../src/image/location.ts'
import type {LayerSizes} from '../../src/inventory/index.ts'

const MIB = 1024 * 1024

/** An image by its name and its layers: `base:900 app:3`, in MiB. */
function fleet(images: Readonly<Record<string, string>>) {
  const units = unitsOf(
    Object.keys(images).map(text => {
      const location = parseLocation(text)
      if (!location.ok) throw new Error(location.problem)
      return location.value
    }),
  )
  const sizes = new Map<string, LayerSizes>(
    Object.entries(images)
      .filter(([, layers]) => layers !== '')
      .map(([name, layers]) => [
        name,
        {
          platforms: 1,
          layers: layers.split(' ').map(layer => {
            const [digest = '', size = ''] = layer.split('/')
            return [digest, Number(size) * MIB] as const
          }),
        },
      ]),
  )
  return {units, sizes}
}

const namesOf = (units: readonly Unit[]): readonly string[] => units.flatMap(({images}) => images.map(({text}) => text))

function parts(images: Readonly<Record<string, string>>, of: number): readonly (readonly string[])[] {
  const {units, sizes} = fleet(images)
  return Array.from({length: of}, (_, index) => namesOf(shardOf(units, {part: index + 1, of}, sizes)))
}

/** MiB that a part reads: each layer once. */
function bytesOf(names: readonly string[], images: Readonly<Record<string, string>>): number {
  const layers = new Map(names.flatMap(name => (images[name] ?? '').split(' ')).map(layer => layer.split('/')) as [])
  return Array.from(layers.values(), Number).reduce((sum, size) => sum + (size || 0), 0)
}

test('bytes decide, and not the number of images', () => {
  const small = Object.fromEntries(Array.from({length: 30}, (_, at) => [`s:${at}`, `s${at}/10`]))
  expect(
    parts({big: 'b/340', ...small}, 2)
      .map(({length}) => length)
      .toSorted(),
  ).toEqual([1, 30])
})

test('images on one base stay together', () => {
  const images = Object.fromEntries(Array.from({length: 40}, (_, at) => [`app${at}:1`, `base${at % 4}/200 own${at}/1`]))
  const split = parts(images, 4)
  const basesOf = (names: readonly string[]) => new Set(names.map(name => images[name]?.split('/')[0]))
  expect(split.map(names => basesOf(names).size)).toEqual([1, 1, 1, 1])
  expect(split.map(names => bytesOf(names, images))).toEqual([210, 210, 210, 210])
})

test('those that share more than the base come closer', () => {
  const images = Object.fromEntries(
    Array.from({length: 16}, (_, at) => [`app${at}:1`, `base/10 runtime${at % 2}/300 own${at}/1`]),
  )
  expect(parts(images, 2).map(names => bytesOf(names, images))).toEqual([318, 318])
})

test('what is not known is taken for one like the others', () => {
  const known = Object.fromEntries(Array.from({length: 8}, (_, at) => [`k:${at}`, `k${at}/100`]))
  const unknown = Object.fromEntries(Array.from({length: 8}, (_, at) => [`u:${at}`, '']))
  expect(parts({...known, ...unknown}, 4).map(({length}) => length)).toEqual([4, 4, 4, 4])
})

test('more parts than images: some have nothing to do', () => {
  expect(parts({'a:1': 'a/1', 'b:1': 'b/1'}, 4).flat()).toHaveLength(2)
})

describe('whatever the images are', () => {
  const layer = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), fc.nat({max: 5}))
  // A layer has the same size wherever it is.
  const image = fc
    .array(layer, {maxLength: 5})
    .map(layers =>
      layers.map(([name, more]) => `${name}${more}/${(name.charCodeAt(0) * (more + 1) * 7919) % 400}`).join(' '),
    )
  const images = fc
    .array(image, {minLength: 1, maxLength: 60})
    .map(list => Object.fromEntries(list.map((layers, at) => [`app:${at}`, layers])))

  test('each is in one part, in the order of the inventory, and no part reads more than its share and one image', () => {
    fc.assert(
      fc.property(images, fc.integer({min: 1, max: 12}), (all, of) => {
        const split = parts(all, of)
        expect(split.flat().toSorted()).toEqual(Object.keys(all).toSorted())
        const order = Object.keys(all)
        for (const names of split) expect(names).toEqual(order.filter(name => names.includes(name)))
        const alone = order.map(name => bytesOf([name], all) + 1)
        const known = alone.filter((_, at) => all[order[at] ?? ''] !== '')
        const mean = known.length === 0 ? 0 : known.reduce((sum, bytes) => sum + bytes, 0) / known.length
        const costs = alone.map((bytes, at) => (all[order[at] ?? ''] === '' ? bytes + mean : bytes))
        const share = costs.reduce((sum, bytes) => sum + bytes, 0) / of
        const most = (share + Math.max(...costs)) * 1.01 + 1
        for (const names of split) expect(bytesOf(names, all)).toBeLessThanOrEqual(most)
      }),
    )
  })

  test('the sizes decide, and not where an image stands', () => {
    fc.assert(
      fc.property(images, fc.integer({min: 1, max: 12}), (all, of) => {
        const distinct = Object.fromEntries(
          Object.entries(all).map(([name, layers], at) => [name, `${layers} z${at}/3`.trim()]),
        )
        const turned = Object.fromEntries(Object.entries(distinct).toReversed())
        const sets = (given: typeof all) => parts(given, of).map(names => names.toSorted())
        expect(sets(turned)).toEqual(sets(distinct))
      }),
    )
  })
})
