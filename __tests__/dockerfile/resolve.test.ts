// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {reachableStages, resolveDockerfile, targetStage} from '../../src/dockerfile/resolve.ts'
import {testPlatform} from '../support/memory-source.ts'

function resolved(text: string, target = 'linux/arm64') {
  const parsed = parseDockerfile(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  const result = resolveDockerfile(parsed.value, {target: testPlatform(target), build: testPlatform('linux/amd64')})
  if (!result.ok) throw new Error(result.problem)
  return result.value
}

/** The value of a variable at the end of the last stage; undefined where it is not set. */
function atEnd(text: string, name: string, target?: string): string | undefined {
  return resolved(text, target).stages.at(-1)?.scope.get(name)?.text
}

/** What the builder answered, see docs/rules/platform-arg-default.md. */
describe('the scope of variables', () => {
  test.each([
    ['FROM scratch', 'TARGETARCH', undefined],
    ['FROM scratch\nARG TARGETARCH', 'TARGETARCH', 'arm64'],
    ['FROM scratch\nARG TARGETARCH=amd64', 'TARGETARCH', 'amd64'],
    ['FROM scratch\nARG TARGETARCH=amd64\nARG TARGETARCH', 'TARGETARCH', 'arm64'],
    ['ARG TARGETARCH\nFROM scratch\nARG TARGETARCH', 'TARGETARCH', 'arm64'],
    ['ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH', 'TARGETARCH', 'amd64'],
    ['ARG TARGETARCH=${TARGETARCH:-amd64}\nFROM scratch\nARG TARGETARCH', 'TARGETARCH', 'arm64'],
    ['FROM scratch\nARG TARGETARCH=${TARGETARCH:-amd64}', 'TARGETARCH', 'amd64'],
    ['FROM scratch AS a\nARG TARGETARCH=amd64\nFROM a', 'TARGETARCH', 'amd64'],
    ['FROM scratch AS a\nARG TARGETARCH\nFROM scratch', 'TARGETARCH', undefined],
    ['ARG V=1\nFROM scratch\nENV X=$V', 'X', ''],
    ['ARG V=1\nFROM scratch\nARG V\nENV X=$V', 'X', '1'],
    ['ARG V=1\nFROM scratch\nARG V=2\nENV X=$V', 'X', '2'],
    ['FROM scratch\nENV V=env\nARG V=arg', 'V', 'arg'],
    ['FROM scratch\nARG V=arg\nENV V=env', 'V', 'env'],
    ['FROM scratch\nENV A=1\nENV A=2 B=$A', 'B', '1'],
    ['FROM scratch\nARG A=1 B=$A', 'B', '1'],
    ['FROM scratch\nARG BUILDPLATFORM', 'BUILDPLATFORM', 'linux/amd64'],
  ])('%j: %s is %s', (text, name, expected) => {
    expect(atEnd(text, name)).toBe(expected)
  })

  test.each([
    ['linux/arm', 'linux/arm/v7', 'v7'],
    ['linux/arm64/v8', 'linux/arm64', ''],
    ['linux/amd64', 'linux/amd64', ''],
  ])('of the platform %s', (target, platform, variant) => {
    const text = 'FROM scratch\nARG TARGETPLATFORM TARGETVARIANT'
    expect([atEnd(text, 'TARGETPLATFORM', target), atEnd(text, 'TARGETVARIANT', target)]).toEqual([platform, variant])
  })
})

describe('stages', () => {
  test('what they stand on', () => {
    const {stages} = resolved(
      'ARG V=1\nFROM a:$V AS one\nFROM scratch AS two\nFROM One AS three\nFROM one AS four\nFROM build-${TARGETARCH}',
    )
    expect(stages.map(({base}) => (base.kind === 'image' ? base.reference.text : base))).toEqual([
      'a:1',
      {kind: 'scratch'},
      'One',
      {kind: 'stage', index: 0},
      'build-arm64',
    ])
  })

  test('the platform of a stage FROM a stage is that of the stage', () => {
    const {stages} = resolved('FROM --platform=$BUILDPLATFORM a AS b\nFROM --platform=$TARGETPLATFORM b\nFROM c')
    expect(stages.map(({platform}) => [platform.text, platform.sources])).toEqual([
      ['linux/amd64', ['build']],
      ['linux/amd64', ['build']],
      ['linux/arm64', ['target']],
    ])
  })

  test('only those that are needed are reached', () => {
    const {stages} = resolved(
      'FROM a AS a\nFROM b AS b\nFROM c AS c\nCOPY --from=b / /\nFROM d AS d\nFROM x AS e\nFROM e\nCOPY --from=c / /\nRUN --mount=from=d,target=/d true',
    )
    const target = targetStage(stages)
    expect(target && reachableStages(stages, target).map(({stage}) => stage.index)).toEqual([1, 2, 3, 4, 5])
    const named = targetStage(stages, 'C')
    expect(named && reachableStages(stages, named).map(({stage}) => stage.index)).toEqual([1, 2])
  })

  test('the working directory', () => {
    const {stages} = resolved('FROM scratch AS a\nWORKDIR a\nWORKDIR b\nFROM a\nWORKDIR /c\nFROM x\nWORKDIR d')
    expect(stages.map(({workdir}) => workdir)).toEqual(['/a/b', '/c', undefined])
  })
})
