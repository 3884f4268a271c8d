import {gzipSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import {
  type BuiltLayout,
  type LayoutImage,
  type LayoutPlatform,
  layoutOf,
  sha256,
} from '../../../scripts/support/layout-builder.ts'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import type {Descriptor, ImageSource} from '../../../src/image/source.ts'
import {descriptorOf, MemoryBlobs} from '../../support/memory-blobs.ts'
import {failure} from '../../support/streams.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there')
  return value
}

const platform = (name: string): LayoutPlatform => ({platform: name, layers: [{files: [{path: 'app', content: name}]}]})
const image = (...names: readonly string[]): LayoutImage => ({platforms: names.map(platform)})

function built(...images: readonly LayoutImage[]): {
  blobs: MemoryBlobs
  layout: BuiltLayout
  roots: readonly Descriptor[]
} {
  const layout = layoutOf(images)
  return {blobs: new MemoryBlobs(layout), layout, roots: layout.roots.map(descriptorOf)}
}

const platformsOf = async (source: ImageSource): Promise<readonly string[]> =>
  (await source.root()).entries.map(({platform: {architecture}}) => architecture)

describe('an index in an index', () => {
  test('is read through, in its place', async () => {
    const {blobs, roots, layout} = built(image('linux/amd64', 'linux/arm64'), image('linux/s390x'))
    const [last] = layout.manifests[1] ?? []
    expect(await platformsOf(blobs.source(blobs.index(...roots.slice(0, 1), last ?? {})))).toEqual([
      'amd64',
      'arm64',
      's390x',
    ])
  })

  test('that was read already is not read again', async () => {
    const {blobs, roots} = built(image('linux/amd64'))
    const inner = blobs.index(...roots)
    const source = blobs.source(blobs.index(inner, inner, ...roots))
    expect(await platformsOf(source)).toEqual(['amd64'])
    expect(blobs.opened).toHaveLength(3)
  })

  test.each([
    {depth: 4, outcome: ['amd64']},
    {depth: 5, outcome: {code: 'unsupported', message: expect.stringContaining('more than 4 deep')}},
  ])('$depth deep', async ({depth, outcome}) => {
    const {blobs, roots} = built(image('linux/amd64'))
    let root = there(roots[0])
    for (let level = 1; level < depth; level += 1) root = blobs.index(root)
    const result = await platformsOf(blobs.source(root)).catch((thrown: unknown) => thrown)
    if (Array.isArray(outcome)) expect(result).toEqual(outcome)
    else expect(result).toMatchObject(outcome)
  })

  test('with too many manifests is refused', async () => {
    const {blobs, layout} = built(image('linux/amd64'))
    const [manifest] = layout.manifests[0] ?? []
    const many = blobs.index(...Array.from({length: 1002}, () => manifest ?? {}))
    expect(await failure(blobs.source(many).root())).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('more than 1,000 manifests'),
    })
  })

  test('that is a manifest is malformed', async () => {
    const {blobs, layout} = built(image('linux/amd64'))
    const [manifest] = layout.manifests[0] ?? []
    expect(await failure(blobs.source(blobs.index({...manifest, mediaType: INDEX})).root())).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('the fields of a manifest, but'),
    })
  })
})

describe('what is not an image', () => {
  const artifact = (blobs: MemoryBlobs): Descriptor => {
    const config = blobs.put('application/vnd.cncf.helm.config.v1+json', {name: 'chart'})
    return blobs.put(MANIFEST, {schemaVersion: 2, mediaType: MANIFEST, config, layers: []})
  }

  test('at the root is said to be that', async () => {
    const {blobs} = built()
    expect(await failure(blobs.source(artifact(blobs)).root())).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/is an artifact, not an image: its config is application\/vnd.cncf.helm/),
    })
  })

  test('beside platforms is set apart', async () => {
    const {blobs, layout} = built(image('linux/amd64'))
    const [manifest] = layout.manifests[0] ?? []
    const root = await blobs.source(blobs.index(manifest ?? {}, artifact(blobs))).root()
    expect(root.entries).toHaveLength(1)
    expect(root.referrers).toMatchObject([{kind: 'artifact'}])
  })

  test('under the name of a platform is told when it is asked for', async () => {
    const {blobs} = built()
    const claimed = {...artifact(blobs), platform: {os: 'linux', architecture: 'amd64'}}
    const source = blobs.source(blobs.index(claimed))
    const [entry] = (await source.root()).entries
    expect(await failure(source.platformImage(there(entry)))).toMatchObject({
      code: 'not-an-image',
      message: expect.stringMatching(/^a(?:n artifact)?.* \(application\/.*\)$/),
    })
  })
})

test('documents are read once, and nothing of a platform before it is asked for', async () => {
  const {blobs, roots} = built(image('linux/amd64', 'linux/arm64'))
  const source = blobs.source(there(roots[0]))
  await Promise.all([source.root(), source.root()])
  expect(blobs.opened).toEqual([roots[0]?.digest])
  const [entry] = (await source.root()).entries
  const {rootfs} = await source.platformImage(there(entry))
  // The index, the manifest and the config.
  expect(blobs.opened).toHaveLength(3)
  await rootfs.lookup('/app')
  expect(blobs.opened).toHaveLength(4)
})

test.each([
  {what: 'manifest', limit: 4 * 1024 * 1024, told: '4 MiB (limit manifest-bytes)', code: 'malformed'},
  // It may be raised: who knows of such an image can have it checked.
  {what: 'config', limit: 8 * 1024 * 1024, told: '8 MiB (limit config-bytes)', code: 'unsupported'},
])('a $what that claims to be too large is not read', async ({what, limit, told, code}) => {
  const {blobs} = built()
  const huge = {
    ...descriptorOf({
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: sha256(Buffer.from('')),
      size: limit + 1,
    }),
  }
  const root =
    what === 'manifest'
      ? {...huge, mediaType: MANIFEST}
      : blobs.put(MANIFEST, {schemaVersion: 2, config: huge, layers: []})
  expect(await failure(blobs.source(root).root())).toMatchObject({
    code,
    message: expect.stringContaining(`has ${limit + 1} bytes, expected at most ${told}`),
  })
  expect(blobs.opened).not.toContain(huge.digest)
})

test.each([
  {what: 'too few', diffIds: [], problem: '2 layers, but the config has 0 diff_ids'},
  {what: 'too many', diffIds: ['a', 'b', 'c'], problem: '2 layers, but the config has 3 diff_ids'},
])('$what diff_ids are malformed before a layer is read', async ({diffIds, problem}) => {
  const {blobs, root} = withDiffIds(diffIds.map(name => sha256(Buffer.from(name))))
  const source = blobs.source(root)
  const [entry] = (await source.root()).entries
  if (!entry) throw new Error('no entry')
  expect(await failure(source.platformImage(entry))).toMatchObject({
    code: 'malformed',
    message: expect.stringContaining(problem),
  })
})

test('a layer that is not what its diff_id says is malformed once it is read', async () => {
  const [lower, upper] = TWO_TARS.map(tar => sha256(tar))
  const right = await openWith([lower ?? '', upper ?? ''])
  expect((await right.rootfs.lookup('/lower')).outcome).toBe('found')
  const wrong = await openWith([upper ?? '', upper ?? ''])
  expect((await wrong.rootfs.lookup('/upper')).outcome).toBe('found')
  expect(await failure(wrong.rootfs.lookup('/lower'))).toMatchObject({
    code: 'malformed',
    message: expect.stringContaining(`it is not what the config's diff_ids say, expected ${upper}, got ${lower}`),
  })
})

const TWO_TARS = ['lower', 'upper'].map(name => buildTar([{name, content: name}]))

function withDiffIds(diffIds: readonly string[]) {
  const {blobs} = built()
  const layers = TWO_TARS.map(tar => blobs.put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar)))
  const config = blobs.put('application/vnd.oci.image.config.v1+json', {
    os: 'linux',
    architecture: 'amd64',
    rootfs: {type: 'layers', diff_ids: diffIds},
  })
  return {blobs, root: blobs.put(MANIFEST, {schemaVersion: 2, config, layers})}
}

async function openWith(diffIds: readonly string[]) {
  const {blobs, root} = withDiffIds(diffIds)
  const source = blobs.source(root)
  const [entry] = (await source.root()).entries
  if (!entry) throw new Error('no entry')
  return source.platformImage(entry)
}
