import {expect, test} from '@jest/globals'
import {formatSize} from '../../src/lib/format-size.ts'

test.each([
  [0, '0 KB'],
  [1, '1 KB'],
  [999_999, '1000 KB'],
  [340_400_000, '340 MB'],
  [1_250_000_000, '1.3 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text)
})
