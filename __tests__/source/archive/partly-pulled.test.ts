import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import type {ImageSource} from '../../../src/image/source.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {openDockerArchive} from '../../../src/source/archive/docker-archive.ts'
import {openOciArchive} from '../../../src/source/archive/oci-archive.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {gatherImage} from '../../support/gather-image.ts'
import {type BuiltPlatform, buildImage, fileTar} from '../../support/image-builder.ts'
import {layoutFiles, savedFiles} from '../../support/image-writers.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

// What `docker save` writes of an index of which some platforms were pulled: manifest.json lists one that is there.

const image = buildImage(
  (['amd64', 'arm64', 's390x'] as const).map(architecture => ({
    platform: {os: 'linux', architecture},
    process: {Entrypoint: ['/app']},
    layers: [{shared: 'the same'}, {app: {content: buildElf(), mode: 0o755}, arch: architecture}],
  })),
)
const [amd64, arm64, s390x] = image.platforms as readonly [BuiltPlatform, BuiltPlatform, BuiltPlatform]
const pathOf = (digest: string): string => `blobs/${digest.replace(':', '/')}`
const shared = amd64.layers[0]?.digest

/** The blobs of a platform that no other has: its manifest, its config and its own layer. */
const own = ({manifest, config, layers}: BuiltPlatform): readonly string[] =>
  [manifest, config, ...layers].map(({digest}) => digest).filter(digest => digest !== shared)

function without(files: ReturnType<typeof savedFiles>, ...digests: readonly string[]): ReturnType<typeof savedFiles> {
  const left = new Map(files)
  for (const digest of digests) if (!left.delete(pathOf(digest))) throw new Error(`${digest} was not there`)
  return left
}

let folder = ''
let number = 0
beforeAll(() => {
  folder = temporaryFolder('partly-pulled')
})

const opening = {'docker-archive': openDockerArchive, 'oci-archive': openOciArchive} as const

async function look(transport: keyof typeof opening, files: ReturnType<typeof savedFiles>) {
  number += 1
  const file = join(folder, `${number}.tar`)
  await writeFile(file, fileTar(files))
  const options = {reference: 'archive', file, temporary: folder, signal: new AbortController().signal}
  const source: ImageSource = await opening[transport]({...options, image: undefined, tag: undefined})
  try {
    const facts = await gatherImage(source, {required: undefined, scope: 'entrypoint'}, createLimiter(2))
    const names = (entries: readonly {readonly platform: {readonly architecture: string}}[] = []) =>
      entries.map(({platform}) => platform.architecture)
    return {
      checked: names(facts.platforms.map(({entry}) => entry)),
      unreadable: facts.unreadable.map(({entry, code}) => [entry.platform.architecture, code]),
      absent: names(facts.root.absent),
      from: facts.root.absent?.map(({notIn}) => notIn),
      ambiguities: facts.root.ambiguities,
    }
  } finally {
    await source.close()
  }
}

const saved = savedFiles(image, amd64)

test.each(['docker-archive', 'oci-archive'] as const)(
  '%s: of what was not pulled not even the manifest is there',
  async transport => {
    const files = without(saved, ...own(arm64), ...own(s390x))
    expect(await look(transport, files)).toEqual({
      checked: ['amd64'],
      unreadable: [],
      absent: ['arm64', 's390x'],
      from: ['archive', 'archive'],
    })
  },
)

test.each(['docker-archive', 'oci-archive'] as const)(
  '%s: of what was not pulled the manifest is there',
  async transport => {
    const [, ...rest] = own(arm64)
    expect(await look(transport, without(saved, ...rest))).toMatchObject({
      checked: ['amd64', 's390x'],
      unreadable: [],
      absent: ['arm64'],
    })
  },
)

test.each(['docker-archive', 'oci-archive'] as const)('%s: a layer that is missing is a fault', async transport => {
  const [, , layer = ''] = own(arm64)
  expect(await look(transport, without(saved, layer))).toMatchObject({
    checked: ['amd64', 's390x'],
    unreadable: [['arm64', 'blob-missing']],
    absent: [],
  })
})

test('oci-archive: what manifest.json lists is missing: a fault', async () => {
  // docker-archive: without its config manifest.json names nothing that could be read.
  const files = without(saved, amd64.config.digest)
  expect(await look('oci-archive', files)).toMatchObject({
    checked: ['arm64', 's390x'],
    unreadable: [['amd64', 'blob-missing']],
    absent: [],
  })
})

test('oci-archive: without manifest.json docker did not write it, and what is missing is a fault', async () => {
  const files = without(layoutFiles([{image}]), ...own(arm64))
  expect(await look('oci-archive', files)).toMatchObject({
    checked: ['amd64', 's390x'],
    unreadable: [['arm64', 'blob-missing']],
    absent: [],
  })
})

test.each(['docker-archive', 'oci-archive'] as const)(
  '%s: a manifest that makes no sense is a fault',
  async transport => {
    const files = new Map(saved).set(pathOf(arm64.manifest.digest), Buffer.from('{}'))
    expect(await look(transport, files)).toMatchObject({
      checked: ['amd64', 's390x'],
      unreadable: [['arm64', expect.any(String)]],
      absent: [],
    })
  },
)
