import {describe, expect, test} from '@jest/globals'
import {AIM_NAMES, AIMS, isAimName} from '../../bench/report/aims.ts'
import {figure, formatBound, isMet} from '../../bench/report/figures.ts'

describe('aims', () => {
  test('each has a path of its own', () => {
    const paths = AIM_NAMES.map(name => AIMS[name].path)
    expect(paths.length).toBeGreaterThan(20)
    expect(new Set(paths).size).toBe(paths.length)
  })

  test.each([
    ['known-base', true],
    ['growth-layers-memory', true],
    ['fleet-own-parts', true],
    ['toString', false],
    ['growth-layers', false],
  ])('%s: %s', (name, expected) => expect(isAimName(name)).toBe(expected))
})

describe('bounds as they are shown', () => {
  test.each([
    ['registry-image-time', '≤ 1.25 ×'],
    ['known-base', '≥ 20 ×'],
    ['growth-files-time', '≤ 1.05'],
    ['small-files-time', '≤ 9 µs a file'],
  ] as const)('%s', (aim, expected) => expect(formatBound(aim)).toBe(expected))
})

describe('figures have three digits, and are judged by them', () => {
  test.each([
    ['action-start', 50, 50, true],
    ['action-start', 50.04, 50, true],
    ['action-start', 50.06, 50.1, false],
    ['growth-files-time', 1.054, 1.05, true],
    ['growth-files-time', 1.056, 1.06, false],
    ['growth-files-memory', -0.012345, -0.0123, true],
    ['known-base', 19.96, 20, true],
    ['known-base', 19.94, 19.9, false],
    ['registry-entrypoint-shell', 1234.4, 1234, true],
    ['registry-image-memory', 150.4, 150, true],
    ['registry-image-memory', 150.6, 151, false],
  ] as const)('%s: %s', (aim, measured, shown, met) => {
    const made = figure(aim, measured, 3, 'a test')
    expect(made).toEqual({aim, measured: shown, rounds: 3, detail: 'a test'})
    expect(isMet(made)).toBe(met)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is refused', measured =>
    expect(() => figure('known-base', measured, 3, '1 s by 0 s')).toThrow(
      `known-base: expected a number, got ${measured} (1 s by 0 s)`,
    ),
  )
})
