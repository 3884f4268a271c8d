// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {readdirSync, readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parseCases} from '../../scripts/dockerfiles/cases.ts'
import {type DockerfileEdit, type LintProblem, lintDockerfile} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {testPlatform} from '../support/memory-source.ts'

const PLATFORMS = ['linux/amd64', 'linux/arm64'].map(testPlatform)

function problemsOf(text: string): readonly LintProblem[] {
  const parsed = parseDockerfile(text)
  return parsed.ok ? lintDockerfile(parsed.value, {platforms: PLATFORMS}) : []
}

function edited(text: string, {line, endLine, text: into}: DockerfileEdit): string {
  const lines = text.split('\n')
  return [...lines.slice(0, line - 1), ...into.split('\n'), ...lines.slice(endLine)].join('\n')
}

test.each([
  [
    'an ARG that is missing',
    'FROM a\n  RUN GOARCH=amd64 go build',
    'FROM a\n  ARG TARGETARCH\n  RUN GOARCH=$TARGETARCH go build',
  ],
  [
    'an ARG that is there',
    'FROM a\nARG TARGETARCH\nRUN GOARCH=amd64 go build',
    'FROM a\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build',
  ],
  [
    'a line in the middle, with its comments',
    'FROM a\nRUN x && \\\n  # why\n  GOARCH=amd64 \\\n  go build',
    'FROM a\nARG TARGETARCH\nRUN x && \\\n  # why\n  GOARCH=$TARGETARCH \\\n  go build',
  ],
  [
    'what a shell knows',
    'FROM a\nRUN curl -O https://x.org/t-x86_64.tgz',
    'FROM a\nRUN curl -O https://x.org/t-$(uname -m).tgz',
  ],
  ['a stage that builds', 'FROM --platform=linux/amd64 a', 'FROM a'],
  [
    'a default',
    'FROM a\nARG TARGETOS=linux TARGETARCH=amd64 X="a b"\nRUN x $TARGETARCH',
    'FROM a\nARG TARGETOS TARGETARCH X="a b"\nRUN x $TARGETARCH',
  ],
  [
    'all that is not declared',
    'FROM a\nCOPY $TARGETOS-$TARGETARCH /',
    'FROM a\nARG TARGETOS TARGETARCH\nCOPY $TARGETOS-$TARGETARCH /',
  ],
  [
    'a variable of Go',
    'FROM a\nENV GOARCH=amd64\nRUN go build',
    'FROM a\nARG TARGETARCH\nENV GOARCH=$TARGETARCH\nRUN go build',
  ],
])('%s', (_, text, expected) => {
  const [problem] = problemsOf(text)
  expect(problem?.edit && edited(text, problem.edit)).toBe(expected)
})

test.each([
  ['a FROM of several lines', 'FROM --platform=linux/amd64 \\\n  a'],
  ['one of several variables', 'FROM a\nENV GOARCH=amd64 X=1\nRUN go build'],
  ['what stands twice in its line', 'FROM a\nRUN curl -o /amd64 https://x.org/amd64'],
  ['names of a project', 'FROM a\nADD https://x.org/t-x64 /t'],
])('nobody knows the lines of %s', (_, text) => {
  expect(problemsOf(text).map(({edit}) => edit)).toEqual([undefined])
})

describe('the lines of an edit end as those of the file do', () => {
  const LF = 'FROM a\n  RUN GOARCH=amd64 go build\n'
  const CRLF = LF.replaceAll('\n', '\r\n')
  const text = ['  ARG TARGETARCH', '  RUN GOARCH=$TARGETARCH go build']

  test.each([
    ['LF', LF, {line: 2, endLine: 2, text: text.join('\n')}],
    ['CRLF', CRLF, {line: 2, endLine: 2, text: text.join('\r\n'), crlf: true}],
    ['CRLF behind a byte order mark', `\uFEFF${CRLF}`, {line: 2, endLine: 2, text: text.join('\r\n'), crlf: true}],
    ['CRLF but for the last line, which has no end', CRLF.trimEnd(), {text: text.join('\r\n'), crlf: true}],
  ])('%s', (_, source, expected) => expect(problemsOf(source)[0]?.edit).toMatchObject(expected))

  test('a line alone', () =>
    expect(problemsOf('FROM --platform=linux/amd64 a\r\nRUN x\r\n')[0]?.edit).toEqual({
      ...{line: 1, endLine: 1, text: 'FROM a', crlf: true},
    }))

  test.each([`FROM a\r\n${LF}`, `${LF}RUN x\r\n`])('of both kinds, there is no edit: %j', source => {
    const problems = problemsOf(source)
    expect(problems.map(({fix}) => fix).filter(fix => fix !== '')).not.toEqual([])
    expect(problems.map(({edit}) => edit)).toEqual(problems.map(() => undefined))
  })

  test.each([
    [LF, '\n'],
    [CRLF, '\r\n'],
  ])('accepted, %j is a file of one kind', (source, end) => {
    const [problem] = problemsOf(source)
    const {line = 0, endLine = 0, text: into = ''} = problem?.edit ?? {}
    const lines = source.split(end)
    const after = [...lines.slice(0, line - 1), ...into.split(end), ...lines.slice(endLine)]
    expect(after).toEqual(['FROM a', ...text, ''])
  })
})

describe('an edit mends what it is for, and breaks nothing', () => {
  const FOLDER = new URL('../../scripts/dockerfiles/cases/', import.meta.url)
  const edits = readdirSync(FOLDER)
    .flatMap(file => parseCases(file, readFileSync(new URL(file, FOLDER), 'utf8')))
    .flatMap(({name, text}) =>
      problemsOf(text).flatMap(({edit, message}) => (edit ? [{name, text, edit, message}] : [])),
    )

  test('there are many', () => {
    expect(edits.length).toBeGreaterThan(60)
  })

  test.each(edits.map((one, at) => [`${one.name}, ${at}`, one] as const))('%s', (_, {text, edit, message}) => {
    const after = problemsOf(edited(text, edit)).map(problem => problem.message)
    const before = problemsOf(text).map(problem => problem.message)
    expect(parseDockerfile(edited(text, edit)).ok).toBe(true)
    expect(after).not.toContain(message)
    expect(after.filter(one => !before.includes(one))).toEqual([])
  })
})
