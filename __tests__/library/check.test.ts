import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {type BlobSource, blobSource, check, SourceError, UsageError} from '../../src/library/index.ts'

const LAYOUT = 'examples/mismatch'
const {
  manifests: [root],
}: {manifests: [BlobSource['root']]} = JSON.parse(readFileSync(`${LAYOUT}/index.json`, 'utf8'))

function store(
  change: (digest: string, bytes: Buffer) => Buffer | undefined = (_, bytes) => bytes,
  reference = 'mine',
) {
  const ended: string[] = []
  let closed = 0
  const source = blobSource({
    reference,
    root,
    read: async ({digest}) => {
      const bytes = change(digest, readFileSync(`${LAYOUT}/blobs/${digest.replace(':', '/')}`))
      return bytes && pieces(bytes, () => ended.push(digest))
    },
    close: async () => {
      closed += 1
    },
  })
  return {source, ended, closed: () => closed}
}

async function* pieces(bytes: Buffer, onEnd: () => void): AsyncIterable<Uint8Array> {
  try {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
  } finally {
    onEnd()
  }
}

const verdicts = async (...given: Parameters<typeof check>) => {
  const {verdict, images} = await check(...given)
  return [
    verdict,
    ...images.flatMap(({platforms}) => platforms.map(({platform, verdict: one}) => `${platform} ${one}`)),
  ]
}

describe('check', () => {
  test('a source of one’s own is read as any other, and closed', async () => {
    const {source, ended, closed} = store()
    expect(await verdicts([source])).toEqual(['fail', 'linux/amd64 match', 'linux/arm64 mismatch'])
    // Both platforms share the layer: for the second one it is asked whether it is there.
    expect([ended.length, new Set(ended).size]).toEqual([8, 7])
    expect(closed()).toBe(1)
  })

  test.each([
    [{platforms: ['linux/amd64']}, ['pass', 'linux/amd64 match']],
    [
      {rules: ['wrong-machine=off', 'foreign-executable=off', 'identical-platforms=off']},
      ['pass', 'linux/amd64 match', 'linux/arm64 mismatch'],
    ],
    [{scope: 'entrypoint', concurrency: 1}, ['fail', 'linux/amd64 match', 'linux/arm64 mismatch']],
  ])('%j', async (options, expected) => {
    const seen = await verdicts([store().source], options)
    expect(seen).toEqual(expected)
  })

  test('a blob that is not there is no pass', async () => {
    const {source, closed} = store(() => undefined)
    await expect(check([source])).rejects.toMatchObject({
      code: 'blob-missing',
      message: expect.stringContaining('mine'),
    })
    expect(closed()).toBe(1)
  })

  test('nothing is believed that does not fit its digest', async () => {
    const {source} = store((_, bytes) => Buffer.from(bytes.toString('latin1').replace('amd64', 'arm64'), 'latin1'))
    await expect(check([source])).rejects.toMatchObject({code: 'digest-mismatch'})
  })

  test('what a source throws is what the check throws', async () => {
    const {source} = store(() => {
      throw new SourceError('denied', 'not for you')
    })
    await expect(check([source])).rejects.toMatchObject({code: 'denied'})
  })

  test('of several images one that cannot be read stands in the report', async () => {
    const {images, verdict} = await check([store(() => undefined, 'a').source, store(undefined, 'b').source])
    expect(verdict).toBe('fail')
    expect(images.map(({reference, problem}) => [reference, problem?.code])).toEqual([
      ['a', 'blob-missing'],
      ['b', undefined],
    ])
  })

  test('a baseline: what is lost is an error', async () => {
    const baseline = store(undefined, 'before').source
    const report = await check([store().source], {baseline, platforms: ['linux/amd64']})
    expect(report.baseline).toMatchObject({reference: 'before', found: true})
  })

  test('Dockerfiles, without an image', async () => {
    const text = 'FROM --platform=linux/amd64 alpine\nCMD ["/bin/sh"]\n'
    const report = await check([], {dockerfiles: [{file: 'Dockerfile', text}], platforms: ['linux/arm64']})
    expect(report.findings.map(({rule}) => rule)).toContain('hardcoded-platform')
  })

  test.each([
    [[], {}, 'no image is given'],
    [[store().source], {scope: 'everything'}, 'scope'],
    [[store().source], {platforms: ['arm64']}, 'platforms'],
    [[store().source], {concurrency: 0}, 'concurrency'],
    [[store().source], {limits: ['nothing=1']}, 'limits'],
  ])('options that make no sense: %#', async (images, options, named) => {
    await expect(check(images, options)).rejects.toThrow(UsageError)
    await expect(check(images, options)).rejects.toThrow(named)
  })

  test('a root without a digest', () => {
    expect(() => blobSource({reference: 'mine', root: {...root, digest: 'abc'}, read: async () => undefined})).toThrow(
      UsageError,
    )
  })
})
