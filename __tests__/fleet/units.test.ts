import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {parseShard, shardOf, type Unit, unitsOf} from '../../src/fleet/units.ts'
import {parseLocation} from '../../src/image/location.ts'

function inventory(texts: readonly string[]) {
  return texts.map(text => {
    const location = parseLocation(text)
    if (!location.ok) throw new Error(location.problem)
    return location.value
  })
}

const placesOf = (units: readonly Unit[]): readonly number[] => units.flatMap(({places}) => places)
const digest = (byte: number): string => `sha256:${byte.toString(16).padStart(2, '0').repeat(32)}`

test('each image is a unit; digests of one repository are one, for they may be the legs of a matrix', () => {
  const units = unitsOf(inventory(['a:1', `b@${digest(1)}`, 'a:2', `b@${digest(2)}`, 'oci:x', `c@${digest(1)}`]))
  expect(units.map(({places}) => places)).toEqual([[0], [1, 3], [2], [4], [5]])
})

test.each([
  ['1/1', {part: 1, of: 1}],
  ['4/16', {part: 4, of: 16}],
  ['1000/1000', {part: 1000, of: 1000}],
  ['0+1/16', {part: 1, of: 16}],
  ['15+1/16', {part: 16, of: 16}],
])('%s', (text, shard) => expect(parseShard(text)).toEqual(shard))

test.each([
  '',
  '1',
  '0/4',
  '5/4',
  '1/0',
  '01/4',
  '1/1001',
  'a/b',
  '1/4/2',
  '-1/4',
  '1 /4',
  '16+1/16',
  '0+2/4',
  '+1/4',
  '',
  '00+1/4',
])('%j is not a shard', text => {
  expect(parseShard(text)).toBeUndefined()
})

describe('shards', () => {
  const shards = (texts: readonly string[], of: number): readonly (readonly number[])[] =>
    Array.from({length: of}, (_, index) => placesOf(shardOf(unitsOf(inventory(texts)), {part: index + 1, of})))

  test('images of one repository stay together', () => {
    expect(shards(['a:1', 'b:1', 'a:2', 'b:2', 'c:1', 'a:3'], 2)).toEqual([
      [0, 2, 5],
      [1, 3, 4],
    ])
  })

  test('but no part gets more than its share for it', () => {
    const sizes = shards([...Array.from({length: 90}, (_, tag) => `big:${tag}`), ...'abcdefghij'], 4)
    expect(sizes.map(({length}) => length)).toEqual([25, 25, 25, 25])
  })

  test('every image is in one part, whatever the inventory is, and parts differ by less than the largest unit', () => {
    const reference = fc
      .tuple(fc.constantFrom('a', 'b', 'c/d', 'ghcr.io/o/e', 'f'), fc.nat({max: 40}))
      .map(([name, tag]) => `${name}:${tag}`)
    fc.assert(
      fc.property(fc.uniqueArray(reference, {maxLength: 120}), fc.integer({min: 1, max: 20}), (texts, of) => {
        const parts = shards(texts, of)
        expect(parts.flat().sort((a, b) => a - b)).toEqual(texts.map((_, index) => index))
        for (const part of parts) expect(part).toEqual([...part].sort((a, b) => a - b))
        const sizes = parts.map(({length}) => length)
        expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * Math.ceil(texts.length / of))
      }),
    )
  })
})
