import {describe, expect, test} from '@jest/globals'
import {candidateDockerfiles} from '../../src/explain/candidate-dockerfiles.ts'
import {explainedFile, platformOf} from '../../src/explain/explained-file.ts'
import {mergeDockerfileFindings} from '../../src/explain/merge-findings.ts'
import {seenFile} from '../../src/explain/seen-file.ts'
import type {PlatformFacts} from '../../src/facts/facts.ts'
import type {Provenance} from '../../src/provenance/index.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {testDigest} from '../support/memory-source.ts'
import {foreignFile, testScan} from '../support/scan-facts.ts'
import {ARM64, essential, FOREIGN, image} from '../support/whole-images.ts'

const facts = (more: Partial<PlatformFacts> = {}): PlatformFacts => ({...testPlatformFacts(ARM64, {}), ...more})
const step = (path: string, at?: string) => testStep({path, ...(at === undefined ? {} : {node: testNode(at)})})
const startup = (...steps: readonly ReturnType<typeof step>[]) => ({argv: [], steps, unknowns: []})
const problem = {path: '/l', layer: 4, place: 'path', more: 0, obstacle: {kind: 'undetermined', reason: 'x'}} as const
const notProgram = {path: '/n', layer: 3, seen: {kind: 'other', identity: {kind: 'empty'}}} as const
const scan = testScan({
  foreign: [foreignFile('/f', {layer: 2})],
  notPrograms: [notProgram],
  libraries: {programs: 1, problems: [problem]},
})

describe('the file that a path leads to', () => {
  test.each<[path: string, more: Partial<PlatformFacts>, seen: string | undefined, layer?: number]>([
    ['/a', {startup: startup(step('/a', '/x'))}, '/x'],
    ['/x', {startup: startup(step('/a', '/x'))}, '/x'],
    ['/x', {startup: startup(step('/a', '/x'), step('/x', '/y'))}, '/y'],
    ['/a', {startup: startup(step('/a'), step('/a', '/x'))}, '/x'],
    ['/a', {startup: startup(step('/a'))}, undefined],
    ['/b', {startup: startup(step('/a', '/x'))}, undefined],
    ['/c', {healthcheck: startup(step('/c', '/y'))}, '/y'],
    ['/bin/sh', {essential: [essential('shell', '/bin/sh', FOREIGN, '/bin/dash')]}, '/bin/dash'],
    ['/bin/dash', {essential: [essential('shell', '/bin/sh', FOREIGN, '/bin/dash')]}, '/bin/dash'],
    ['/bin/ash', {essential: [essential('shell', '/bin/sh', FOREIGN, '/bin/dash')]}, undefined],
    ['/f', {scan}, '/f', 2],
    ['/n', {scan}, '/n', 3],
    ['/l', {scan}, '/l', 4],
    ['/m', {scan}, undefined],
    // What starts was opened, the scan only saw it.
    ['/f', {scan, startup: startup(step('/f', '/f'))}, '/f'],
  ])('%s %#', (...[path, more, seen, layer]) => {
    const found = seenFile(facts(more), path)
    expect([found?.path, found?.layer]).toEqual([seen, layer])
  })
})

const PROVENANCE: Provenance = {
  ...{bases: [], files: [], steps: [], folder: undefined, builder: undefined, target: undefined},
}
const file = (text: string, isDockerfile = true) => ({filename: 'Dockerfile', isDockerfile, text})
const own = (text: string, isInWorkspace: boolean) => ({...testDockerfile(text), text, isInWorkspace})

describe('the Dockerfiles that a file may be from', () => {
  const [ONE, OTHER] = ['FROM one\n', 'FROM other\n']
  const workspace = [
    testDockerfile(ONE, {file: 'a'}),
    testDockerfile('nothing', {file: 'b'}),
    testDockerfile(OTHER, {file: 'c'}),
  ]
  test.each<
    [
      title: string,
      provenance: Partial<Provenance> | undefined,
      known: readonly ReturnType<typeof own>[],
      expected: string,
    ]
  >([
    ['all of the workspace that can be read', undefined, [], 'a, c'],
    ['the same, where the build names none', {}, [], 'a, c'],
    ['that of the build', {files: [file(ONE)]}, [own(OTHER, true), own(ONE, false)], 'Dockerfile of provenance'],
    ['that of the build, in the workspace', {files: [file(ONE)]}, [own(ONE, true)], 'Dockerfile'],
    [
      'the one of its files that is a Dockerfile',
      {files: [file(OTHER, false), file(ONE)]},
      [own(ONE, true)],
      'Dockerfile',
    ],
    ['none, where that of the build is not known', {files: [file(ONE)]}, [own(OTHER, true)], ''],
    ['none, where that of the build cannot be read', {files: [file('nothing')]}, [own('nothing', false)], ''],
  ])('%s', (_, provenance, known, expected) => {
    const explained = {platform: facts(), file: {path: '/app'}, layers: []}
    const whole = provenance ? {...explained, provenance: {...PROVENANCE, ...provenance}} : explained
    const found = candidateDockerfiles(whole, known, workspace)
    expect(found.map(({file, from}) => (from ? `${file} of ${from}` : file)).join(', ')).toBe(expected)
  })
})

const finding = (more: Partial<Finding>): Finding => ({
  ...{rule: 'wrong-machine', level: 'error', message: 'm', evidence: {}, help: 'h'},
  ...more,
})

describe('the platform that a finding is about', () => {
  const [first, second] = [facts(), {...testPlatformFacts('linux/amd64', {})}]
  const all = {images: [image([first]), image([second, facts()], {reference: 'app:2'})]}
  test.each<[at: Partial<Finding>, expected: PlatformFacts | undefined]>([
    [{image: 'app:1', platform: ARM64}, first],
    [{image: 'app:2', platform: 'linux/amd64'}, second],
    [{image: 'app:1', platform: 'linux/amd64'}, undefined],
    [{image: 'app:3', platform: ARM64}, undefined],
    [{image: 'app:1'}, undefined],
  ])('%j', (at, expected) => {
    expect(platformOf(finding(at), all)).toBe(expected)
  })
})

describe('what is known of its file', () => {
  const layers = [0, 1].map(index => ({index, digest: testDigest(index + 1), createdBy: `RUN ${index}`}))
  const platform = facts({startup: startup(step('/app', '/app')), scan, layers})
  const of = (path: string | undefined, layerOf?: readonly (readonly [string, number])[]) => {
    const records = new Map(layerOf ? [[platform, {layers, layerOf: new Map(layerOf), problems: []}]] : [])
    const explained = explainedFile(finding(path === undefined ? {} : {path}), platform, records)
    return explained && [explained.file.path, explained.layer?.index, explained.layers.length]
  }
  test.each<[path: string | undefined, layerOf: readonly (readonly [string, number])[] | undefined, expected: unknown]>(
    [
      [undefined, [], undefined],
      ['/none', [], undefined],
      ['/app', undefined, ['/app', undefined, 2]],
      ['/app', [], ['/app', undefined, 2]],
      ['/app', [['/app', 1]], ['/app', 1, 2]],
      ['/app', [['/app', 7]], ['/app', undefined, 2]],
      // Of what the scan saw it knows the layer; there is none of that number.
      ['/f', [['/f', 1]], ['/f', undefined, 2]],
    ],
  )('%s, by %j', (path, layerOf, expected) => {
    expect(of(path, layerOf)).toEqual(expected)
  })
})

describe('findings on lines that explain others', () => {
  const onLine = finding({rule: 'hardcoded-platform', file: 'Dockerfile', line: 4, endLine: 6, level: 'warning'})
  const cause = {kind: 'line', message: 'c', file: 'Dockerfile', line: 5, endLine: 5} as const
  const onImage = {...finding({image: 'app:1'}), cause}
  test.each<[title: string, findings: Parameters<typeof mergeDockerfileFindings>[0], left: readonly string[]]>([
    ['are part of those', [onLine, onImage], ['wrong-machine, with hardcoded-platform']],
    [
      'where a line is the same',
      [onLine, {...onImage, cause: {...cause, line: 6, endLine: 9}}],
      ['wrong-machine, with hardcoded-platform'],
    ],
    [
      'not where none is',
      [onLine, {...onImage, cause: {...cause, line: 7, endLine: 9}}],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    [
      'not before',
      [onLine, {...onImage, cause: {...cause, line: 2, endLine: 3}}],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    [
      'not of another file',
      [onLine, {...onImage, cause: {...cause, file: 'x'}}],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    [
      'not of the file of a provenance',
      [onLine, {...onImage, cause: {...cause, from: 'provenance'}}],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    [
      'not where they are graver',
      [
        {...onLine, level: 'error'},
        {...onImage, level: 'warning'},
      ],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    ['where they are as grave', [{...onLine, level: 'error'}, onImage], ['wrong-machine, with hardcoded-platform']],
    [
      'not each other',
      [onLine, {...finding({file: 'Dockerfile', line: 5}), cause}],
      ['hardcoded-platform', 'wrong-machine'],
    ],
    ['of one line alone', [{...onLine, line: 5, endLine: 5}, onImage], ['wrong-machine, with hardcoded-platform']],
  ])('%s', (_, findings, left) => {
    const merged = mergeDockerfileFindings(findings).map(({rule, evidence}) => {
      const {dockerfile = []} = evidence as {readonly dockerfile?: readonly {readonly rule: string}[]}
      return [rule, ...dockerfile.map(one => `with ${one.rule}`)].join(', ')
    })
    expect(merged).toEqual(left)
  })
})
