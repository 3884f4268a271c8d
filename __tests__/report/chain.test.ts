import {describe, expect, test} from '@jest/globals'
import {formatChain, natureOf, programOf, stepOf, stepsTo} from '../../src/report/chain.ts'
import type {ReportPlatform, ReportStep} from '../../src/report/report.ts'
import type {Row} from '../../src/report/rows.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {FOREIGN_PROGRAM} from '../support/sample-reports.ts'

const finding = (path?: string): Finding => ({
  rule: 'r',
  level: 'error',
  image: 'ghcr.io/org/app:1.4.2',
  platform: 'linux/arm64',
  ...(path === undefined ? {} : {path}),
  message: 'm',
  evidence: {},
  help: 'h',
})

describe('stepsTo', () => {
  test.each([
    ['the first step', '/sbin/tini', ['/sbin/tini']],
    ['a later one, with those before it', '/app', ['/sbin/tini', '/app']],
    ['by the name of the file itself', '/opt/app', ['/sbin/tini', '/app']],
    ['a file that does not start', '/etc/passwd', []],
    ['no file', undefined, []],
  ])('%s', (_, path, expected) => {
    expect(stepsTo(FOREIGN_PROGRAM, finding(path)).map(step => step.path)).toEqual(expected)
  })

  test.each<[string, Partial<Finding>]>([
    ['another platform', {platform: 'linux/s390x'}],
    ['another image', {image: 'other'}],
  ])('nothing for %s', (_, change) => {
    expect(stepsTo(FOREIGN_PROGRAM, {...finding('/app'), ...change})).toEqual([])
  })
})

describe('the step that a row shows', () => {
  const script: ReportStep = {path: '/run.sh', kind: 'script', via: 'entrypoint'}
  const shell: ReportStep = {
    ...{path: '/bin/sh', resolved: '/bin/busybox', kind: 'elf', machine: 'x86-64'},
    via: 'interpreter of /run.sh',
  }
  const gone: ReportStep = {path: '/gone', via: 'command of /run.sh'}
  const mac: ReportStep = {path: '/app', kind: 'mach-o', machine: 'arm64', via: 'entrypoint'}
  const row = (...steps: ReportStep[]): Row => {
    const platform: ReportPlatform = {
      ...{platform: 'linux/arm64', verdict: 'match', checked: true},
      program: {argv: [], steps},
    }
    return {
      image: {reference: 'app:1', platforms: [platform]},
      name: 'linux/arm64',
      platform,
      findings: [],
      switchedOff: [],
    }
  }

  test.each<[string, readonly ReportStep[], string | undefined]>([
    ['the last program', [script, shell, gone], '/bin/sh'],
    ['else the last step', [script, gone], '/gone'],
    ['none', [], undefined],
  ])('programOf: %s', (_, steps, expected) => {
    expect(programOf(row(...steps))?.path).toBe(expected)
  })

  test.each<[string | undefined, string | undefined]>([
    ['/gone', '/gone'],
    ['/bin/busybox', '/bin/sh'],
    ['/etc/passwd', undefined],
    [undefined, undefined],
  ])('stepOf: a finding on %s', (path, expected) => {
    expect(stepOf(row(script, shell, gone), finding(path))?.path).toBe(expected)
  })

  test('natureOf', () => {
    expect([script, shell, gone, mac].map(natureOf)).toEqual(['script', 'x86-64', 'no file', 'Mach-O (macOS)'])
  })
})

test.each([
  [3, '0 > 1 > 2'],
  [11, '0 > 1 > 2 > 3 > 4 > 5 > 6 > 7 > 8 > 9 > 10'],
  [100, '0 > 1 > … (90 more) > 92 > 93 > 94 > 95 > 96 > 97 > 98 > 99'],
])('a chain of %d steps', (length, expected) => {
  const steps = Array.from({length}, (_, index): ReportStep => ({path: String(index), via: 'v'}))
  expect(formatChain(steps, ({path}) => path, ' > ')).toBe(expected)
})
