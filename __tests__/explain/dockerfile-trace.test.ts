import {describe, expect, test} from '@jest/globals'
import type {CandidateDockerfile} from '../../src/explain/candidate-dockerfiles.ts'
import {traceToDockerfile} from '../../src/explain/dockerfile-trace.ts'
import type {ExplainedFile} from '../../src/explain/explained-file.ts'
import type {Provenance} from '../../src/provenance/index.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {testPlatformFacts} from '../support/facts.ts'
import {testDigest} from '../support/memory-source.ts'

function candidateOf(text: string): CandidateDockerfile {
  const {parsed, file, bases} = testDockerfile(text)
  if (!parsed.ok) throw new Error('it is not a Dockerfile')
  return {file, bases, dockerfile: parsed.value}
}

interface Known {
  readonly path?: string
  readonly platform?: string
  /** Commands of the layers, and which of them brought the file. */
  readonly history?: readonly string[]
  readonly layer?: number
  readonly provenance?: Partial<Provenance>
  /** Where the build says that the layer's step stands. */
  readonly at?: {readonly line: number; readonly endLine: number}
  readonly isForeign?: boolean
}

/** `6 <- 2: hardcoded-platform 2`: the line that brought it, where that is from, and what is wrong. */
function traced(text: string, known: Known): string {
  const {path = '/app', platform = 'linux/arm64', history = [], layer: index, provenance, at, isForeign = true} = known
  const layers = history.map((createdBy, number) => ({index: number, digest: testDigest(number + 1), createdBy}))
  const layer = index === undefined ? undefined : layers[index]
  const explained: ExplainedFile = {
    ...{platform: testPlatformFacts(platform, {}), file: {path}, layers},
    ...(layer ? {layer} : {}),
    ...(provenance ? {provenance: {...NOTHING, ...provenance}} : {}),
    ...(at ? {made: {step: {...STEP, location: {file: 0, ...at}}}} : {}),
  }
  const trace = traceToDockerfile(candidateOf(text), explained, {isForeign})
  if (trace === undefined) return 'nothing'
  const [, ...from] = trace.origin?.steps ?? []
  const {line, endLine} = trace.brought
  return [
    [line === endLine ? line : `${line}-${endLine}`, ...from.map(({instruction}) => instruction.line)].join(' <- '),
    ...trace.suspects.map(one => `${one.rule} ${one.line}`),
  ].join(': ')
}

const NOTHING: Provenance = {bases: [], files: [], steps: [], folder: undefined, builder: undefined, target: undefined}
const FILE = {filename: 'Dockerfile', isDockerfile: true, text: ''}
const STEP = {
  id: 's',
  kind: 'exec',
  root: undefined,
  inputs: [],
  image: undefined,
  location: undefined,
  chains: [],
} as const

/** Two stages that may be built, and a base that is fixed. */
const TEXT = `FROM --platform=$BUILDPLATFORM golang AS build
RUN GOARCH=amd64 go build -o /out/app .
RUN GOARCH=amd64 go build -o /other .
FROM alpine AS debug
COPY tools /tools
COPY --from=build /out/app \\
  /app
FROM alpine
COPY note /note
COPY --from=build /out/app /app
`
const HISTORY = ['ADD alpine.tar.gz / # buildkit', 'COPY note /note # buildkit', 'COPY /out/app /app # buildkit']
const DEBUG = ['ADD alpine.tar.gz / # buildkit', 'COPY tools /tools # buildkit', 'COPY /out/app /app # buildkit']

describe('where in a Dockerfile a file is from', () => {
  test.each<[title: string, text: string, known: Known, expected: string]>([
    ['nothing is known of the build', TEXT, {}, 'nothing'],
    ['by its history', TEXT, {history: HISTORY, layer: 2}, '10 <- 2: hardcoded-platform 2'],
    ['by the history of another stage', TEXT, {history: DEBUG, layer: 2}, '6-7 <- 2: hardcoded-platform 2'],
    ['by the history of none', TEXT, {history: ['COPY x /app'], layer: 0}, 'nothing'],
    ['by the wrong layer of its history', TEXT, {history: HISTORY, layer: 1}, 'nothing'],
    ['of the base, by its history', TEXT, {history: HISTORY, layer: 0, path: '/bin/sh'}, '8'],
    ['of no line of its history', TEXT, {history: HISTORY, layer: 0}, 'nothing'],
    ['for the platform that is named', TEXT, {history: HISTORY, layer: 2, platform: 'linux/amd64'}, '10 <- 2'],
    ['where it is of the right platform', TEXT, {history: HISTORY, layer: 2, isForeign: false}, '10 <- 2'],
    ['of its own build, without a layer', TEXT, {provenance: {files: [FILE]}}, '10 <- 2: hardcoded-platform 2'],
    ['of the target', TEXT, {provenance: {files: [FILE], target: 'debug'}}, '6-7 <- 2: hardcoded-platform 2'],
    ['of a build without its Dockerfile', TEXT, {provenance: {}}, 'nothing'],
    [
      'a layer of another history, though the build is known',
      TEXT,
      {
        ...{history: ['COPY x /app'], layer: 0, provenance: {files: [FILE]}},
      },
      'nothing',
    ],
    ['a guess', `FROM alpine\nRUN ./install\n`, {provenance: {files: [FILE]}}, 'nothing'],
    ['by the line that the build tells', TEXT, {at: {line: 10, endLine: 10}}, '10 <- 2: hardcoded-platform 2'],
    [
      'by lines that the build tells',
      TEXT,
      {
        ...{at: {line: 6, endLine: 7}, provenance: {files: [FILE], target: 'debug'}},
      },
      '6-7 <- 2: hardcoded-platform 2',
    ],
    ['by a line that brings something else', TEXT, {at: {line: 9, endLine: 9}}, '9'],
    [
      'by a part of the lines',
      TEXT,
      {
        ...{at: {line: 6, endLine: 6}, provenance: {files: [FILE], target: 'debug'}},
      },
      '6',
    ],
  ])('%s', (_, text, known, expected) => {
    expect(traced(text, known)).toBe(expected)
  })
})

describe('what of a Dockerfile is to blame', () => {
  const at = (line: number): Known => ({at: {line, endLine: line}})
  test.each<[title: string, text: string, known: Known, expected: string]>([
    ['the line itself', 'FROM alpine\nRUN curl -o /app https://a.test/app-amd64\n', at(2), '2: hardcoded-platform 2'],
    [
      'no other line',
      'FROM alpine\nRUN curl -o /x https://a.test/x-amd64\nRUN curl -o /app https://a.test/app\n',
      at(3),
      '3',
    ],
    [
      'the platform of its stage',
      'FROM --platform=linux/amd64 alpine\nCOPY app /app\n',
      at(2),
      '2: hardcoded-platform 1',
    ],
    [
      'a line of its stage that fixes the platform',
      'FROM alpine\nARG TARGETARCH=amd64\nRUN curl -o /app https://a.test/app-$TARGETARCH\n',
      at(3),
      '3: platform-arg-default 2',
    ],
    [
      'an environment of its stage',
      'FROM golang\nENV GOARCH=amd64\nRUN go build -o /app .\n',
      at(3),
      '3: hardcoded-platform 2',
    ],
    [
      'the machine that builds',
      'FROM --platform=$BUILDPLATFORM alpine\nRUN make /app\n',
      at(2),
      '2: build-platform-in-final-stage 1',
    ],
    [
      'not the machine that builds, where it is the platform',
      'FROM --platform=$BUILDPLATFORM alpine\nRUN make /app\n',
      {...at(2), platform: 'linux/amd64'},
      '2',
    ],
    [
      'the machine that builds, which the build names',
      'FROM --platform=$BUILDPLATFORM alpine\nRUN make /app\n',
      {...at(2), platform: 'linux/amd64', provenance: {files: [FILE], builder: 'linux/arm64'}},
      '2',
    ],
  ])('%s', (_, text, known, expected) => {
    expect(traced(text, known)).toBe(expected)
  })
})
