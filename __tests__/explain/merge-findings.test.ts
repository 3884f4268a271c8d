import {expect, test} from '@jest/globals'
import {type Cause, type ExplainedFinding, mergeDockerfileFindings} from '../../src/explain/index.ts'

const help = 'https://example.test/'

function onImage(cause: Partial<Cause> | undefined, more: Partial<ExplainedFinding> = {}): ExplainedFinding {
  return {
    ...{rule: 'wrong-machine', level: 'error', image: 'app:1', platform: 'linux/arm64', path: '/app'},
    ...{message: '/app is x86-64', evidence: {actual: 'x86-64'}, help},
    ...(cause ? {cause: {kind: 'line', message: 'GOARCH', ...cause}} : {}),
    ...more,
  }
}

function onLine(file: string, line: number, more: Partial<ExplainedFinding> = {}): ExplainedFinding {
  return {
    ...{rule: 'hardcoded-platform', level: 'warning', file, line, endLine: line},
    ...{message: 'GOARCH=amd64', evidence: {stage: 'build'}, fix: 'GOARCH=$TARGETARCH', help},
    ...more,
  }
}

const rulesOf = (findings: readonly ExplainedFinding[]) => mergeDockerfileFindings(findings).map(({rule}) => rule)
const BOTH = ['wrong-machine', 'hardcoded-platform']

test('a line and what it is the cause of are one finding, which tells all', () => {
  const [joined, ...more] = mergeDockerfileFindings([onImage({file: 'Dockerfile', line: 7}), onLine('Dockerfile', 7)])
  expect(more).toEqual([])
  expect(joined).toEqual({
    ...onImage({file: 'Dockerfile', line: 7}),
    evidence: {
      actual: 'x86-64',
      dockerfile: [
        {
          ...{rule: 'hardcoded-platform', level: 'warning', file: 'Dockerfile', line: 7, message: 'GOARCH=amd64'},
          ...{evidence: {stage: 'build'}, fix: 'GOARCH=$TARGETARCH'},
        },
      ],
    },
  })
})

test('a line that is the cause of several is told in each', () => {
  const findings = [
    onImage({file: 'D', line: 7}),
    onImage({file: 'D', line: 7}, {platform: 'linux/s390x'}),
    onLine('D', 7),
  ]
  expect(mergeDockerfileFindings(findings).map(({evidence}) => Array.isArray(evidence.dockerfile))).toEqual([
    true,
    true,
  ])
})

test.each<[string, readonly ExplainedFinding[], readonly string[]]>([
  ['lines that overlap', [onImage({file: 'D', line: 7, endLine: 9}), onLine('D', 9)], ['wrong-machine']],
  ['an instruction of several lines', [onImage({file: 'D', line: 8}), onLine('D', 7, {endLine: 9})], ['wrong-machine']],
  ['other lines', [onImage({file: 'D', line: 7}), onLine('D', 8)], BOTH],
  ['another file', [onImage({file: 'E', line: 7}), onLine('D', 7)], BOTH],
  ['a file that is not in the workspace', [onImage({file: 'D', line: 7, from: 'provenance'}), onLine('D', 7)], BOTH],
  ['no line', [onImage({file: 'D'}), onLine('D', 7)], BOTH],
  ['no cause', [onImage(undefined), onLine('D', 7)], BOTH],
  ['a graver line', [onImage({file: 'D', line: 7}, {level: 'warning'}), onLine('D', 7, {level: 'error'})], BOTH],
  ['a line alone', [onLine('D', 7)], ['hardcoded-platform']],
  ['nothing', [], []],
])('%s', (_, findings, expected) => {
  expect(rulesOf(findings)).toEqual(expected)
})
