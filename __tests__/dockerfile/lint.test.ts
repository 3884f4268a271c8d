// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import {lintDockerfile} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {testPlatform} from '../support/memory-source.ts'

const BOTH = ['linux/amd64', 'linux/arm64']

function problems(text: string, platforms: readonly string[] = BOTH, target?: string) {
  const parsed = parseDockerfile(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return lintDockerfile(parsed.value, {
    platforms: platforms.map(testPlatform),
    ...(target === undefined ? {} : {target}),
  })
}

// Which problems there are is in scripts/dockerfiles/cases; here is what is said of them.
describe('the line as it should be', () => {
  test.each([
    ['FROM a\nRUN GOARCH=amd64 go build', 'ARG TARGETARCH above line 2, and there: RUN GOARCH=$TARGETARCH go build'],
    ['FROM a\nARG TARGETARCH\nRUN GOARCH=amd64 go build', 'RUN GOARCH=$TARGETARCH go build'],
    [
      'FROM a\nRUN x && \\\n  GOARCH=amd64 \\\n  go build',
      'ARG TARGETARCH above line 2, and in line 3: GOARCH=$TARGETARCH \\',
    ],
    ['FROM a\nRUN curl -O https://x.org/t-x86_64.tgz', 'RUN curl -O https://x.org/t-$(uname -m).tgz'],
    [
      'FROM a\nADD https://x.org/t-amd64 /t',
      'ARG TARGETARCH above line 2, and there: ADD https://x.org/t-$TARGETARCH /t',
    ],
    ['FROM a\nENV GOARCH=amd64\nRUN go build', 'ARG TARGETARCH above line 2, and there: ENV GOARCH=$TARGETARCH'],
    ['FROM a AS b\nARG TARGETOS=linux TARGETARCH=amd64 X=1\nRUN x $TARGETARCH', 'ARG TARGETOS TARGETARCH X=1'],
    ['FROM --platform=$BUILDPLATFORM a AS b', 'FROM a AS b'],
    ['FROM --platform="linux/amd64" a', 'FROM a'],
    ['FROM --platform=linux/amd64 a AS b\nRUN go build -o /x\nFROM c\nCOPY --from=b /x /x', 'FROM a AS b'],
    [
      'FROM --platform=$BUILDPLATFORM a AS b\nRUN go build -o /x\nFROM c\nCOPY --from=b /x /x',
      'ARG TARGETOS TARGETARCH above line 2, and there: RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /x',
    ],
  ])('%j', (text, fix) => {
    expect(problems(text).map(problem => problem.fix)).toEqual([fix])
  })

  test('mends what it is told for', () => {
    const [problem] = problems('FROM a\nARG TARGETARCH\nRUN GOARCH=amd64 go build')
    expect(problems(`FROM a\nARG TARGETARCH\n${problem?.fix}`)).toEqual([])
  })

  test('cannot be written where a project has names of its own', () => {
    expect(problems('FROM a\nADD https://x.org/t-x64 /t')[0]?.fix).toContain('Choose "x64" by TARGETARCH')
  })
})

test('the platforms for which something is wrong', () => {
  const text = 'FROM a\nRUN GOARCH=amd64 go build'
  const all = ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'linux/s390x']
  expect(problems(text, all).map(({platforms}) => platforms)).toEqual([['linux/arm64', 'linux/arm/v7', 'linux/s390x']])
  expect(problems(text, ['linux/amd64'])).toEqual([])
})

test('another stage than the last', () => {
  const text = 'FROM --platform=$BUILDPLATFORM a AS dev\nFROM a\nCOPY x y'
  expect(problems(text)).toEqual([])
  expect(problems(text, BOTH, 'dev').map(({rule}) => rule)).toEqual(['build-platform-in-final-stage'])
})

test('the gravest first', () => {
  const text = 'FROM --platform=linux/amd64 a AS b\nFROM b\nARG TARGETARCH=amd64\nCOPY $TARGETARCH /x'
  expect(problems(text).map(({level, line}) => `${level} ${line}`)).toEqual(['error 3', 'warning 1'])
})
