import {expect, test} from '@jest/globals'
import {remembered} from '../../src/lib/remembered.ts'

test('each object is computed once, whatever comes of it', () => {
  const asked: object[] = []
  const first = remembered((list: readonly number[]) => {
    asked.push(list)
    return list[0]
  })
  const [one, same, none] = [[1], [1], []]
  expect([first(one), first(one), first(same), first(none), first(none)]).toEqual([1, 1, 1, undefined, undefined])
  expect(asked).toEqual([one, same, none])
})

test('what throws is asked again', () => {
  let count = 0
  const failing = remembered((_: object) => {
    count += 1
    throw new Error(`no ${count}`)
  })
  const of = {}
  expect(() => failing(of)).toThrow('no 1')
  expect(() => failing(of)).toThrow('no 2')
})
