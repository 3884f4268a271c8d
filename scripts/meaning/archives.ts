import type {Random} from '../kernel/random.ts'
import {buildTar, type TarItem} from '../support/tar-builder.ts'
import {tinyProgram} from '../tiny-programs.ts'
import {plainImage, TYPES} from './documents.ts'
import {oddObject} from './odd-json.ts'
import {type RawBlob, type RawImage, rawBlob} from './raw-image.ts'

/** A generated archive for `docker load`, and what is odd about it. */
export interface ArchiveCase {
  readonly kind: 'archive'
  readonly odd: readonly string[]
  readonly tar: Uint8Array
  /** What the image in question is called. */
  readonly name: string
  /** Whether it has the mark of an OCI layout. */
  readonly isLayout: boolean
  /** Whether it has what the classic store reads. */
  readonly hasList: boolean
}

const PROGRAM = tinyProgram('amd64')
const PLAIN = 'application/vnd.oci.image.layer.v1.tar'

/** Archives of two images, of which one name, two lists and the files beside them may say different things. */
export function archiveCase(random: Random, salt: string): ArchiveCase {
  const odd: string[] = []
  const name = `meaning-${salt}:1`
  const images = ['app', 'second'].map(command => archivedImage(command, salt))
  const isLayout = random.oneIn(2)
  const hasList = !isLayout || !random.oneIn(4)
  const items: TarItem[] = [
    {name: 'blobs/', type: '5'},
    {name: 'blobs/sha256/', type: '5'},
    ...images.flatMap(({blobs}) => blobs.map(blob => ({name: pathOf(blob), content: blob.bytes}))),
  ]
  const some = (): readonly ArchivedImage[] => {
    const [first, second] = images
    if (!first || !second) throw new Error('two images are made')
    return random.pick([[first], [first], [first], [second], [first, second], [second, first]])
  }
  if (hasList) items.push(...again(random, odd, () => imageList(random, odd, name, some())))
  if (isLayout || random.oneIn(6)) items.push(...again(random, odd, () => layoutIndex(random, odd, name, some())))
  if (isLayout) items.push({name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}'})
  if (random.oneIn(6)) {
    odd.push('repositories')
    const id = random.pick(images).config.digest.slice('sha256:'.length)
    items.push({name: 'repositories', content: JSON.stringify({[name.slice(0, -2)]: {1: id}})})
  }
  if (random.oneIn(8)) {
    const lost = random.pick(images.flatMap(({blobs}) => blobs))
    odd.push(`without ${lost.mediaType}`)
    items.splice(
      items.findIndex(item => item.name === pathOf(lost)),
      1,
    )
  }
  return {kind: 'archive', odd, tar: buildTar(items), name, isLayout, hasList}
}

interface ArchivedImage {
  readonly command: string
  readonly config: RawBlob
  readonly manifest: RawBlob
  readonly layer: RawBlob
  readonly blobs: readonly RawBlob[]
}

function archivedImage(command: string, salt: string): ArchivedImage {
  const tar = buildTar([
    {name: command, content: PROGRAM, mode: 0o755},
    {name: 'salt', content: salt},
  ])
  const layer = rawBlob(PLAIN, tar)
  const {root, blobs}: RawImage = plainImage([layer], [layer.digest], `/${command}`)
  const config = blobs.find(({mediaType}) => mediaType === TYPES.config)
  if (!config) throw new Error('an image has a config')
  return {command, config, manifest: root, layer, blobs: [root, ...blobs]}
}

/** `manifest.json`, the list of `docker save`. */
function imageList(random: Random, odd: string[], name: string, images: readonly ArchivedImage[]): TarItem {
  odd.push(`manifest.json of ${images.map(({command}) => command).join(' and ')}`)
  const listed = images.map(({config, layer}) =>
    oddObject(
      random,
      [
        {name: 'Config', good: JSON.stringify(pathOf(config)), others: ['"nowhere"', `"./${pathOf(config)}"`]},
        {name: 'RepoTags', good: JSON.stringify([name]), others: ['null', `["x${name}"]`, `["x${name}","${name}"]`]},
        {name: 'Layers', good: JSON.stringify([pathOf(layer)]), others: [`["${pathOf(layer)}","x"]`, '["nowhere"]']},
      ],
      random.oneIn(4) ? 1 : 0,
      odd,
    ),
  )
  return {name: 'manifest.json', content: `[${listed.join(',')}]`}
}

/** `index.json`, the list of a layout. */
function layoutIndex(random: Random, odd: string[], name: string, images: readonly ArchivedImage[]): TarItem {
  odd.push(`index.json of ${images.map(({command}) => command).join(' and ')}`)
  const entries = images.map(({manifest: {mediaType, digest, bytes}}) => {
    const annotations = {
      'io.containerd.image.name': `docker.io/library/${name}`,
      'org.opencontainers.image.ref.name': '1',
    }
    const members = [
      {name: 'mediaType', good: JSON.stringify(mediaType)},
      {name: 'digest', good: JSON.stringify(digest), isNeeded: true},
      {name: 'size', good: String(bytes.length)},
      {name: 'annotations', good: JSON.stringify(annotations), others: ['{"x":"y"}']},
    ]
    return oddObject(random, members, random.oneIn(6) ? 1 : 0, odd)
  })
  return {
    name: 'index.json',
    content: `{"schemaVersion":2,"mediaType":"${TYPES.index}","manifests":[${entries.join(',')}]}`,
  }
}

/** A file, or now and then two of its name, the second perhaps by another path. */
function again(random: Random, odd: string[], make: () => TarItem): readonly TarItem[] {
  if (!random.oneIn(8)) return [make()]
  odd.push('twice')
  const first = make()
  const second = make()
  return [first, random.oneIn(2) ? second : {...second, name: `./${String(second.name)}`}]
}

function pathOf({digest}: RawBlob): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`
}
