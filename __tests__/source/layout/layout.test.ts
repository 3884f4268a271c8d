import {mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from '@jest/globals'
import {
  buildLayout,
  COMPRESSIONS,
  type LayoutImage,
  type LayoutPlatform,
} from '../../../scripts/support/layout-builder.ts'
import {SourceError, UsageError} from '../../../src/errors.ts'
import type {FileNode} from '../../../src/image/rootfs.ts'
import {openLayout} from '../../../src/source/layout/layout.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

let directory: string

beforeEach(() => {
  directory = temporaryFolder('layout')
})

const app = (platform: string): LayoutPlatform => ({
  platform,
  config: {Entrypoint: ['/app'], Cmd: ['serve'], Env: ['PATH=/bin'], User: '65532', WorkingDir: '/srv'},
  layers: [
    {files: [{path: 'etc/os-release', content: 'ID=test', mode: 0o644}], createdBy: 'ADD rootfs.tar /'},
    {files: [{path: 'app', content: `program of ${platform}`}], createdBy: 'COPY app /app'},
  ],
})

const image: LayoutImage = {platforms: [app('linux/amd64'), app('linux/arm/v7')], attestations: true}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => ({none: value}),
    (thrown: unknown) => thrown,
  )
}

describe('an image', () => {
  test('is read with its platforms, configs and files', async () => {
    const built = buildLayout(directory, image)
    const source = await openLayout({directory})
    const root = await source.root()
    expect(root.kind).toBe('index')
    expect(root.descriptor).toMatchObject({...built.roots[0]})
    expect(root.entries.map(({platform, claimedBy}) => ({platform, claimedBy}))).toEqual([
      {platform: {os: 'linux', architecture: 'amd64', variant: ''}, claimedBy: 'index'},
      {platform: {os: 'linux', architecture: 'arm', variant: 'v7'}, claimedBy: 'index'},
    ])
    expect(root.referrers.map(({kind}) => kind)).toEqual(['attestation', 'attestation'])

    const [, entry] = root.entries
    if (!entry) throw new Error('no second platform')
    const {config, layers, rootfs} = await source.platformImage(entry)
    expect(config).toMatchObject({
      platform: {os: 'linux', architecture: 'arm', variant: 'v7'},
      entrypoint: ['/app'],
      cmd: ['serve'],
      env: ['PATH=/bin'],
      user: '65532',
      workingDir: '/srv',
    })
    expect(layers.map(({index, createdBy}) => ({index, createdBy}))).toEqual([
      {index: 0, createdBy: 'ADD rootfs.tar /'},
      {index: 1, createdBy: 'COPY app /app'},
    ])
    const found = await rootfs.lookup('/app')
    if (found.outcome !== 'found') throw new Error(found.outcome)
    expect(found.node).toEqual({path: '/app', kind: 'file', mode: 0o755, uid: 0, gid: 0, size: 23, layer: 1})
    expect(text(await (await rootfs.open(found.node)).read(0, 100))).toBe('program of linux/arm/v7')
    await source.close()
  })

  test.each(COMPRESSIONS)('is read with %s layers', async compression => {
    buildLayout(directory, {
      platforms: [{platform: 'linux/amd64', layers: [{files: [{path: 'app', content: 'bytes'}], compression}]}],
    })
    const source = await openLayout({directory})
    const [entry] = (await source.root()).entries
    if (!entry) throw new Error('no platform')
    const {rootfs} = await source.platformImage(entry)
    const nodes: FileNode[] = []
    for await (const node of rootfs.files()) nodes.push(node)
    expect(nodes.map(({path}) => path)).toEqual(['/app'])
    const [node] = nodes
    const file = node && (await rootfs.open(node))
    expect(text((await file?.read(1, 3)) ?? new Uint8Array())).toBe('yte')
    await source.close()
  })

  test("of one platform is its config's platform", async () => {
    buildLayout(directory, {platforms: [{...app('linux/s390x'), unclaimed: true}], root: 'manifest'})
    const root = await (await openLayout({directory})).root()
    expect(root.kind).toBe('manifest')
    expect(root.entries).toMatchObject([{platform: {os: 'linux', architecture: 's390x'}, claimedBy: 'config'}])
  })

  test('of one platform that index.json claims is that platform, whatever its config says', async () => {
    buildLayout(directory, {platforms: [{...app('linux/arm64'), configPlatform: 'linux/amd64'}], root: 'manifest'})
    const root = await (await openLayout({directory})).root()
    expect(root.entries).toMatchObject([{platform: {architecture: 'arm64'}, claimedBy: 'index'}])
  })

  test('whose index does not say the platforms is read through to the configs', async () => {
    buildLayout(directory, {platforms: [{...app('linux/amd64'), unclaimed: true}, app('linux/arm64')]})
    const root = await (await openLayout({directory})).root()
    expect(root.entries).toMatchObject([
      {platform: {architecture: 'amd64'}, claimedBy: 'config'},
      {platform: {architecture: 'arm64'}, claimedBy: 'index'},
    ])
  })
})

describe('of several images', () => {
  const tagged = (tag: string, name?: string): LayoutImage => ({
    platforms: [{platform: 'linux/amd64', layers: [{files: [{path: tag, content: tag}]}]}],
    annotations: {'org.opencontainers.image.ref.name': tag, ...(name ? {'io.containerd.image.name': name} : {})},
  })

  test.each([
    {tag: '1.0', root: 0, name: undefined},
    {tag: '2.0', root: 1, name: undefined},
    {tag: 'ghcr.io/org/app:2.0', root: 1, name: undefined},
  ])('the one with the name $tag is read', async ({tag, root, name}) => {
    const built = buildLayout(directory, [tagged('1.0'), tagged('2.0', 'ghcr.io/org/app:2.0')])
    const source = await openLayout({directory, tag})
    expect(source.name).toBe(name)
    expect((await source.root()).descriptor?.digest).toBe(built.roots[root]?.digest)
  })

  test('one must be named', async () => {
    buildLayout(directory, [tagged('1.0'), tagged('2.0')])
    const thrown = await failure(openLayout({directory, reference: 'oci:app'}))
    expect(thrown).toBeInstanceOf(UsageError)
    expect(thrown).toMatchObject({
      message: 'oci:app holds 2 images, and one is to be named',
      hint: 'There are: 1.0, 2.0.',
    })
  })

  test('a name that is not there is told with those that are', async () => {
    buildLayout(directory, [tagged('1.0'), tagged('2.0')])
    const thrown = await failure(openLayout({directory, tag: '3.0', reference: 'oci:app:3.0'}))
    expect(thrown).toBeInstanceOf(SourceError)
    expect(thrown).toMatchObject({
      code: 'not-found',
      message: 'oci:app:3.0: nothing in the layout has the name "3.0"',
      hint: 'There are: 1.0, 2.0.',
    })
  })

  test('platforms without names and without an index around them are one image', async () => {
    const one = (platform: string): LayoutImage => ({platforms: [app(platform)], root: 'manifest'})
    buildLayout(directory, [one('linux/amd64'), one('linux/arm64')])
    const source = await openLayout({directory})
    const root = await source.root()
    expect(root.kind).toBe('index')
    expect(root.entries.map(({platform}) => platform.architecture)).toEqual(['amd64', 'arm64'])
  })
})

describe('what is wrong', () => {
  test('no directory', async () => {
    expect(await failure(openLayout({directory: join(directory, 'none')}))).toMatchObject({
      ...{code: 'not-found', hint: expect.stringContaining('path of the layout')},
    })
  })

  test('no oci-layout', async () => {
    buildLayout(directory, image)
    rmSync(join(directory, 'oci-layout'))
    expect(await failure(openLayout({directory}))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('is not an OCI image layout'),
    })
  })

  test('index.json is no JSON', async () => {
    buildLayout(directory, image)
    writeFileSync(join(directory, 'index.json'), '{"manifests": [')
    expect(await failure(openLayout({directory}))).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('index.json: not JSON'),
    })
  })

  test('a digest in index.json cannot lead out of the directory', async () => {
    buildLayout(directory, image)
    const index = readFileSync(join(directory, 'index.json'), 'utf8')
    writeFileSync(join(directory, 'index.json'), index.replace(/sha256:[0-9a-f]{64}/, 'sha256:../../../../etc/passwd'))
    expect(await failure(openLayout({directory}))).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('$.manifests[0].digest: "sha256:../../../../etc/passwd" is not a digest'),
    })
  })

  test('an empty layout', async () => {
    buildLayout(directory, [])
    expect(await failure(openLayout({directory}))).toMatchObject({code: 'not-found'})
  })

  describe('a blob that is', () => {
    const spoil = (digest: string, bytes: Uint8Array | undefined): void => {
      const path = join(directory, 'blobs/sha256', digest.slice('sha256:'.length))
      if (bytes) writeFileSync(path, bytes)
      else rmSync(path)
    }
    const digestOfLayer = (manifest: string): string => {
      const path = join(directory, 'blobs/sha256', manifest.slice('sha256:'.length))
      return JSON.parse(readFileSync(path, 'utf8')).layers[0].digest
    }

    test('missing spoils only the platform that needs it', async () => {
      const built = buildLayout(directory, image)
      spoil(built.manifests[0]?.[1]?.digest ?? '', undefined)
      const source = await openLayout({directory})
      const [amd64, arm] = (await source.root()).entries
      if (!amd64 || !arm) throw new Error('no platforms')
      expect(await (await source.platformImage(amd64)).rootfs.lookup('/app')).toMatchObject({outcome: 'found'})
      expect(await failure(source.platformImage(arm))).toMatchObject({
        code: 'blob-missing',
        message: `linux/arm/v7: blob ${arm.descriptor.digest} is not in the layout`,
      })
    })

    test.each([
      {what: 'a manifest of another digest', wrong: (bytes: Buffer) => Buffer.from(String(bytes).replace('2', '3'))},
      {what: 'a manifest of another size', wrong: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(' ')])},
    ])('$what', async ({wrong}) => {
      const built = buildLayout(directory, image)
      const digest = built.manifests[0]?.[0]?.digest ?? ''
      spoil(digest, wrong(readFileSync(join(directory, 'blobs/sha256', digest.slice('sha256:'.length)))))
      const source = await openLayout({directory})
      const [amd64] = (await source.root()).entries
      if (!amd64) throw new Error('no platforms')
      expect(await failure(source.platformImage(amd64))).toMatchObject({
        code: 'digest-mismatch',
        message: expect.stringContaining(`linux/amd64: manifest ${digest}`),
      })
    })

    test.each([
      {what: 'a layer of other bytes', change: (bytes: Buffer) => bytes.with(600, 0), code: 'digest-mismatch'},
      {what: 'a layer that is cut off', change: (bytes: Buffer) => bytes.subarray(0, 700), code: 'digest-mismatch'},
      {what: 'a layer that is missing', change: () => undefined, code: 'blob-missing'},
    ])('$what', async ({change, code}) => {
      const tar = {files: [{path: 'app', content: 'x'.repeat(2000)}], compression: 'none' as const}
      const built = buildLayout(directory, {platforms: [{platform: 'linux/amd64', layers: [tar]}]})
      const digest = digestOfLayer(built.manifests[0]?.[0]?.digest ?? '')
      const path = join(directory, 'blobs/sha256', digest.slice('sha256:'.length))
      spoil(digest, change(readFileSync(path)))
      const source = await openLayout({directory})
      const [entry] = (await source.root()).entries
      if (!entry) throw new Error('no platform')
      const {rootfs} = await source.platformImage(entry)
      expect(await failure(rootfs.lookup('/app'))).toMatchObject({
        code,
        message: expect.stringMatching(new RegExp(`^linux/amd64: .*${digest}`)),
      })
    })
  })

  test('a directory where a file is expected', async () => {
    buildLayout(directory, image)
    rmSync(join(directory, 'index.json'))
    mkdirSync(join(directory, 'index.json'))
    expect(await failure(openLayout({directory}))).toMatchObject({code: 'unavailable'})
  })
})
