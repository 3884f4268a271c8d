import {describe, expect, test} from '@jest/globals'
import {isOnStart, problemOf} from '../../src/report/problem.ts'
import type {Report, ReportPlatform} from '../../src/report/report.ts'
import {rowClause, rowText} from '../../src/report/row-text.ts'
import type {Row} from '../../src/report/rows.ts'
import type {Evidence, Finding} from '../../src/rules/finding.ts'
import {RULES} from '../../src/rules/index.ts'
import {ALL_MATCH} from '../support/sample-reports.ts'

function finding(rule: string, evidence: Evidence, change: Partial<Finding> = {}): Finding {
  return {
    ...{rule, level: 'error', image: 'app:1', platform: 'linux/arm/v7', path: '/app', message: 'the message'},
    ...{evidence, help: 'h', ...change},
  }
}

test.each<[string, Evidence, string, string]>([
  ['wrong-machine', {actual: 'x86-64'}, 'x86-64', '/app is x86-64'],
  ['foreign-executable', {actual: 'x86-64'}, 'x86-64 file', '/app is x86-64'],
  ['foreign-executable', {actual: 'x86-64', count: 12}, '12 x86-64 files', '12 x86-64 files'],
  ['missing-program', {via: 'entrypoint'}, 'program missing', '/app is missing'],
  ['missing-program', {via: 'user', reason: 'there is no user web'}, 'there is no user web', 'there is no user web'],
  ['missing-program', {via: 'working directory'}, 'working directory missing', '/app cannot be made'],
  ['missing-interpreter', {role: 'loader'}, 'loader missing', '/app has no loader'],
  ['missing-interpreter', {role: 'interpreter'}, 'interpreter missing', '/app has no interpreter'],
  ['missing-library', {library: 'libssl.so.3'}, 'libssl.so.3 missing', '/app lacks libssl.so.3'],
  ['libc-too-old', {versions: ['GLIBC_2.34', 'GLIBC_2.38']}, 'needs GLIBC_2.38', '/app needs GLIBC_2.38'],
  ['libc-too-old', {symbols: ['x']}, 'symbols missing', '/app needs symbols that its libraries do not define'],
  ['not-a-program', {kind: 'mach-o'}, 'Mach-O (macOS)', '/app is not a program: Mach-O (macOS)'],
  ['not-a-program', {kind: 'git-lfs-pointer'}, 'Git LFS pointer', '/app is not a program: Git LFS pointer'],
  ['wrong-os', {os: 'freebsd'}, 'for freebsd', '/app is a program for freebsd'],
  ['not-executable', {reason: 'no-execute-permission'}, 'not executable', '/app is not executable'],
  ['not-executable', {reason: 'directory'}, 'a directory', '/app is a directory'],
  ['not-executable', {reason: 'no-search-permission'}, 'not reachable', 'the user cannot reach /app'],
  ['bad-shebang', {}, '#! line does not work', 'the #! line of /app does not work'],
  ['variant-too-new', {needs: 'x86-64-v3'}, 'needs x86-64-v3', '/app needs x86-64-v3'],
  ['page-size', {align: 4096}, 'aligned to 4096 bytes', '/app is aligned to 4096 bytes'],
  ['capability-not-granted', {capabilities: ['CAP_A', 'CAP_B']}, 'needs CAP_A, CAP_B', '/app needs CAP_A, CAP_B'],
  ['config-platform-mismatch', {index: 'linux/arm64', config: 'linux/amd64'}, 'config says amd64', 'config says amd64'],
  [
    'config-platform-mismatch',
    {index: 'linux/arm64', config: 'windows/arm64'},
    'config says windows/arm64',
    'config says windows/arm64',
  ],
  ['a-rule-of-tomorrow', {}, 'a-rule-of-tomorrow', 'the message'],
  // What a file is called is not a pattern of a replacement.
  ['wrong-machine', {actual: "$& $' $1"}, "$& $' $1", "/app is $& $' $1"],
])('%s %j', (rule, evidence, cell, clause) => {
  expect(problemOf(finding(rule, evidence))).toEqual({cell, clause})
})

test('every rule on images has words of its own', () => {
  const onFiles = RULES.filter(({id}) => /^(?:base-|platform-arg|build-platform|hardcoded)/.test(id))
  const others = RULES.filter(rule => !onFiles.includes(rule))
  expect(others.filter(({id}) => problemOf(finding(id, {})).cell === id).map(({id}) => id)).toEqual([])
})

test.each<[string, Evidence, boolean]>([
  ['wrong-machine', {}, true],
  ['wrong-machine', {service: 'nginx'}, false],
  ['wrong-machine', {maybe: 'the volume /data'}, false],
  ['foreign-executable', {}, false],
])('isOnStart: %s %j is %j', (rule, evidence, expected) => {
  expect(isOnStart(finding(rule, evidence))).toBe(expected)
})

describe('a row', () => {
  const platform: ReportPlatform = {
    ...{platform: 'linux/arm/v7', verdict: 'mismatch', checked: true},
    program: {argv: ['/app'], steps: [{path: '/app', kind: 'elf', machine: 'x86-64', via: 'entrypoint'}]},
  }
  const image = {reference: 'app:1', platforms: [platform]}
  const row = (findings: readonly Finding[], change: Partial<ReportPlatform> = {}): Row => ({
    ...{image, name: platform.platform, platform: {...platform, ...change}, findings, switchedOff: []},
  })
  const told = (one: Row) => {
    const report: Report = {...ALL_MATCH, verdict: 'fail', images: [image], findings: one.findings}
    const {mark, what, path = '', beside} = rowText(report, one)
    return [mark, what, path, beside.join(', '), rowClause(one)]
  }
  const WRONG = finding('wrong-machine', {actual: 'x86-64'})

  test.each<[string, Row, readonly string[]]>([
    [
      'the variant that the platform asks for',
      row([WRONG]),
      ['bad', 'x86-64, not arm v7', '/app', '', 'would not start: /app is x86-64'],
    ],
    [
      'more findings',
      row([WRONG, finding('page-size', {align: 4096}), {...WRONG, level: 'warning'}]),
      ['bad', 'x86-64, not arm v7', '/app', '1 more error, 1 warning', 'would not start: /app is x86-64'],
    ],
    [
      'a service keeps no container from starting',
      row([finding('wrong-machine', {actual: 'x86-64', service: 'nginx'})]),
      ['bad', 'x86-64, not arm v7', '/app', '', 'has a problem: /app is x86-64'],
    ],
    [
      'a file that does not start',
      row([finding('missing-interpreter', {role: 'loader'}, {path: '/bin/sh'})]),
      ['bad', 'loader missing', '/bin/sh', '', 'has a problem: /bin/sh has no loader'],
    ],
    [
      'tolerated',
      row([{...WRONG, level: 'note', ownLevel: 'error'}], {tolerated: true}),
      ['doubtful', 'x86-64, not arm v7', '/app', 'tolerated', 'would not start: /app is x86-64'],
    ],
    ['no finding at all', row([]), ['doubtful', 'wrong', '/app', '', 'is wrong']],
    [
      'a match',
      row([], {verdict: 'match', program: {argv: [], steps: [{path: '/app', kind: 'elf', machine: 'arm', via: 'x'}]}}),
      ['good', 'arm v7', '/app', '', 'matches'],
    ],
  ])('%s', (_, one, expected) => {
    expect(told(one)).toEqual(expected)
  })
})
