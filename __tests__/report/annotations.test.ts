import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {type Annotation, annotationsOf} from '../../src/report/annotations.ts'
import type {Report} from '../../src/report/report.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {hostileText} from '../support/hostile-text.ts'
import {printedAnnotation} from '../support/printed-annotation.ts'
import {type Command, parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  FOREIGN_PROGRAM,
  HOSTILE,
  hostileReport,
  MANY_FINDINGS,
  SEVERAL_IMAGES,
  TOLERATED,
} from '../support/sample-reports.ts'

test('a report without findings has none', () => {
  expect(annotationsOf(ALL_MATCH)).toEqual([])
})

test('platform, message, cause and fix; the title names rule and file; the line of the Dockerfile', () => {
  expect(annotationsOf(FOREIGN_PROGRAM)).toEqual([
    {
      level: 'error',
      title: 'wrong-machine: /app',
      message: [
        'linux/arm64: /app -> /opt/app (argument of tini) is x86-64, expected aarch64 (linux/arm64)',
        'Cause: GOARCH is set to amd64 for every platform',
        'Fix: Take the architecture from the builder: ARG TARGETARCH, then GOARCH=$TARGETARCH.',
      ].join('\n'),
      file: 'build/Dockerfile',
      startLine: 12,
      endLine: 14,
    },
    {
      level: 'error',
      title: 'platform-missing: linux/riscv64',
      message: [
        'linux/riscv64: linux/riscv64 is not in the index, which has linux/amd64, linux/arm64, linux/arm/v7',
        'Fix: Build linux/riscv64 too (docker buildx build --platform …) and push all platforms as one index.',
      ].join('\n'),
    },
    {
      level: 'notice',
      title: 'foreign-executable: /usr/lib/test/hello-amd64',
      message:
        'linux/arm/v7: /usr/lib/test/hello-amd64 is x86-64, expected arm (linux/arm/v7), which its name says, too',
    },
  ])
})

test('the image is named where there are several', () => {
  expect(annotationsOf(SEVERAL_IMAGES).map(({message}) => message)).toEqual([
    'ghcr.io/org/worker:2 linux/amd64: /entrypoint.sh is a script: what it starts is not followed',
    'ghcr.io/org/worker:2 linux/arm64: the image has no command',
  ])
})

describe('the limits of the runner', () => {
  const levels = (report: Report) => annotationsOf(report).map(({level}) => level)
  const withErrors = (count: number): Report => ({
    ...ALL_MATCH,
    findings: Array.from({length: count}, (_, i) => finding(`/${i}`)),
  })

  test('nine of a level, then one that counts the others; the gravest first', () => {
    const annotations = annotationsOf(MANY_FINDINGS)
    expect(levels(MANY_FINDINGS)).toEqual([
      ...Array(10).fill('error'),
      ...Array(10).fill('warning'),
      ...Array(10).fill('notice'),
    ])
    expect([9, 19, 29].map(index => annotations[index])).toEqual([
      {level: 'error', title: '64 more errors', message: 'There are 64 more errors: see the summary of this step.'},
      {
        level: 'warning',
        title: '204 more warnings',
        message: 'There are 204 more warnings: see the summary of this step.',
      },
      {level: 'notice', title: '205 more notes', message: 'There are 205 more notes: see the summary of this step.'},
    ])
  })

  test.each([
    [0, 0, undefined],
    [9, 9, '/8'],
    [10, 10, '1 more error'],
    [11, 10, '2 more errors'],
  ])('%d findings are %d annotations', (findings, annotations, last) => {
    const all = annotationsOf(withErrors(findings))
    expect(all).toHaveLength(annotations)
    if (last !== undefined) expect(all.at(-1)?.title).toContain(last)
  })

  test('a message is cut at 4096 characters, a title at 255, with a mark', () => {
    const [annotation] = annotationsOf({
      ...ALL_MATCH,
      findings: [{...finding('/a'.repeat(300)), message: 'x\u200b'.repeat(4000)}],
    })
    expect(annotation?.message).toHaveLength(4096)
    expect(annotation?.message.endsWith('… (cut here; the summary and the report say it all)')).toBe(true)
    expect(annotation?.title).toHaveLength(255)
    expect(annotation?.title.endsWith('…')).toBe(true)
  })
})

describe('what an image says', () => {
  test('a file that cannot be named as it is gives no place', () => {
    const cause = {kind: 'line' as const, message: 'm', line: 1, endLine: 2}
    const places = ['Dockerfile', 'a\nb', 'x##[error]', '\u202edockerfile'].map(file =>
      annotationsOf({...ALL_MATCH, findings: [{...finding('/a'), cause: {...cause, file}}]}).map(
        ({file, startLine}) => [file, startLine],
      ),
    )
    expect(places).toEqual([
      [['Dockerfile', 1]],
      [[undefined, undefined]],
      [[undefined, undefined]],
      [[undefined, undefined]],
    ])
  })

  test('a line without a file gives no place', () => {
    const [annotation] = annotationsOf({
      ...ALL_MATCH,
      findings: [{...finding('/a'), cause: {kind: 'line', message: 'm', line: 4}}],
    })
    expect(annotation).not.toHaveProperty('startLine')
  })

  test('the runner reads just the annotations that were meant', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 8}), texts => {
        const annotations = annotationsOf(hostileReport(texts))
        expect(parseRunnerCommands(annotations.map(printedAnnotation).join('\n'))).toEqual(annotations.map(commandOf))
      }),
    )
  })
})

test('printed through @actions/core they are the same: nothing is escaped twice', () => {
  const annotations = [...annotationsOf(FOREIGN_PROGRAM), ...annotationsOf(HOSTILE)]
  const script = `
    import * as core from '@actions/core'
    for (const {level, message, ...properties} of ${JSON.stringify(annotations)}) core[level](message, properties)`
  const {stdout, stderr} = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(import.meta.dirname, '..', '..'),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(parseRunnerCommands(stdout)).toEqual(annotations.map(commandOf))
})

/** The runner's word for startLine is line. */
function commandOf({level, message, title, file, startLine, endLine}: Annotation): Command {
  const properties = Object.entries({title, file, line: startLine, endLine})
  const given = properties.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  return {name: level, properties: Object.fromEntries(given), data: message, syntax: 'current'}
}

function finding(path: string): Finding {
  return {
    rule: 'wrong-machine',
    level: 'error',
    image: 'a',
    path,
    message: 'm',
    evidence: {},
    help: 'https://a.example/',
  }
}

test('what is hidden by levels is the first notice, and the runner keeps it', () => {
  const [first] = FOREIGN_PROGRAM.findings
  if (first === undefined) throw new Error('the sample has a finding')
  const notes = Array.from({length: 12}, () => ({...first, level: 'note' as const}))
  const annotations = annotationsOf({...TOLERATED, findings: [...TOLERATED.findings, ...notes]})
  const notices = annotations.filter(({level}) => level === 'notice')
  expect(notices).toHaveLength(10)
  expect(annotations[0]).toEqual({
    level: 'notice',
    title: 'Rules that are lowered or switched off',
    message:
      'platform-missing is lowered to warning and finds 1 error (linux/riscv64).\nwrong-machine is off and would find 1 error (linux/arm64).',
  })
  expect(notices.at(-1)?.title).toBe('5 more notes')
})
