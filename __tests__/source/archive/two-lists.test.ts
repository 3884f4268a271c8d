import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {type RawBlob, rawBlob} from '../../../scripts/meaning/raw-image.ts'
import {buildTar, type TarItem} from '../../../scripts/support/tar-builder.ts'
import {messageOf} from '../../../src/errors.ts'
import type {ImageSource} from '../../../src/image/source.ts'
import {openDockerArchive} from '../../../src/source/archive/docker-archive.ts'
import {openOciArchive} from '../../../src/source/archive/oci-archive.ts'
import {describeBlob, TYPES} from '../../support/raw-sources.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

const NAME = 'app:1'

interface Image {
  readonly config: RawBlob
  readonly manifest: RawBlob
  readonly layer: RawBlob
  readonly items: readonly TarItem[]
}

function imageOf(command: string): Image {
  const tar = buildTar([{name: 'app', content: command}])
  const layer = rawBlob('application/vnd.oci.image.layer.v1.tar', tar)
  const config = rawBlob(
    TYPES.config,
    `{"architecture":"amd64","os":"linux","config":{"Cmd":["${command}"]},"rootfs":{"type":"layers","diff_ids":["${layer.digest}"]}}`,
  )
  const manifest = rawBlob(
    TYPES.manifest,
    `{"schemaVersion":2,"mediaType":"${TYPES.manifest}","config":${describeBlob(config)},"layers":[${describeBlob(layer)}]}`,
  )
  const items = [layer, config, manifest].map(blob => ({name: pathOf(blob), content: blob.bytes}))
  return {config, manifest, layer, items}
}

const pathOf = ({digest}: RawBlob): string => `blobs/sha256/${digest.slice('sha256:'.length)}`
const [a, b] = [imageOf('/a'), imageOf('/b')]
const blobs = [...a.items, ...b.items]

const listOf = (...images: readonly (readonly [Image, readonly string[]])[]): TarItem => ({
  name: 'manifest.json',
  content: JSON.stringify(
    images.map(([{config, layer}, RepoTags]) => ({Config: pathOf(config), RepoTags, Layers: [pathOf(layer)]})),
  ),
})
const list = (...images: readonly Image[]): TarItem => listOf(...images.map(image => [image, [NAME]] as const))
const named = `,"annotations":{"io.containerd.image.name":"docker.io/library/${NAME}","org.opencontainers.image.ref.name":"1"}`
const indexWith = (entries: string): TarItem => ({
  name: 'index.json',
  content: `{"schemaVersion":2,"mediaType":"${TYPES.index}","manifests":[${entries}]}`,
})
const index = (...images: readonly Image[]): TarItem =>
  indexWith(images.map(({manifest}) => describeBlob(manifest, named)).join(','))
const layout: TarItem = {name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}'}

let folder = ''
let number = 0
beforeAll(async () => {
  folder = temporaryFolder('two-lists')
})

/** What is read, and what is ambiguous in it; or why it is not read. */
async function look(items: readonly TarItem[], opening: 'docker' | 'oci', image?: string): Promise<readonly string[]> {
  const file = join(folder, `${number++}.tar`)
  await writeFile(file, buildTar(items))
  const options = {reference: 'archive', file, temporary: folder, signal: new AbortController().signal}
  try {
    const source =
      opening === 'docker'
        ? await openDockerArchive({...options, image})
        : await openOciArchive({...options, tag: image})
    return await told(source).finally(() => source.close())
  } catch (thrown) {
    return [messageOf(thrown)]
  }
}

async function told(source: ImageSource): Promise<readonly string[]> {
  const {entries, ambiguities = []} = await source.root()
  const commands = await Promise.all(
    entries.map(async entry => {
      const image = await source.platformImage(entry)
      return image.config.cmd.join(' ')
    }),
  )
  return [...commands, ...ambiguities.map(({document, problem}) => `${document}: ${problem}`)]
}

const repeated = (name: string): string => `${name}: it stands several times in the archive; engines read the last`
const listWith = (more: object): TarItem => ({
  name: 'manifest.json',
  content: JSON.stringify([{Config: pathOf(a.config), RepoTags: [NAME], Layers: [pathOf(a.layer)], ...more}]),
})
const otherConfig = ({config}: Image): string =>
  `manifest.json: the config "${pathOf(config)}" is of no image that index.json names; Docker's classic image store starts it`

// What docker 28.5 loads into its classic store, and into containerd's.
describe('an archive of docker save', () => {
  test.each<[what: string, items: readonly TarItem[], image: string | undefined, expected: readonly string[]]>([
    ['one image (a, a)', [...blobs, list(a)], NAME, ['/a']],
    ['both lists say the same (a, a)', [...blobs, layout, index(a), list(a)], NAME, ['/a']],
    ['a list that stands twice (b, b)', [...blobs, list(a), list(b)], undefined, ['/b', repeated('manifest.json')]],
    [
      'the same under another path (b, b)',
      [...blobs, list(a), {...list(b), name: './manifest.json'}],
      NAME,
      ['/b', repeated('manifest.json')],
    ],
    [
      'two images of one name (b, b)',
      [...blobs, list(a, b)],
      NAME,
      ['/b', `manifest.json: "${NAME}" is listed for 2 images; engines load the last`],
    ],
    ['one image twice (a, a)', [...blobs, list(a, a)], NAME, ['/a']],
    ['other lists (b, a)', [...blobs, layout, index(a), list(b)], NAME, ['/a', otherConfig(b)]],
    ['other lists, no name asked for (b, a)', [...blobs, layout, index(a), list(b)], undefined, ['/a', otherConfig(b)]],
    ['a layout without its mark (b, b)', [...blobs, index(a), list(b)], NAME, ['/b']],
    [
      'a layout with two images of one name (a, b)',
      [...blobs, layout, index(a, b), list(a)],
      NAME,
      ['/a', `index.json: "docker.io/library/${NAME}" is listed for several images; engines load the last`],
    ],
  ])('%s', async (_, items, image, expected) => {
    expect(await look(items, 'docker', image)).toEqual(expected)
  })
})

describe('an OCI archive', () => {
  test.each<[what: string, items: readonly TarItem[], image: string | undefined, expected: readonly string[]]>([
    ['one list (refused, a)', [...blobs, layout, index(a)], '1', ['/a']],
    ['both lists say the same (a, a)', [...blobs, layout, index(a), list(a)], '1', ['/a']],
    [
      'a list that stands twice (refused, b)',
      [...blobs, layout, index(a), index(b)],
      '1',
      ['/b', repeated('index.json')],
    ],
    [
      'a list whose name the last image has (b, a)',
      [...blobs, layout, index(a), list(a, b)],
      '1',
      ['/a', otherConfig(b)],
    ],
    [
      'a list with an empty name (refused, refused)',
      [...blobs, layout, index(a), listWith({RepoTags: [null]})],
      '1',
      ['archive: manifest.json: RepoTags: an empty name'],
    ],
    [
      'an entry without a media type (refused, refused)',
      [
        ...blobs,
        layout,
        indexWith(`${describeBlob(a.manifest, named)},${describeBlob(b.manifest).replace(/"mediaType":"[^"]*",/, '')}`),
      ],
      '1',
      ['/a', 'index.json: an entry without a media type; containerd refuses it'],
    ],
    [
      'a list that names another and lists it without a name (b, a)',
      [...blobs, layout, index(a), listOf([a, []], [b, [NAME]])],
      '1',
      ['/a', otherConfig(b)],
    ],
    [
      'a list that names another and gives it another name (b, a)',
      [...blobs, layout, index(a), listOf([a, ['x:1']], [b, [NAME]])],
      '1',
      ['/a', otherConfig(b)],
    ],
    ['a list without names (none, a)', [...blobs, layout, index(a), listOf([a, []], [b, []])], '1', ['/a']],
    ['the same the other way (a, a)', [...blobs, layout, index(a), list(b, a)], '1', ['/a']],
    [
      'a list of no layers (refused, a)',
      [...blobs, layout, index(a), listWith({Layers: []})],
      '1',
      ['/a', "manifest.json: it has 0 layers of an image of 1, so that Docker's classic image store refuses it"],
    ],
    [
      'a list of a layer that is not there (refused, a)',
      [...blobs, layout, index(a), listWith({Layers: ['nowhere']})],
      '1',
      ['/a', "manifest.json: it has 0 layers of an image of 1, so that Docker's classic image store refuses it"],
    ],
    [
      'a list that makes no sense (refused, refused)',
      [...blobs, layout, index(a), listWith({RepoTags: 100})],
      '1',
      [expect.stringMatching(/^archive: manifest\.json: .*RepoTags/) as never],
    ],
    ['other lists (b, a)', [...blobs, layout, index(a), list(b)], '1', ['/a', otherConfig(b)]],
    ['an empty list (none, a)', [...blobs, layout, index(a), list()], '1', ['/a']],
    [
      'two images of one name (refused, b)',
      [...blobs, layout, index(a, b)],
      '1',
      ['archive holds 2 images with this name, and one is to be named'],
    ],
  ])('%s', async (_, items, image, expected) => {
    expect(await look(items, 'oci', image)).toEqual(expected)
  })
})
