import {describe, expect, test} from '@jest/globals'
import {DEFAULT_LIMITS, LIMIT_NAMES, LIMITS, type LimitName} from '../../src/lib/limits.ts'
import {
  boundOf,
  fixedBound,
  formatAmount,
  overLimit,
  raiseHint,
  tellLimit,
  tellLimitAndHint,
} from '../../src/lib/over-limit.ts'

test.each<[LimitName, number, string]>([
  ['layer-bytes', 64 * 2 ** 30, '64 GiB'],
  ['layer-bytes', 2 ** 41, '2 TiB'],
  ['layer-bytes', 3 * 2 ** 20, '3 MiB'],
  ['layer-bytes', 2 ** 20 + 1024, '1,025 KiB'],
  ['layer-bytes', 2 ** 20 + 1, '1,048,577 bytes'],
  ['layer-bytes', 0, '0 bytes'],
  ['layer-entries', 5_000_000, '5,000,000'],
  ['idle-time', 30_000, '30 s'],
])('%s of %d is %s', (name, amount, text) => {
  expect(formatAmount(name, amount)).toBe(text)
})

describe('what is beyond a limit', () => {
  test('is told with its name and what to do', () => {
    const error = overLimit(boundOf(DEFAULT_LIMITS, 'layer-entries'), most => `it has more than ${most} entries`)
    expect([error.code, error.message, error.hint]).toEqual([
      'unsupported',
      'it has more than 5,000,000 entries (limit layer-entries)',
      'Where the image is meant to be like that, raise it with limits: layer-entries=10000000.',
    ])
  })

  test.each<[number | undefined, string]>([
    [undefined, '128GiB'],
    [64 * 2 ** 30 + 1, '65GiB'],
    [2 ** 42, '4TiB'],
  ])('of %s bytes needs %s', (seen, value) => {
    expect(raiseHint(boundOf(DEFAULT_LIMITS, 'layer-bytes'), seen)).toContain(`limits: layer-bytes=${value}.`)
  })

  test('that nobody can raise has no hint', () => {
    expect(raiseHint(fixedBound('name-bytes'), 256)).toBeUndefined()
    expect(tellLimitAndHint(fixedBound('name-bytes'), most => `at most ${most}`)).toBe(
      'at most 255 bytes (limit name-bytes)',
    )
  })

  test.each(LIMIT_NAMES)('%s is told by its name', name => {
    const bound = {name, most: LIMITS[name].most}
    expect(tellLimit(bound, most => `more than ${most}`)).toMatch(/^more than \d[\d,]*( [A-Za-z]+)? \(limit [a-z-]+\)$/)
    const both = tellLimitAndHint(bound, most => `more than ${most}`)
    expect(both.includes('raise it with limits:')).toBe(LIMITS[name].raisable)
  })
})
