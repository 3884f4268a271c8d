import {describe, expect, test} from '@jest/globals'
import {type LintProblem, type Origin, type OriginStep, originsOf} from '../../src/dockerfile/index.ts'
import type {CandidateDockerfile} from '../../src/explain/candidate-dockerfiles.ts'
import {describeStep, describeWay, originEvidence, quote, quoteLines} from '../../src/explain/cause-text.ts'
import {perPlatformCopy} from '../../src/explain/per-platform-copy.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {platform} from '../support/platforms.ts'

const AMD64 = platform('linux/amd64')
function candidateOf(text: string): CandidateDockerfile {
  const {parsed, file, bases} = testDockerfile(text)
  if (!parsed.ok) throw new Error('it is not a Dockerfile')
  return {file, bases, dockerfile: parsed.value}
}

/** The way of a file, by the likeliest origin. */
function wayOf(path: string, text: string): {readonly candidate: CandidateDockerfile; readonly origin: Origin} {
  const own = candidateOf(text)
  const [origin] = originsOf(own.dockerfile, {path, platforms: {target: AMD64, build: AMD64}})
  if (!origin) throw new Error(`${path} is from nowhere`)
  return {candidate: own, origin}
}

describe('a text in one line', () => {
  test.each([
    ['a  b\n\tc ', 'a b c'],
    ['x'.repeat(160), 'x'.repeat(160)],
    ['x'.repeat(161), `${'x'.repeat(159)}…`],
    [`${'x'.repeat(158)}😀😀`, `${'x'.repeat(158)}\u{fffd}…`],
  ])('%j', (text, expected) => {
    expect(quote(text)).toBe(expected)
  })
})

describe('lines of a Dockerfile', () => {
  const own = () => candidateOf('FROM scratch\nCOPY a \\\n  /b\n\nRUN x\n')
  test.each([
    ['an instruction', {line: 2, endLine: 3}, 'COPY a /b'],
    ['its first line', {line: 2, endLine: 2}, 'COPY a /b'],
    ['FROM', {line: 1, endLine: 1}, 'FROM scratch'],
    ['more than an instruction', {line: 2, endLine: 5}, 'COPY a \\ /b RUN x'],
    ['a part of one', {line: 3, endLine: 3}, '/b'],
  ])('%s', (_, lines, expected) => {
    expect(quoteLines(own(), lines)).toBe(expected)
  })
})

const BUILD = `FROM golang AS build
RUN make \\
  /out/app
FROM scratch
COPY --from=build /out/app /app
`

describe('where the bytes are from', () => {
  test.each<[path: string, text: string, told: readonly string[]]>([
    ['/app', BUILD, ['/out/app of another stage was copied', 'this made it: RUN make /out/app']],
    ['/app', 'FROM scratch\nCOPY bin/app /app\n', ['/bin/app of the build context was copied']],
    ['/app', 'FROM scratch\nCOPY --from=busybox /bin/sh /app\n', ['/bin/sh of another image was copied']],
    ['/app', 'FROM scratch\nADD https://a.test/x /app\n', ['it was downloaded from https://a.test/x']],
    ['/app', 'FROM scratch\nCOPY <<E /app\nx\nE\n', ['it is written in the Dockerfile']],
    ['/bin/sh', 'FROM debian\nCMD x\n', ['it came with the base image debian']],
  ])('%s of %j', (path, text, told) => {
    const way = wayOf(path, text)
    expect(way.origin.steps.map(step => describeStep(step, way.candidate))).toEqual(told)
  })

  test.each<[kind: OriginStep['kind'], told: string]>([
    ['stage', '/app of another stage was copied'],
    ['context', '/app of the build context was copied'],
    ['image', '/app of another image was copied'],
    ['url', 'it was downloaded from a URL'],
    ['base', 'it came with the base image'],
  ])('%s, without its source', (kind, told) => {
    const {candidate, origin} = wayOf('/app', BUILD)
    const [step] = origin.steps
    if (!step) throw new Error('there is no step')
    const {source: _, ...bare} = step
    expect(describeStep({...bare, kind, path: '/app'}, candidate)).toBe(told)
  })
})

describe('how a file came on from the line that is to blame', () => {
  const known = () => ({...wayOf('/app', BUILD), brought: {line: 5, endLine: 5}, suspects: []})
  const unknown = () => ({...known(), origin: undefined})
  const copied = '; line 5 puts it into the image: COPY --from=build /out/app /app'
  test.each([
    ['an instruction before the last', known, {line: 2, endLine: 3}, copied],
    ['the first line of one', known, {line: 1, endLine: 1}, copied],
    ['the last itself', known, {line: 5, endLine: 5}, ''],
    ['all', known, {line: 1, endLine: 5}, ''],
    ['nothing is known of the way', unknown, {line: 2, endLine: 3}, copied],
    ['a line behind the last', unknown, {line: 6, endLine: 6}, copied],
    ['nothing is known, and it is the last itself', unknown, {line: 4, endLine: 5}, ''],
  ])('%s', (_, of, from, expected) => {
    expect(describeWay(of(), from)).toBe(expected)
  })
})

describe('what the report has of the origin', () => {
  const suspect = (line: number, rule: LintProblem['rule']): LintProblem => ({
    ...{line, endLine: line, rule, message: `${rule} is wrong`, level: 'error', platforms: [], stage: undefined},
    fix: '',
  })
  const origin = ['Dockerfile:5: COPY --from=build /out/app /app', 'Dockerfile:2: RUN make /out/app']
  test.each([
    ['nothing', {origin: undefined}, {}],
    ['a way', {}, {origin}],
    ['one suspect is the cause itself', {suspects: [suspect(2, 'hardcoded-platform')]}, {origin}],
    [
      'more of them',
      {
        suspects: [
          suspect(2, 'hardcoded-platform'),
          suspect(5, 'platform-arg-default'),
          suspect(1, 'hardcoded-platform'),
        ],
      },
      {
        origin,
        alsoSuspect: [
          'Dockerfile:5: platform-arg-default: platform-arg-default is wrong',
          'Dockerfile:1: hardcoded-platform: hardcoded-platform is wrong',
        ],
      },
    ],
  ])('%s', (_, more, expected) => {
    const trace = {...wayOf('/app', BUILD), brought: {line: 5, endLine: 5}, suspects: [], ...more}
    expect(originEvidence(trace)).toEqual(expected)
  })
})

describe('a COPY that takes the file of each platform', () => {
  const AFTER = ' (after ARG TARGETARCH, with the file of each platform in a folder of its own)'
  test.each([
    ['COPY bin/app /app', `COPY bin/$TARGETARCH/app /app${AFTER}`],
    ['COPY ./app /app', `COPY $TARGETARCH/app /app${AFTER}`],
    ['COPY --chmod=0755 app /', `COPY --chmod=0755 $TARGETARCH/app /${AFTER}`],
    ['COPY $& /app', undefined],
    ['COPY bin/app other /', undefined],
    ['COPY bin /', undefined],
    ['COPY bin/* /', undefined],
    ['COPY bin/ap? /', undefined],
    ['COPY bin/[a]pp /', undefined],
    ['COPY $X/app /app', undefined],
    ['ADD bin/app /app', `ADD bin/$TARGETARCH/app /app${AFTER}`],
  ])('%s', (line, expected) => {
    const {origin} = wayOf('/app', `FROM scratch\n${line}\n`)
    const [step] = origin.steps
    expect(step && perPlatformCopy(step)).toBe(expected)
  })

  test('what is not copied from the build context has none', () => {
    expect(wayOf('/app', BUILD).origin.steps.map(perPlatformCopy)).toEqual([undefined, undefined])
  })
})
