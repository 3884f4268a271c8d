import {readdir, truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gunzipSync, zstdCompressSync} from 'node:zlib'
import {afterEach, beforeAll, beforeEach, describe, expect, test} from '@jest/globals'
import {sha256} from '../../../scripts/support/layout-builder.ts'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import type {ImageSource} from '../../../src/image/source.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {openDockerArchive} from '../../../src/source/archive/docker-archive.ts'
import {openOciArchive} from '../../../src/source/archive/oci-archive.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {gatherImage} from '../../support/gather-image.ts'
import {type BuiltImage, type BuiltPlatform, buildImage, compress, fileTar} from '../../support/image-builder.ts'
import {layoutFiles, legacyFiles, savedFiles} from '../../support/image-writers.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

let folder = ''
let temporary = ''
beforeAll(async () => {
  folder = temporaryFolder('archive')
})
beforeEach(async () => {
  temporary = temporaryFolder('unpacked')
})
afterEach(async () => {
  expect(await readdir(temporary)).toEqual([])
})

const program = {content: buildElf(), mode: 0o755}
const process = {Entrypoint: ['/app']}
const amd64 = {os: 'linux', architecture: 'amd64'}
const lone = buildImage([{platform: amd64, process, layers: [{etc: 'x'}, {app: program}, {etc: 'x'}]}])
const other = buildImage([{platform: amd64, process, layers: [{app: 'no program'}]}])
const platform = (image: BuiltImage): BuiltPlatform => {
  const [first] = image.platforms
  if (!first) throw new Error('an image without platforms')
  return first
}

type Files = ReturnType<typeof layoutFiles>
const changed = (files: Files, name: string, content?: Uint8Array): Files => {
  const copy = new Map(files)
  copy.delete(name)
  return content ? copy.set(name, content) : copy
}
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

let number = 0
const write = async (content: Files | Uint8Array): Promise<string> => {
  number += 1
  const file = join(folder, `${number}.tar`)
  await writeFile(file, content instanceof Uint8Array ? content : fileTar(content))
  return file
}
const options = (file: string) => ({reference: 'archive:x', file, temporary, signal: new AbortController().signal})
const oci = async (content: Files | Uint8Array, tag?: string): Promise<ImageSource> =>
  openOciArchive({...options(await write(content)), tag})
const docker = async (content: Files | Uint8Array, image?: string): Promise<ImageSource> =>
  openDockerArchive({...options(await write(content)), image})

async function read(opening: Promise<ImageSource>) {
  const source = await opening
  try {
    const facts = await gatherImage(source, {required: undefined, scope: 'entrypoint'}, createLimiter(2))
    const [unreadable] = facts.unreadable
    if (unreadable) throw Object.assign(new Error(unreadable.message), {code: unreadable.code})
    return {name: facts.name, digest: facts.root.descriptor?.digest, steps: facts.platforms[0]?.startup.steps}
  } finally {
    await source.close()
  }
}

describe('oci-archive', () => {
  const two = [
    {image: lone, tag: 'docker.io/org/app:1'},
    {image: other, tag: 'docker.io/org/app:2'},
  ]

  test.each(['1', 'docker.io/org/app:1'])('one of several by %s', async tag => {
    expect((await read(oci(layoutFiles(two), tag))).digest).toBe(lone.root.digest)
  })

  const wrong: readonly (readonly [string, () => Promise<unknown>, object])[] = [
    [
      'several, none named',
      () => oci(layoutFiles(two)),
      {name: 'UsageError', hint: expect.stringContaining('There are: 1, 2')},
    ],
    ['a name that is not there', () => oci(layoutFiles(two), '3'), {code: 'not-found'}],
    ['no file', () => openOciArchive({...options(join(folder, 'nowhere')), tag: undefined}), {code: 'not-found'}],
    ['a folder', () => openOciArchive({...options(folder), tag: undefined}), {name: 'SourceError'}],
    ['no tar', () => oci(Buffer.alloc(2048, 'x')), {code: 'malformed', message: expect.stringContaining('archive:x')}],
    ['an empty file', () => oci(new Uint8Array()), {code: 'malformed'}],
    [
      'xz',
      () => oci(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0, 0, 0])),
      {code: 'unsupported', message: expect.stringContaining('xz')},
    ],
    [
      'a docker-archive',
      () => oci(legacyFiles(lone, platform(lone))),
      {code: 'malformed', hint: expect.stringContaining('docker-archive:')},
    ],
    ['no index.json', () => oci(changed(layoutFiles([{image: lone}]), 'index.json')), {code: 'malformed'}],
    [
      'an index.json that is none',
      () => oci(changed(layoutFiles([{image: lone}]), 'index.json', json([]))),
      {code: 'malformed'},
    ],
    [
      'a huge index.json',
      () => oci(changed(layoutFiles([{image: lone}]), 'index.json', Buffer.alloc(5_000_000))),
      {code: 'malformed', message: expect.stringContaining('at most')},
    ],
  ]
  test.each(wrong)('%s', async (_, open, expected) => {
    await expect(open()).rejects.toMatchObject(expected)
  })

  test('a blob that is missing', async () => {
    const blob = `blobs/${platform(lone).layers[1]?.digest.replace(':', '/')}`
    await expect(read(oci(changed(layoutFiles([{image: lone}]), blob)))).rejects.toMatchObject({
      code: 'blob-missing',
      message: expect.stringContaining('linux/amd64'),
    })
  })

  test('a blob that is another', async () => {
    const blob = `blobs/${platform(lone).layers[1]?.digest.replace(':', '/')}`
    const files = layoutFiles([{image: lone}])
    const bytes = files.get(blob)
    if (!(bytes instanceof Uint8Array)) throw new Error('no blob')
    const wrongBlob = Buffer.from(bytes)
    wrongBlob[20] = (wrongBlob[20] ?? 0) ^ 1
    await expect(read(oci(changed(files, blob, wrongBlob)))).rejects.toMatchObject({code: 'digest-mismatch'})
  })

  test('an archive that is cut off', async () => {
    const file = await write(layoutFiles([{image: lone}]))
    await truncate(file, 1600)
    await expect(openOciArchive({...options(file), tag: undefined})).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('cut off'),
    })
  })

  test('a compressed archive that is cut off', async () => {
    const whole = compress(fileTar(layoutFiles([{image: lone}])), 'gzip')
    await expect(oci(whole.subarray(0, whole.length - 20))).rejects.toMatchObject({code: 'malformed'})
  })

  test('a compressed archive, when it cannot be unpacked', async () => {
    const file = await write(compress(fileTar(layoutFiles([{image: lone}])), 'gzip'))
    await expect(
      openOciArchive({...options(file), temporary: join(folder, 'nowhere'), tag: undefined}),
    ).rejects.toMatchObject({code: 'unavailable', message: expect.stringContaining('nowhere')})
  })

  test('a run that is cancelled while an archive is unpacked', async () => {
    const file = await write(compress(fileTar(layoutFiles([{image: lone}])), 'zstd'))
    await expect(openOciArchive({...options(file), tag: undefined, signal: AbortSignal.abort()})).rejects.toMatchObject(
      {code: 'aborted'},
    )
  })

  test('names with dots and slashes', async () => {
    const files = new Map([...layoutFiles([{image: lone}])].map(([name, content]) => [`./${name}`, content]))
    expect((await read(oci(files))).digest).toBe(lone.root.digest)
  })
})

describe('docker-archive', () => {
  const saved = savedFiles(lone, platform(lone))

  test.each([undefined, 'org/app:1', 'docker.io/org/app:1', '@0'])(
    'of Docker 25, by %s: the digest of a manifest, which no registry has',
    async image => {
      expect(await read(docker(saved, image))).toMatchObject({digest: lone.root.digest, name: undefined})
    },
  )

  test('of before: a layer that came before is a link to it; the config’s digest stands for the image', async () => {
    const files = legacyFiles(lone, platform(lone))
    expect([...files.values()].filter(file => !(file instanceof Uint8Array))).toHaveLength(1)
    const {digest, name, steps} = await read(docker(files))
    expect([digest, name]).toEqual([platform(lone).config.digest, undefined])
    expect(steps?.[0]?.verdict?.fit).toBe('native')
  })

  test('of before, compressed as a whole, with compressed layers', async () => {
    const files = compress(fileTar(legacyFiles(lone, platform(lone), {style: 'kaniko'})), 'gzip')
    expect((await read(docker(files))).digest).toBe(platform(lone).config.digest)
  })

  const both = (): Files => {
    const [one, two] = [
      legacyFiles(lone, platform(lone), {tags: ['app', 'app:1']}),
      legacyFiles(other, platform(other), {tags: []}),
    ]
    const images = [one, two].flatMap(files => {
      const bytes = files.get('manifest.json')
      return bytes instanceof Uint8Array ? JSON.parse(Buffer.from(bytes).toString()) : []
    })
    return new Map([...one, ...two, ['manifest.json', json(images)]])
  }

  test.each([
    ['app', lone],
    ['app:latest', lone],
    ['docker.io/library/app:1', lone],
    ['@0', lone],
    ['@1', other],
  ])('one of several by %s', async (name, image) => {
    expect((await read(docker(both(), name))).digest).toBe(platform(image).config.digest)
  })

  const legacy = legacyFiles(lone, platform(lone))
  const configName = `${platform(lone).config.digest.slice(7)}.json`
  const layerName = [...legacy.keys()].find(name => name.startsWith('0001')) ?? ''
  const wrong: readonly (readonly [string, () => Promise<ImageSource>, object])[] = [
    [
      'several, none named',
      () => docker(both()),
      {name: 'UsageError', hint: expect.stringContaining('app, app:1, @1')},
    ],
    ['a name that is not there', () => docker(both(), 'app:2'), {code: 'not-found'}],
    ['a number that is not there', () => docker(both(), '@2'), {code: 'not-found'}],
    [
      'an OCI archive',
      () => docker(layoutFiles([{image: lone}])),
      {code: 'malformed', hint: expect.stringContaining('oci-archive:')},
    ],
    ['a manifest.json that is none', () => docker(changed(legacy, 'manifest.json', json({}))), {code: 'malformed'}],
    ['no images', () => docker(changed(legacy, 'manifest.json', json([]))), {code: 'not-found'}],
    ['no config', () => docker(changed(legacy, configName)), {code: 'blob-missing'}],
    ['a config that is another', () => docker(changed(legacy, configName, json({}))), {code: 'digest-mismatch'}],
    [
      'more layers than the config has',
      () => docker(changed(legacy, 'manifest.json', json([{Config: configName, Layers: [layerName]}]))),
      {code: 'malformed', message: expect.stringContaining('1 layers')},
    ],
  ]
  test.each(wrong)('%s', async (_, open, expected) => {
    await expect(open()).rejects.toMatchObject(expected)
  })

  describe('what unpacks to beyond any usual ratio is bounded', () => {
    const zeros = (size: number): BuiltImage =>
      buildImage([{platform: amd64, process, layers: [{app: program}, {zeros: new Uint8Array(size)}]}])
    const limits = {...DEFAULT_LIMITS, 'image-excess-bytes': 1_000_000}
    const told = (most: string) => ({code: 'unsupported', message: expect.stringContaining(most)})
    const IMAGE = 'those beyond are more than 1,000,000 bytes (limit image-excess-bytes)'
    const openLimited = async (content: Files | Uint8Array, given: typeof DEFAULT_LIMITS) =>
      openDockerArchive({...options(await write(content)), image: undefined, limits: given})
    const small = zeros(1_000_000)
    const large = zeros(2_000_000)
    const layers = (image: BuiltImage) => legacyFiles(image, platform(image), {style: 'kaniko'})
    // Layers that are tars, in a tar that is compressed as a whole.
    const whole = (image: BuiltImage) => {
      const unpacked = [...layers(image)].map(([name, content]): [string, Uint8Array] => {
        if (!(content instanceof Uint8Array)) throw new Error('a link')
        return [name, name.endsWith('.tar.gz') ? gunzipSync(content) : content]
      })
      return compress(fileTar(new Map(unpacked)), 'gzip')
    }

    test('in layers', async () => {
      expect((await read(openLimited(layers(small), limits))).steps).toHaveLength(1)
      await expect(read(openLimited(layers(large), limits))).rejects.toMatchObject(told(IMAGE))
      expect((await read(openLimited(layers(large), DEFAULT_LIMITS))).steps).toHaveLength(1)
    })

    test('in the archive as a whole', async () => {
      expect((await read(openLimited(whole(small), limits))).steps).toHaveLength(1)
      await expect(openLimited(whole(large), limits)).rejects.toMatchObject({
        ...told(IMAGE),
        hint: expect.stringContaining('raise it with limits: image-excess-bytes='),
      })
      expect((await read(openLimited(whole(large), DEFAULT_LIMITS))).steps).toHaveLength(1)
    })
  })

  test('a layer of more zstd frames than usual, where that is raised', async () => {
    const tar = buildTar([{name: 'app', mode: 0o755, content: program.content}])
    const frames = DEFAULT_LIMITS['zstd-frames'] + 10
    // Skippable frames, which hold nothing.
    const skippable = Buffer.from('502a4d1800000000', 'hex')
    const packed = Buffer.concat([zstdCompressSync(tar), ...Array.from({length: frames * 2}, () => skippable)])
    const config = json({...amd64, config: process, rootfs: {type: 'layers', diff_ids: [sha256(tar)]}})
    const files: Files = new Map([
      ['manifest.json', json([{Config: 'config.json', RepoTags: ['app:1'], Layers: ['layer']}])],
      ['config.json', config],
      ['layer', packed],
    ])
    const opened = async (given: typeof DEFAULT_LIMITS) =>
      openDockerArchive({...options(await write(files)), image: undefined, limits: given})
    const message = expect.stringContaining('(limit zstd-frames)')
    await expect(read(opened(DEFAULT_LIMITS))).rejects.toMatchObject({code: 'unsupported', message})
    const raised = {...DEFAULT_LIMITS, 'zstd-frames': 10 * DEFAULT_LIMITS['zstd-frames']}
    expect((await read(opened(raised))).steps).toHaveLength(1)
  })

  test('a layer that is another', async () => {
    await expect(read(docker(changed(legacy, layerName, compress(fileTar(new Map()), 'gzip'))))).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining('0001'),
    })
  })

  test('a layer that is not there', async () => {
    await expect(read(docker(changed(legacy, layerName)))).rejects.toMatchObject({code: 'blob-missing'})
  })

  test('a link in circles', async () => {
    const files = new Map([
      ...changed(legacy, layerName),
      [layerName, {link: '../x/layer.tar'}],
      ['x/layer.tar', {link: `../${layerName}`}],
    ] as const)
    await expect(read(docker(files))).rejects.toMatchObject({code: 'blob-missing'})
  })

  test('a link out of the archive leads nowhere', async () => {
    const files = new Map([...changed(legacy, layerName), [layerName, {link: '../../../../../../etc/passwd'}]] as const)
    await expect(read(docker(files))).rejects.toMatchObject({code: 'blob-missing'})
  })
})
