import {describe, expect, test} from '@jest/globals'
import type {Background, BuildRecord, ProvenanceDockerfile} from '../../src/explain/background.ts'
import {type ExplainedFinding, explainFindings} from '../../src/explain/index.ts'
import type {DockerfileFacts, Facts} from '../../src/facts/facts.ts'
import type {LayerInfo} from '../../src/image/source.ts'
import type {Provenance} from '../../src/provenance/index.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {testDigest} from '../support/memory-source.ts'
import {BASE, layersOf, readFixture} from '../support/provenance.ts'

const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: 'wrong-machine',
  level: 'error',
  image: 'app:1',
  platform: 'linux/arm64',
  path: '/app',
  message: '/app is x86-64, expected aarch64 (linux/arm64)',
  evidence: {actual: 'x86-64'},
  fix: 'Build /app for linux/arm64.',
  help: 'https://example.test/wrong-machine',
  ...more,
})

function dockerfile(text: string, file = 'Dockerfile', bases: DockerfileFacts['bases'] = new Map()): DockerfileFacts {
  return testDockerfile(text, {file, bases})
}

/** The Dockerfiles of a provenance. */
function dockerfilesIn(provenance: Provenance, isInWorkspace: boolean): readonly ProvenanceDockerfile[] {
  return provenance.files.map(({text, filename}) => ({...dockerfile(text, filename), text, isInWorkspace}))
}

const layerInfosOf = (createdBys: readonly string[]): readonly LayerInfo[] =>
  createdBys.map((createdBy, index) => ({index, digest: testDigest(index + 1), createdBy}))

/** All that explanations are made from. */
interface Known {
  readonly facts: Facts
  readonly background: Background
}

/** What is known of one file of linux/arm64, which a layer brought. */
function known(
  path: string,
  record: Partial<BuildRecord>,
  index: number | undefined,
  more: {readonly dockerfiles?: readonly DockerfileFacts[]; readonly ofProvenance?: Background['dockerfiles']} = {},
): Known {
  const layerOf = new Map(index === undefined ? [] : [[path, index]])
  const platform = testPlatformFacts('linux/arm64', {steps: [testStep({path, node: testNode(path)})]})
  const records = new Map([[platform, {layers: [], layerOf, problems: [], ...record}]])
  const {dockerfiles = [], ofProvenance = []} = more
  return {
    facts: {...testFacts([platform]), dockerfiles},
    background: {records, dockerfiles: ofProvenance, bases: []},
  }
}

function withProvenance(name: string, path: string, index: number, isInWorkspace = false): Known {
  const provenance = readFixture(name)
  const layers = layersOf(provenance).map((digest, at) => ({index: at, digest, createdBy: `layer ${at}`}))
  return known(path, {layers, provenance}, index, {ofProvenance: dockerfilesIn(provenance, isInWorkspace)})
}

const explained = ({facts, background}: Known, more: Partial<Finding> = {}): ExplainedFinding | undefined =>
  explainFindings([finding(more)], facts, background)[0]

describe.each(['app-max-v0.2', 'app-max-v1'])('the build in full: %s', name => {
  test('the line of the build stage that fixes the architecture, and how it should be', () => {
    const path = '/usr/local/bin/app'
    const told = explained(withProvenance(name, path, 7), {path})
    expect(told).toMatchObject({
      rule: 'wrong-machine',
      level: 'error',
      cause: {
        message:
          'GOARCH=amd64 makes programs for amd64, whatever platform is built; line 14 puts it into the image: COPY --from=build /out/app /usr/local/bin/app',
        file: 'Dockerfile',
        from: 'provenance',
        line: 7,
        layer: {index: 7, createdBy: 'layer 7'},
      },
      fix: 'RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \\',
    })
    expect(told?.evidence).toEqual({
      actual: 'x86-64',
      origin: [
        'Dockerfile:14: COPY --from=build /out/app /usr/local/bin/app',
        'Dockerfile:7: RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=amd64 go build -o /out/app ./...',
      ],
    })
  })

  test('the same file in the workspace', () => {
    const path = '/usr/local/bin/app'
    const cause = explained(withProvenance(name, path, 7, true), {path})?.cause
    expect([cause?.file, cause?.line, cause?.from]).toEqual(['Dockerfile', 7, undefined])
  })

  test('a file of the base image', () => {
    const cause = explained(withProvenance(name, '/bin/sh', 1), {path: '/bin/sh', rule: 'foreign-executable'})?.cause
    expect(cause).toMatchObject({
      message: `it came with the base image 127.0.0.1:42923/lib/golang:1.26@${BASE}`,
      line: 10,
      layer: {index: 1},
    })
  })

  test('what is no matter of platforms is not blamed on one', () => {
    const path = '/usr/local/bin/app'
    const told = explained(withProvenance(name, path, 7), {path, rule: 'missing-library'})
    expect(told).toMatchObject({cause: {line: 8}, fix: 'Build /app for linux/arm64.'})
    expect(told?.cause?.message).toBe(
      'this made it: RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=amd64 go build -o /out/app ./...; line 14 puts it into the image: COPY --from=build /out/app /usr/local/bin/app',
    )
  })
})

describe('COPY --link, heredocs, ADD', () => {
  test.each([
    [
      '/usr/bin/tool',
      6,
      2,
      'COPY --link app/$TARGETARCH/tool /usr/bin/tool (after ARG TARGETARCH, with the file of each platform in a folder of its own)',
    ],
    ['/usr/bin/two', 7, 6, 'Build /app for linux/arm64.'],
    [
      '/usr/bin/three',
      9,
      9,
      'COPY --chmod=755 --link app/$TARGETARCH/tool /usr/bin/three (after ARG TARGETARCH, with the file of each platform in a folder of its own)',
    ],
    [
      '/usr/bin/four',
      10,
      10,
      'ADD app/$TARGETARCH/tool /usr/bin/four (after ARG TARGETARCH, with the file of each platform in a folder of its own)',
    ],
  ])('%s of layer %i: line %i', (path, layer, line, fix) => {
    expect(explained(withProvenance('link-max-v1', path, layer), {path})).toMatchObject({cause: {line}, fix})
  })
})

test('a layer that is not known: what the Dockerfile of the build says for itself', () => {
  const path = '/usr/local/bin/app'
  const provenance = readFixture('app-max-v1')
  const all = known(path, {provenance}, undefined, {ofProvenance: dockerfilesIn(provenance, false)})
  expect(explained(all, {path})?.cause).toMatchObject({line: 7})
  expect(explained(all, {path})?.cause?.layer).toBeUndefined()
})

test('a Dockerfile that cannot be read: the line that the build tells', () => {
  const path = '/usr/local/bin/app'
  const all = withProvenance('app-max-v1', path, 7)
  const parsed = {ok: false as const, problem: 'no', line: 1}
  const dockerfiles = all.background.dockerfiles.map(one => ({...one, parsed}))
  expect(explained({...all, background: {...all.background, dockerfiles}}, {path})?.cause).toMatchObject({
    message: 'this brought it: COPY --from=build /out/app /usr/local/bin/app',
    file: 'Dockerfile',
    from: 'provenance',
    line: 14,
    endLine: 14,
  })
})

test('a base that is pinned to one platform: the digest to pin instead', () => {
  const pinned = testDigest(1)
  const index = testDigest(2)
  const text = `FROM golang:1.26@${pinned}\nCOPY x /x\n`
  const platforms = [
    {os: 'linux', architecture: 'amd64', variant: ''},
    {os: 'linux', architecture: 'arm64', variant: ''},
  ]
  const [amd64] = platforms
  const bases: DockerfileFacts['bases'] = new Map([
    [
      `golang:1.26@${pinned}`,
      {kind: 'manifest', digest: pinned, platform: amd64, tagged: {digest: index, platforms, hasPinned: true}},
    ],
  ])
  const layers = layerInfosOf(['ADD rootfs /', 'COPY x /x # buildkit'])
  const all = known('/bin/sh', {layers}, 0, {dockerfiles: [dockerfile(text, 'Dockerfile', bases)]})
  expect(explained(all, {path: '/bin/sh'})).toMatchObject({
    cause: {file: 'Dockerfile', line: 1},
    fix: `FROM golang:1.26@${index}`,
  })
})

describe('without provenance', () => {
  const text = [
    'FROM --platform=$BUILDPLATFORM golang AS build',
    'RUN GOARCH=amd64 go build -o /out/app .',
    '',
    'FROM alpine',
    'COPY note /note',
    'COPY --from=build /out/app /app',
    '',
  ].join('\n')
  const history = layerInfosOf([
    'ADD alpine-minirootfs.tar.gz / # buildkit',
    'COPY note /note # buildkit',
    'COPY /out/app /app # buildkit',
  ])

  test('the Dockerfile of the workspace, where the history is its', () => {
    const all = known('/app', {layers: history}, 2, {dockerfiles: [dockerfile(text, 'docker/Dockerfile')]})
    expect(explained(all)).toMatchObject({
      cause: {file: 'docker/Dockerfile', line: 2, layer: {index: 2, digest: testDigest(3)}},
      fix: expect.stringContaining('GOARCH=$TARGETARCH'),
    })
  })

  test('not one whose history is another', () => {
    const layers = layerInfosOf(['COPY dist/app /app # buildkit'])
    const all = known('/app', {layers}, 0, {dockerfiles: [dockerfile(text)]})
    expect(explained(all)?.cause).toEqual({
      kind: 'layer',
      message: 'it came with layer 0, which "COPY dist/app /app" made',
      layer: {index: 0, digest: testDigest(1), createdBy: 'COPY dist/app /app # buildkit'},
    })
  })

  test('of several that fit none', () => {
    const dockerfiles = [dockerfile(text, 'a'), dockerfile(text, 'b')]
    const cause = explained(known('/app', {layers: history}, 2, {dockerfiles}))?.cause
    expect(cause).toMatchObject({message: 'it came with layer 2, which "COPY /out/app /app" made'})
    expect(cause?.file).toBeUndefined()
  })

  test('only the layer', () => {
    const cause = explained(known('/app', {layers: history}, 2))?.cause
    expect(cause?.message).toBe('it came with layer 2, which "COPY /out/app /app" made')
  })

  test('a layer without a history', () => {
    const layers = [{index: 0, digest: testDigest(1), createdBy: undefined}]
    expect(explained(known('/app', {layers}, 0))?.cause?.message).toBe('it came with layer 0')
  })

  test('nothing at all', () => {
    expect(explained(known('/app', {}, undefined))).toEqual(finding())
  })
})

test.each<[string, Partial<Finding>]>([
  ['is about no file', {path: '/not-there'}],
  ['is about another platform', {platform: 'linux/s390x'}],
])('a finding that %s stays as it is', (_, more) => {
  const all = withProvenance('app-max-v1', '/app', 7)
  expect(explained(all, more)).toEqual(finding(more))
})

test('no finding comes or goes, and none changes its rule, level or place', () => {
  const {facts, background} = withProvenance('app-max-v1', '/app', 7)
  const findings = [finding(), finding({level: 'warning'}), finding({path: '/x'}), finding({rule: 'page-size'})]
  const keys = (all: readonly Finding[]) => all.map(({rule, level, path, message}) => [rule, level, path, message])
  expect(keys(explainFindings(findings, facts, background))).toEqual(keys(findings))
})

describe('a finding on all that one layer brought', () => {
  const [lower] = layerInfosOf(['COPY rootfs / # buildkit'])
  const {facts, background} = withProvenance('app-max-v1', '/app', 7)
  const [image] = facts.images
  const explainedIn = (layers: readonly LayerInfo[], layer: number) => {
    const platforms = (image?.platforms ?? []).map(platform => ({...platform, layers}))
    const own = {...facts, images: image ? [{...image, platforms}] : []}
    return explainFindings([finding({path: '/not-there', layer})], own, background)[0]
  }

  test('names the layer and its command, and no line', () => {
    expect(explainedIn(lower ? [lower] : [], 0)?.cause).toEqual({
      kind: 'layer-command',
      message: 'it came with layer 0, which "COPY rootfs /" made',
      layer: {index: 0, digest: testDigest(1), createdBy: 'COPY rootfs / # buildkit'},
    })
  })

  test('shortens a command that is a whole script', () => {
    const cause = explainedIn(layerInfosOf(['x'.repeat(1000)]), 0)?.cause
    expect(cause?.message).toBe(`it came with layer 0, which "${'x'.repeat(159)}…" made`)
  })

  test('of a layer without a history says no more than the layer', () => {
    const layers = [{index: 0, digest: testDigest(1), createdBy: undefined}]
    expect(explainedIn(layers, 0)?.cause).toMatchObject({kind: 'layer', message: 'it came with layer 0'})
  })

  test('of a layer that is not known stays as it is', () => {
    expect(explainedIn([], 3)).toEqual(finding({path: '/not-there', layer: 3}))
  })
})
