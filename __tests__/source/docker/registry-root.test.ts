import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {parseDigest} from '../../../src/image/digest.ts'
import {parseReference} from '../../../src/image/reference.ts'
import {readManifestLayers, readRegistryRoot} from '../../../src/source/docker/registry-root.ts'
import {testDigest} from '../../support/memory-source.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

function child(byte: number, platform: object | undefined, mediaType = MANIFEST, more: object = {}) {
  return {mediaType, digest: testDigest(byte), size: 10, ...(platform ? {platform} : {}), ...more}
}
const index = (...manifests: object[]) => JSON.stringify({schemaVersion: 2, mediaType: INDEX, manifests})
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

async function read(text: string, answer: (command: string) => Answer | undefined) {
  const reference = parseReference(text)
  if (!reference.ok) throw new Error(reference.problem)
  const {cli, asked} = scriptedDocker(answer)
  return {document: await readRegistryRoot(cli, reference.value), asked}
}

const AMD64 = {os: 'linux', architecture: 'amd64'}

test('an index is read once, by name, and its digest is that of its bytes', async () => {
  const text = index(child(1, AMD64), child(2, {os: 'unknown', architecture: 'unknown'}))
  const {document, asked} = await read('r.io/app:1', () => text)
  expect(asked).toEqual(['buildx imagetools inspect --raw r.io/app:1'])
  expect(document).toMatchObject({kind: 'index', descriptor: {digest: digestOf(text), mediaType: INDEX}})
  expect(document.children.map(({kind}) => kind)).toEqual(['platform', 'other'])
})

test('no tag means latest, and a digest decides over a tag', async () => {
  const text = index(child(1, AMD64))
  expect((await read('app', () => text)).asked[0]).toContain(' app:latest')
  expect((await read(`app:1@${digestOf(text)}`, () => text)).asked[0]).toContain(` app@${digestOf(text)}`)
})

test('an index in the index is read through', async () => {
  const inner = index(child(1, AMD64))
  const outer = index({...child(0, undefined, INDEX), digest: digestOf(inner), size: inner.length})
  const {document, asked} = await read('app:1', command => (command.endsWith('app:1') ? outer : inner))
  expect(asked).toHaveLength(2)
  expect(document.children).toMatchObject([
    {kind: 'other', entry: {kind: 'index', descriptor: {digest: digestOf(inner)}}},
    {kind: 'platform', entry: {descriptor: {digest: testDigest(1)}}},
  ])
})

test('one platform’s manifest is its own only child', async () => {
  const config = {mediaType: 'application/vnd.oci.image.config.v1+json', digest: testDigest(9), size: 2}
  const text = JSON.stringify({schemaVersion: 2, mediaType: MANIFEST, config, layers: []})
  const {document} = await read('app:1', () => text)
  expect(document).toMatchObject({
    kind: 'manifest',
    children: [{kind: 'unclaimed', descriptor: {digest: digestOf(text)}}],
  })
})

describe('refused', () => {
  test('other bytes than the digest says', async () => {
    const text = index(child(1, AMD64))
    await expect(read(`app@${testDigest(7)}`, () => text)).rejects.toMatchObject({code: 'digest-mismatch'})
  })

  test('what is no document', async () => {
    await expect(read('app:1', () => '<html>')).rejects.toMatchObject({code: 'malformed'})
    await expect(read('app:1', () => '{}')).rejects.toMatchObject({code: 'malformed'})
  })

  test('indexes that are nested without end', async () => {
    const nested = (depth: number): string =>
      depth === 0
        ? index(child(1, AMD64))
        : index({...child(0, undefined, INDEX), digest: digestOf(nested(depth - 1)), size: nested(depth - 1).length})
    const all = new Map([0, 1, 2, 3, 4, 5].map(depth => [digestOf(nested(depth)), nested(depth)]))
    const answer = (command: string) => (command.endsWith('app:1') ? nested(5) : all.get(command.split('@')[1] ?? ''))
    await expect(read('app:1', answer)).rejects.toThrow('indexes in indexes more than 4 deep')
  })
})

describe('without buildx', () => {
  const NO_BUILDX: Answer = {stderr: 'docker: unknown command: docker buildx'}
  const text = index(child(1, AMD64))

  test('docker manifest inspect answers, and a tag’s digest stays unknown', async () => {
    const {document, asked} = await read('r.io/app:1', command => (command.startsWith('buildx') ? NO_BUILDX : text))
    expect(asked.at(-1)).toBe('manifest inspect r.io/app:1')
    expect(document).toMatchObject({kind: 'index', descriptor: undefined})
  })

  test.each(['localhost:5000/app:1', '127.0.0.1:5000/app:1', '[::1]:5000/app:1'])('%s is on loopback', async name => {
    const {asked} = await read(name, command => (command.startsWith('buildx') ? NO_BUILDX : text))
    expect(asked.at(-1)).toBe(`manifest inspect --insecure ${name}`)
  })

  test('an index in the index is refused, never left unread', async () => {
    const outer = index(child(1, AMD64), child(2, undefined, INDEX))
    const answer = (command: string) => (command.startsWith('buildx') ? NO_BUILDX : outer)
    await expect(read('r.io/app:1', answer)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining(`an index in its index, ${testDigest(2)}`),
      hint: expect.stringContaining('docker buildx'),
    })
  })

  // In the words of docker 28.5.
  test.each([
    'unsupported manifest type: *manifestlist.DeserializedManifestList',
    'unsupported manifest format: &{{{2 application/vnd.oci.image.manifest.v1+json}',
    'unknown blob',
  ])('what docker manifest inspect does not read says what is missing: %s', async stderr => {
    const answer = (command: string) => (command.startsWith('buildx') ? NO_BUILDX : {stderr})
    await expect(read('r.io/app:1', answer)).rejects.toMatchObject({
      message: expect.stringContaining('there is no docker buildx'),
      hint: expect.stringContaining('Install docker buildx'),
    })
  })

  test('a failure of buildx itself is told, not gone round', async () => {
    const answer = (command: string): Answer =>
      command === 'buildx version' ? 'v0.29' : {stderr: 'ERROR: r.io/app:1: not found'}
    await expect(read('r.io/app:1', answer)).rejects.toMatchObject({code: 'not-found'})
  })
})

describe('the layers of a manifest', () => {
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {mediaType: 'application/vnd.oci.image.config.v1+json', digest: testDigest(1), size: 2},
    layers: [2, 3].map(byte => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: testDigest(byte),
      size: 3,
    })),
  })
  const layersOf = async (text: string, digest: string) => {
    const [reference, parsed] = [parseReference('r.io/app:1'), parseDigest(digest)]
    if (!reference.ok || !parsed.ok) throw new Error('no reference')
    const {cli, asked} = scriptedDocker(() => text)
    const layers = await readManifestLayers(cli, reference.value, parsed.value)
    return {layers: layers.map(layer => layer.digest), asked}
  }

  test('are those of its own digest', async () => {
    expect(await layersOf(manifest, digestOf(manifest))).toEqual({
      layers: [testDigest(2), testDigest(3)],
      asked: [`buildx imagetools inspect --raw r.io/app@${digestOf(manifest)}`],
    })
  })

  test.each<[string, string, string, string]>([
    ['other bytes', manifest, testDigest(9), 'digest-mismatch'],
    ['an index', index(), digestOf(index()), 'malformed'],
    ['no JSON', '{', digestOf('{'), 'malformed'],
  ])('%s', async (_, text, digest, code) => {
    await expect(layersOf(text, digest)).rejects.toMatchObject({code})
  })
})
