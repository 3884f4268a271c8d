import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {renderText} from '../../src/report/text.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands, withoutIgnorables} from '../support/runner-commands.ts'
import {FOREIGN_PROGRAM, hostileReport, MANY_FINDINGS, SAMPLE_REPORTS} from '../support/sample-reports.ts'

test.each([
  'all match',
  'foreign program',
  'several images',
  'dockerfiles',
  'nothing',
  'tolerated',
  'not checked',
  'one unread',
])('golden: %s', name => {
  const report = SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM
  const text = renderText(report)
  expect(text).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.txt`, text))
})

test('colours are on words of ours, and only where they are asked for', () => {
  const colored = renderText(FOREIGN_PROGRAM, {color: true})
  expect(colored).toContain('  linux/arm64    \x1b[31mmismatch    \x1b[0m  x86-64, not aarch64: /app\n')
  expect(colored).toContain('\x1b[31merror\x1b[0m wrong-machine: ghcr.io/org/app:1.4.2 linux/arm64\n')
  expect(colored.startsWith('\x1b[31mnot verified\x1b[0m: linux/arm64 would not start: /app is x86-64')).toBe(true)
  expect(colored.endsWith('; 2 of 4 platforms match, 1 absent; 2 errors, 1 note\n')).toBe(true)
  const plain = colored.replace(/\x1b\[\d+m/g, '').replace(/ +\n/g, '\n')
  expect(plain).toBe(renderText(FOREIGN_PROGRAM))
})

test('every finding has its block', () => {
  expect(renderText(MANY_FINDINGS).match(/^(error|warning|note) /gm)).toHaveLength(500)
})

describe('what an image says', () => {
  test('is no command to the runner and moves no cursor', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
        const text = renderText(hostileReport(texts))
        expect(parseRunnerCommands(text)).toEqual([])
        expect(parseRunnerCommands(withoutIgnorables(text))).toEqual([])
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        const colored = renderText(hostileReport(texts), {color: true}).replace(/\x1b\[(?:0|31|32|33|36)m/g, '')
        expect(colored.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })

  test('has no say in how many lines there are', () => {
    const lines = (text: string) => renderText(hostileReport([text])).split('\n').length
    expect(lines('a\nb\r\nc')).toBe(lines('a'))
  })

  test('is cut where it is endless', () => {
    expect(renderText(hostileReport(['x'.repeat(1_000_000)])).length).toBeLessThan(100_000)
  })
})
