import {describe, expect, test} from '@jest/globals'
import type {Case} from '../../scripts/cases/case.ts'
import {findProblems} from '../../scripts/cases/judge.ts'
import type {Finding, Level} from '../../src/rules/finding.ts'

const CASE: Case = {
  id: 'a',
  ref: undefined,
  mech: undefined,
  platforms: ['linux/amd64'],
  args: [],
  expect: 'pass',
  where: undefined,
  says: [],
  never: [],
  quiet: false,
  dockerfile: undefined,
}

function found(level: Level, more: Partial<Finding> = {}): Finding {
  return {rule: 'wrong-machine', level, platform: 'linux/arm64', message: 'm', evidence: {}, help: 'h', ...more}
}

type Row = readonly [name: string, one: Partial<Case>, exitCode: number, findings: readonly Finding[], stderr?: string]

const WHERE = ['linux/arm64', '/app'] as const

describe('a case that got its answer', () => {
  const rows: readonly Row[] = [
    ['passes', {}, 0, []],
    ['passes with a warning', {}, 0, [found('warning')]],
    ['is quiet with a note', {quiet: true}, 0, [found('note')]],
    ['has only a note of a rule', {never: ['wrong-machine']}, 0, [found('note')]],
    ['fails by its path', {expect: 'fail', where: WHERE}, 1, [found('error', {path: '/app'})]],
    ['fails by its evidence', {expect: 'fail', where: WHERE}, 1, [found('error', {evidence: {of: ['/app']}})]],
    ['warns with a note', {expect: 'warn', where: WHERE}, 0, [found('note', {message: 'see /app'})]],
    ['warns on a Dockerfile', {expect: 'warn', where: [undefined, 'ARG']}, 0, [found('warning', {fix: 'ARG X'})]],
    ['cannot be made', {expect: 'exit3', says: ['schema']}, 3, [], 'a schema 1 manifest'],
    ['says it in the fix', {says: ['JAVA_HOME']}, 0, [found('note', {fix: 'set JAVA_HOME'})]],
  ]
  test.each(rows)('%s', (_, one, exitCode, findings, stderr = '') => {
    expect(findProblems({...CASE, ...one}, {exitCode, findings, stderr})).toEqual([])
  })
})

describe('a case that did not', () => {
  const rows: readonly (readonly [...Row, problem: string])[] = [
    ['fails', {}, 1, [], '', 'expected exit code 0 (pass), got 1'],
    ['passes', {expect: 'fail', where: WHERE}, 0, [], '', 'expected an error on linux/arm64 with "/app"'],
    [
      'fails on another platform',
      {expect: 'fail', where: WHERE},
      1,
      [found('error', {path: '/app', platform: 'linux/amd64'})],
      '',
      'expected an error on linux/arm64',
    ],
    [
      'fails for another file',
      {expect: 'fail', where: WHERE},
      1,
      [found('error', {path: '/other'})],
      '',
      'expected an error on linux/arm64',
    ],
    [
      'has its text in a warning only',
      {expect: 'fail', where: WHERE},
      1,
      [found('warning', {path: '/app'})],
      '',
      'expected an error on linux/arm64',
    ],
    ['does not warn', {expect: 'warn', where: WHERE}, 0, [], '', 'expected a warning or a note on linux/arm64'],
    ['says nothing', {says: ['schema']}, 0, [], 'other', 'expected a finding or standard error to say "schema"'],
    ['warns by a rule', {never: ['wrong-machine']}, 0, [found('warning')], '', 'neither error nor warning of wrong-'],
    ['is not quiet', {quiet: true}, 0, [found('warning')], '', 'expected neither errors nor warnings'],
  ]
  test.each(rows)('%s', (_, one, exitCode, findings, stderr, problem) => {
    const problems = findProblems({...CASE, ...one}, {exitCode, findings, stderr: stderr ?? ''})
    expect(problems.join('; ')).toContain(problem)
  })
})
