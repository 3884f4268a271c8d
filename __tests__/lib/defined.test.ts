import {describe, expect, test} from '@jest/globals'
import {defined} from '../../src/lib/defined.ts'

describe('defined', () => {
  test.each([
    ['nothing', {}, {}],
    ['a property without a value', {layer: undefined}, {}],
    ['values that count as false', {a: 0, b: '', c: false, d: null}, {a: 0, b: '', c: false, d: null}],
    ['some of both', {a: 1, b: undefined, c: 'x'}, {a: 1, c: 'x'}],
  ])('%s', (_, properties, kept) => {
    expect(Object.entries(defined(properties))).toEqual(Object.entries(kept))
  })

  test('what has no value replaces nothing', () => {
    const fix = undefined as string | undefined
    expect({fix: 'Build it again.', ...defined({fix})}).toEqual({fix: 'Build it again.'})
  })

  test('keeps the order of the properties', () => {
    expect(Object.keys(defined({c: 1, a: undefined, b: 2}))).toEqual(['c', 'b'])
  })

  test('a property named __proto__ sets no prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as object
    expect('polluted' in {...defined(hostile)}).toBe(false)
  })
})
