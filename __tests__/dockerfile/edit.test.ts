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
