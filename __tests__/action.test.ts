import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {type ActionHost, OUTPUTS, runAction} from '../src/action.ts'
import {SourceError, UsageError} from '../src/errors.ts'
import {DEFAULTS} from '../src/options.ts'
import type {Annotation} from '../src/report/index.ts'
import {buildElf} from './support/elf-builder.ts'
import {executable} from './support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testDigest} from './support/memory-source.ts'

const AMD64 = executable(buildElf({machine: 62}))
const config = {entrypoint: ['/app']}
const GOOD: MemoryImage = {platforms: [{platform: 'linux/amd64', config, files: {'/app': AMD64}}]}
const BAD: MemoryImage = {platforms: [{platform: 'linux/arm64', config, files: {'/app': AMD64}}]}
const BROKEN: MemoryImage = {
  platforms: [{platform: 'linux/amd64', failure: new SourceError('unavailable', 'no daemon', {hint: 'Start it.'})}],
}

/** What every glob finds. */
const DOCKERFILE = 'ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /app\n'

/** The runner gives every input its default. */
const DECLARED_DEFAULTS: Readonly<Record<string, string>> = {
  source: DEFAULTS.source,
  scope: DEFAULTS.scope,
  'fail-on': DEFAULTS.failOn,
  concurrency: DEFAULTS.concurrency,
}

/** A host that remembers everything. */
async function run(inputs: Readonly<Record<string, string>>, broken: Partial<ActionHost> = {}) {
  const all: Readonly<Record<string, string>> = {...DECLARED_DEFAULTS, ...inputs}
  const outputs = new Map<string, string>()
  const annotations: Annotation[] = []
  const failures: string[] = []
  const files = new Map<string, string>()
  let summary = ''
  let log = ''
  const images = memoryImages({'good:1': GOOD, 'bad:1': BAD, 'broken:1': BROKEN})
  await runAction({
    version: '1.2.3',
    open: images.open,
    readDockerfiles: async globs => globs.map(file => ({file, text: DOCKERFILE})),
    input: name => all[name] ?? '',
    output: (name, value) => outputs.set(name, value),
    annotate: annotation => annotations.push(annotation),
    log: text => {
      log += text
    },
    summary: async markdown => {
      summary += markdown
    },
    writeFile: async (name, text) => {
      files.set(name, text)
      return `/tmp/${name}`
    },
    fail: message => failures.push(message),
    ...broken,
  })
  expect([...outputs.keys()].sort()).toEqual([...OUTPUTS].sort())
  expect(images.counts.closed).toBe(images.counts.opened)
  return {outputs: Object.fromEntries(outputs), annotations, failures, files, summary, log}
}

test('what matches is verified, and named by its digest for a signer', async () => {
  const {outputs, failures, annotations, summary, files} = await run({image: 'good:1', platforms: 'linux/amd64'})
  expect(failures).toEqual([])
  expect(annotations).toEqual([])
  expect(outputs).toEqual({
    verified: 'true',
    images: `good@${testDigest(0xff)}`,
    digest: testDigest(0xff),
    platforms: `[{"image":"good:1","platform":"linux/amd64","digest":"${testDigest(1)}","verdict":"match"}]`,
    report: '/tmp/report.json',
    sarif: '/tmp/report.sarif',
    predicate: '/tmp/predicate.json',
  })
  expect(summary).toContain('linux/amd64')
  expect([...files.keys()]).toEqual(['report.json', 'report.sarif', 'predicate.json'])
})

test('a mismatch fails the step, and nothing may be signed', async () => {
  const {outputs, failures, annotations, summary} = await run({image: 'bad:1'})
  expect(failures).toEqual([expect.stringMatching(/1 error; wrong: linux\/arm64/)])
  expect(outputs).toMatchObject({verified: 'false', images: '', report: '/tmp/report.json'})
  expect(annotations).toMatchObject([{level: 'error', message: expect.stringContaining('/app is x86-64')}])
  expect(summary).toContain('wrong-machine')
})

test('one bad image of two keeps both from being signed', async () => {
  const {outputs, failures} = await run({image: 'good:1\nbad:1'})
  expect(failures).toHaveLength(1)
  expect(outputs).toMatchObject({verified: 'false', images: ''})
})

test('fail-on never tells and does not fail, and does not verify either', async () => {
  const {outputs, failures, annotations} = await run({image: 'bad:1', 'fail-on': 'never'})
  expect(failures).toEqual([])
  expect(annotations).toHaveLength(1)
  expect(outputs).toMatchObject({verified: 'false', images: ''})
})

describe('what could not be checked is never verified', () => {
  test.each([
    [{image: 'broken:1'}, 'Could not check: no daemon\nStart it.'],
    [{image: 'broken:1', 'fail-on': 'never'}, 'Could not check: no daemon\nStart it.'],
    [{image: 'good:1,absent:1'}, 'Could not check: absent:1: not found\nCheck the name.'],
    [{image: ''}, 'Wrong input: image: no image is given'],
    [{image: 'good:1', platforms: 'amd'}, expect.stringMatching(/^Wrong input: platforms: "amd"/)],
  ])('%j', async (inputs, failure) => {
    const {outputs, failures} = await run(inputs)
    expect(failures).toEqual([failure])
    expect(outputs).toEqual({
      verified: 'false',
      images: '',
      digest: '',
      platforms: '',
      report: '',
      sarif: '',
      predicate: '',
    })
  })

  test('a report that cannot be written', async () => {
    const {outputs, failures} = await run(
      {image: 'good:1'},
      {
        writeFile: async () => {
          throw new Error('no space left')
        },
      },
    )
    expect(failures).toEqual([expect.stringMatching(/this is a bug|no space left/i)])
    expect(outputs.verified).toBe('false')
    expect(outputs.images).toBe('')
  })
})

test('action.yml declares what the action reads and sets, with the same defaults', async () => {
  const declared = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8'))
  const asked = new Set<string>()
  await run(
    {},
    {
      input: name => {
        asked.add(name)
        return name === 'image' ? 'good:1' : (DECLARED_DEFAULTS[name] ?? '')
      },
    },
  )
  expect(Object.keys(declared.inputs).sort()).toEqual([...asked].sort())
  expect(Object.keys(declared.outputs).sort()).toEqual([...OUTPUTS].sort())
  for (const [name, {default: value}] of Object.entries<{default: string}>(declared.inputs)) {
    expect([name, value]).toEqual([name, DECLARED_DEFAULTS[name] ?? ''])
  }
  expect(declared.runs).toEqual({using: 'node24', main: 'dist/action.mjs', post: 'dist/action.mjs'})
})

test('each of several images has a predicate of its own', async () => {
  const {outputs, files} = await run({image: 'good:1,bad:1'})
  expect(outputs.predicate).toBe('/tmp/predicate.json\n/tmp/predicate-2.json')
  expect(files.get('predicate-2.json')).toContain('bad')
})

describe('Dockerfiles', () => {
  const inputs = {dockerfile: 'Dockerfile # the one\nci/Dockerfile', platforms: 'linux/amd64,linux/arm64'}

  test('fail the step in their lines, without an image', async () => {
    const {outputs, failures, annotations, files} = await run(inputs)
    expect(failures).toEqual(['The Dockerfile would not make what it is asked for: 2 errors.'])
    expect(outputs).toMatchObject({verified: 'false', images: '', digest: '', predicate: '', platforms: '[]'})
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'platform-arg-default: Dockerfile:1',
        file: 'Dockerfile',
        startLine: 1,
        endLine: 1,
        message: expect.stringMatching(/^Dockerfile:1: ARG TARGETARCH=amd64 .*\nFix: ARG TARGETARCH$/),
      },
      expect.objectContaining({file: 'ci/Dockerfile', startLine: 1}),
    ])
    const [{results}] = JSON.parse(files.get('report.sarif') ?? '').runs
    expect(results[0].locations).toEqual([
      {physicalLocation: {artifactLocation: {uri: 'Dockerfile'}, region: {startLine: 1, endLine: 1}}},
    ])
  })

  test('that are right pass, and there is nothing to sign', async () => {
    const {outputs, failures, annotations} = await run({...inputs, platforms: 'linux/amd64'})
    expect([failures, annotations]).toEqual([[], []])
    expect(outputs).toMatchObject({verified: 'true', images: ''})
  })

  test('wrong ones keep a good image from being signed', async () => {
    const {outputs, failures} = await run(
      {...inputs, image: 'good:1', platforms: 'linux/amd64'},
      {readDockerfiles: async globs => globs.map(file => ({file, text: DOCKERFILE.replace('amd64', 'arm64')}))},
    )
    expect(failures).toEqual([
      'The Dockerfile would not make what it is asked for: 2 errors. Nothing was verified, so nothing should be signed.',
    ])
    expect(outputs).toMatchObject({verified: 'false', images: ''})
  })

  test('a glob that finds nothing is wrong input', async () => {
    const {failures} = await run(inputs, {
      readDockerfiles: async () => {
        throw new UsageError('dockerfile: no file matches "x"')
      },
    })
    expect(failures).toEqual(['Wrong input: dockerfile: no file matches "x"'])
  })

  test('with a baseline and no image are wrong input', async () => {
    const {failures} = await run({...inputs, baseline: 'good:1'})
    expect(failures).toEqual(['Wrong input: baseline: there is no image to compare it with'])
  })
})
