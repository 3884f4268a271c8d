import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {canonicalJson, type JsonValue} from '../../src/lib/canonical-json.ts'

test.each<[JsonValue, string]>([
  [null, 'null'],
  [{b: 1, a: [2, {d: true, c: 'x'}]}, '{"a":[2,{"c":"x","d":true}],"b":1}'],
  // Not as JavaScript orders the members of an object.
  [{'10': 1, '9': 2, a: 3}, '{"10":1,"9":2,"a":3}'],
  // By UTF-16 units, as RFC 8785 §3.2.3 has it.
  [
    {'\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7},
    '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
  ],
  [{a: undefined, b: [undefined]}, '{"b":[null]}'],
  [[1e21, 0.1, -0, 1e-7], '[1e+21,0.1,0,1e-7]'],
  [{['__proto__']: 1}, '{"__proto__":1}'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test('is JSON of the same value, whatever the order of the members', () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, inner]) => [name, reversed(inner)]),
          )
        : value
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      // fast-check's type of JSON is its own.
      const json = value as JsonValue
      expect(JSON.parse(canonicalJson(json))).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(reversed(json) as JsonValue)).toBe(canonicalJson(json))
    }),
  )
})
