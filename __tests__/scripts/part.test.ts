import {describe, expect, test} from '@jest/globals'
import {parsePart, takePart} from '../../scripts/support/part.ts'

describe('a part of what a suite tries', () => {
  test('together the parts are all, and none is in two', () => {
    const all = Array.from({length: 10}, (_, at) => at)
    const parts = ['1/3', '2/3', '3/3'].map(text => takePart(all, parsePart(text)))
    expect(parts).toEqual([
      [0, 3, 6, 9],
      [1, 4, 7],
      [2, 5, 8],
    ])
    expect(takePart(all, parsePart('1/1'))).toEqual(all)
  })

  test.each(['', '1', '0/3', '4/3', '1/0', 'a/3', '1/3/5', '-1/3', '1.5/3'])('%j is none', text => {
    expect(() => parsePart(text)).toThrow(`--part: expected one such as 1/6, got ${JSON.stringify(text)}`)
  })
})
