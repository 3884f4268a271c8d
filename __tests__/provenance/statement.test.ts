import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Digest} from '../../src/image/digest.ts'
import {parseStatement} from '../../src/provenance/index.ts'
import {APP, BASE, readFixture} from '../support/provenance.ts'

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const SUBJECT = [{name: '_', digest: {sha256: APP.slice('sha256:'.length)}}]

describe('what BuildKit writes', () => {
  test.each(['app-min-v0.2', 'app-min-v1', 'app-max-v0.2', 'app-max-v1'])('%s: the base', name => {
    expect(readFixture(name).bases).toEqual([
      {name: '127.0.0.1:42923/lib/golang', tag: '1.26', digest: BASE, platform: 'linux/arm64'},
    ])
  })

  test.each(['app-min-v0.2', 'app-min-v1'])('%s: no more than that', name => {
    expect(readFixture(name)).toMatchObject({files: [], steps: [], folder: undefined})
  })

  test.each(['app-max-v0.2', 'app-max-v1'])('%s: the Dockerfile and the steps', name => {
    const {files, steps, builder, target} = readFixture(name)
    expect([builder, target]).toEqual(['linux/amd64', undefined])
    expect(files).toMatchObject([{filename: 'Dockerfile', isDockerfile: true}])
    expect(files[0]?.text.split('\n')[6]).toBe('RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=amd64 \\')
    expect(steps.map(({id, kind, root, location}) => [id, kind, root, location?.line, location?.endLine])).toEqual([
      ['step0', 'source', undefined, 10, 10],
      ['step1', 'exec', 'step0', 11, 11],
      ['step2', 'source', undefined, 2, 2],
      ['step3', 'file', 'step2', 4, 4],
      ['step4', 'source', undefined, undefined, undefined],
      ['step5', 'file', 'step3', 5, 5],
      ['step6', 'exec', 'step5', 7, 8],
      ['step7', 'file', 'step1', 14, 14],
      ['step8', 'other', 'step7', undefined, undefined],
    ])
    expect(steps.map(({image}) => image?.platform)).toEqual([
      'linux/arm64',
      undefined,
      'linux/amd64',
      ...Array.from({length: 6}, () => undefined),
    ])
  })

  test('a Dockerfile in a folder of a repository', () => {
    const {files, folder, steps} = readFixture('link-max-v1')
    expect([folder, files.map(({filename}) => filename)]).toEqual(['docker', ['Dockerfile.prod']])
    expect(steps.map(({id, kind, root}) => [id, kind, root]).slice(2, 5)).toEqual([
      ['step2', 'file', undefined],
      ['step3', 'merge', undefined],
      ['step4', 'exec', 'step3'],
    ])
  })
})

describe('what is not believed', () => {
  test('a statement about another manifest', () => {
    const bytes = readFileSync(new URL('fixtures/app-max-v1.json.txt', import.meta.url))
    const other = `sha256:${'0'.repeat(64)}` as Digest
    expect(parseStatement(bytes, other)).toEqual({ok: false, problem: `its subject is not ${other}`})
  })

  const good = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: SUBJECT,
  }
  test.each<[string, unknown, RegExp]>([
    ['no object', [], /expected an object/],
    ['no statement', {...good, _type: 'x', predicate: {}}, /no in-toto statement: "x"/],
    ['another predicate', {...good, predicateType: 'https://spdx.dev/Document', predicate: {}}, /spdx/],
    ['no predicate', good, /predicate is missing/],
    ['a predicate that is none', {...good, predicate: 1}, /expected an object/],
    ['no build', {...good, predicate: {}}, /buildDefinition is missing/],
    ['no subject', {...good, subject: [], predicate: {}}, /its subject is not/],
    [
      'a subject of another algorithm',
      {...good, subject: [{digest: {sha1: 'x'}}], predicate: {}},
      /its subject is not/,
    ],
    [
      'too many steps',
      withSteps(Array.from({length: 20_001}, () => 1)),
      /has 20001 entries, expected at most 20,000 \(limit build-steps\)/,
    ],
    ['a step without a name', withSteps([{}]), /id is missing/],
  ])('%s', (_, value, problem) => {
    const result = parseStatement(encode(value), APP)
    expect(result).toMatchObject({ok: false, problem: expect.stringMatching(problem)})
  })

  test('whatever is there in place of a predicate: a value or a problem, never a throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('v0.2', 'v1'), (predicate, version) => {
        const bytes = encode({...good, predicateType: `https://slsa.dev/provenance/${version}`, predicate})
        expect(typeof parseStatement(bytes, APP).ok).toBe('boolean')
      }),
    )
  })

  test('a line 0, ends before starts, inputs that go in circles, keys of every object', () => {
    const statement = withSteps(
      [
        {id: '__proto__', inputs: ['constructor:0']},
        {id: 'a', inputs: ['a:0']},
      ],
      {
        source: {locations: {a: {locations: [{ranges: [{start: {line: 0}, end: {line: 0}}]}]}}},
      },
    )
    const parsed = parseStatement(encode(statement), APP)
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        steps: [
          {id: '__proto__', location: undefined, chains: []},
          {id: 'a', root: 'a', location: undefined},
        ],
      },
    })
  })

  function withSteps(llbDefinition: readonly unknown[], metadata: object = {}) {
    const buildDefinition = {internalParameters: {buildConfig: {llbDefinition}}}
    return {...good, predicate: {buildDefinition, runDetails: {metadata: {buildkit_metadata: metadata}}}}
  }
})

test.each([
  ['pkg:docker/alpine@3.20?platform=linux%2Famd64', 'alpine', '3.20', 'linux/amd64'],
  ['pkg:docker/ghcr.io/org/app@v1%2B1', 'ghcr.io/org/app', 'v1+1', undefined],
  ['pkg:docker/docker/dockerfile@1', 'docker/dockerfile', '1', undefined],
  ['pkg:docker/alpine?digest=sha256:x&platform=linux%2Farm%2Fv7', 'alpine', undefined, 'linux/arm/v7'],
  ['pkg:docker/%zz', '%zz', undefined, undefined],
])('the material %s', (uri, name, tag, platform) => {
  const digest = {sha256: BASE.slice('sha256:'.length)}
  const predicate = {materials: [{uri, digest}, {uri: 'https://github.com/x/y.git#main', digest: {sha1: 'x'}}, {uri}]}
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: SUBJECT,
    predicate,
  }
  expect(parseStatement(encode(statement), APP)).toMatchObject({
    ok: true,
    value: {bases: [{name, tag, platform, digest: BASE}]},
  })
})
