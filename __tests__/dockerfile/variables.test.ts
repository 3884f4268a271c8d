import {describe, expect, test} from '@jest/globals'
import {type Variables, withVariable} from '../../src/dockerfile/variables.ts'

describe('variables at a place', () => {
  const first: Variables<number> = new Map([['A', 1]])

  test('a change is seen behind it, and not before', () => {
    const second = withVariable(first, 'A', 2)
    const third = withVariable(second, 'B', 3)
    const fourth = withVariable(third, 'A', 4)
    const seen = [first, second, third, fourth].map(place => ['A', 'B', 'C'].map(name => place.get(name)))
    expect(seen).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
      [2, 3, undefined],
      [4, 3, undefined],
    ])
    expect([first, second, third].map(place => place.has('B'))).toEqual([false, false, true])
  })

  test('two that go on from one place do not see each other', () => {
    const start = withVariable(first, 'B', 0)
    const [left, right] = [withVariable(start, 'A', 5), withVariable(start, 'A', 6)]
    expect([start, left, right].map(place => [place.get('A'), place.get('B')])).toEqual([
      [1, 0],
      [5, 0],
      [6, 0],
    ])
  })

  test('one name many times', () => {
    const places = [first]
    for (let at = 0; at < 1000; at++) places.push(withVariable(places.at(-1) ?? first, 'A', at))
    expect(places.slice(1).every((place, at) => place.get('A') === at)).toBe(true)
  })

  test('an undefined value is there', () => {
    const place = withVariable<number | undefined>(first, 'B', undefined)
    expect([place.has('B'), place.get('B')]).toEqual([true, undefined])
  })
})
