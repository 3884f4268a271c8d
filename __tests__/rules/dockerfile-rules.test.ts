// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import type {BaseAnswers} from '../../src/dockerfile/index.ts'
import type {Facts} from '../../src/facts/facts.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {testPlatform} from '../support/memory-source.ts'

const BOTH = ['linux/amd64', 'linux/arm64']

function facts(text: string, names: readonly string[] | undefined, bases: BaseAnswers = new Map()): Facts {
  const platforms = names?.map(testPlatform)
  return {
    images: [],
    dockerfiles: [testDockerfile(text, {file: 'ci/Dockerfile', platforms, bases})],
    requested: platforms,
  }
}

const told = (text: string, platforms: readonly string[] | null = BOTH, bases?: BaseAnswers): readonly string[] =>
  runRules(RULES, facts(text, platforms ?? undefined, bases), new Map()).map(
    ({rule, level, file, line, endLine}) => `${level} ${rule} ${file} ${line}-${endLine}`,
  )

const ARG = 'FROM scratch\nARG TARGETARCH=amd64\nCOPY bin/$TARGETARCH /app'
const FINAL = 'FROM --platform=$BUILDPLATFORM alpine'

describe('how much it matters', () => {
  test.each<[string, string, readonly string[] | null, readonly string[]]>([
    ['several platforms', ARG, BOTH, ['error platform-arg-default ci/Dockerfile 2-2']],
    ['the one that is the default', ARG, ['linux/amd64'], []],
    ['another one alone', ARG, ['linux/arm64'], ['error platform-arg-default ci/Dockerfile 2-2']],
    ['nobody said which', ARG, null, ['warning platform-arg-default ci/Dockerfile 2-2']],
    ['several platforms', FINAL, BOTH, ['error build-platform-in-final-stage ci/Dockerfile 1-1']],
    ['linux/amd64 alone', FINAL, ['linux/amd64'], []],
    ['another one alone', FINAL, ['linux/s390x'], ['warning build-platform-in-final-stage ci/Dockerfile 1-1']],
    ['nobody said which', FINAL, null, ['warning build-platform-in-final-stage ci/Dockerfile 1-1']],
  ])('%s: %j', (_, text, platforms, expected) => {
    expect(told(text, platforms)).toEqual(expected)
  })
})

test('a Dockerfile that the builder refuses is told, and passes', () => {
  expect(told('FROM a\nRUNN b')).toEqual(['warning undetermined ci/Dockerfile 2-2'])
  expect(told('ARG A\nFROM a:${A')).toEqual(['warning undetermined ci/Dockerfile 2-2'])
})

test('a base that could not be asked is a note', () => {
  const bases: BaseAnswers = new Map([['b:1', {kind: 'unknown', reason: 'no network'}]])
  expect(told('FROM a AS x\nFROM b:1', BOTH, bases)).toEqual(['note base-platform-missing ci/Dockerfile 2-2'])
})

test('a base that is given to the build is a note', () => {
  expect(told('ARG BASE\nFROM $BASE')).toEqual(['note base-platform-missing ci/Dockerfile 2-2'])
})

test('a base whose name hangs on a variable is told in its own line', () => {
  const bases: BaseAnswers = new Map([['b:1', {kind: 'unknown', reason: 'no network'}]])
  expect(told('ARG V=1\nFROM scratch AS x\nFROM b:$V', BOTH, bases)).toEqual([
    'note base-platform-missing ci/Dockerfile 3-3',
  ])
})
