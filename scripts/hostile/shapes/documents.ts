import {OCI} from '../../support/layout-builder.ts'
import {AMD64, type Descriptor, type ImageFolder, type Layer} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, tarOf} from '../tars.ts'

const MIB = 2 ** 20

/** Indexes, manifests and configs that are large, wide, deep or go in circles. */
export const DOCUMENTS: readonly Shape[] = [
  index('an index of 999 manifests', {limit: 'index-manifests', outcome: 'verified'}, (_, good) =>
    Array<Descriptor>(999).fill(good),
  ),
  index('an index of 1,001 manifests', {limit: 'index-manifests', outcome: 'could-not-check'}, (_, good) =>
    Array<Descriptor>(1001).fill(good),
  ),
  index('four indexes within each other', {limit: 'index-depth', outcome: 'verified'}, (image, good) =>
    within(image, good, 3),
  ),
  index('five indexes within each other', {limit: 'index-depth', outcome: 'could-not-check'}, (image, good) =>
    within(image, good, 4),
  ),
  index('an index that names itself', {outcome: 'could-not-check'}, circle),
  index(
    'an index of 900 indexes of a manifest each',
    {limit: 'index-manifests', outcome: 'could-not-check'},
    async (image, good) => {
      const all: Descriptor[] = []
      for (let at = 0; at < 900; at++) all.push(await image.putIndex([{...good, annotations: {at: String(at)}}]))
      return all
    },
  ),
  root('an index of four MiB and a byte', {limit: 'manifest-bytes', outcome: 'could-not-check'}, async (image, good) =>
    image.put(OCI.index, indexOfSize([good], 4 * MIB + 1)),
  ),
  root('an index of four MiB', {limit: 'manifest-bytes', outcome: 'verified'}, async (image, good) =>
    image.put(OCI.index, indexOfSize([good], 4 * MIB)),
  ),
  root(
    'a manifest of four MiB and a byte',
    {limit: 'manifest-bytes', outcome: {rule: 'platform-unreadable'}},
    async (image, good, parts) => {
      const config = await image.put(OCI.config, configOf(parts))
      const manifest = {
        schemaVersion: 2,
        mediaType: OCI.manifest,
        config,
        layers: [parts.descriptor],
        annotations: {a: ''},
      }
      const text = padded(manifest, 4 * MIB + 1)
      return image.putIndex([
        good,
        {...(await image.put(OCI.manifest, text)), platform: {...AMD64, architecture: 'arm64'}},
      ])
    },
  ),
  config('a config of eight MiB', {limit: 'config-bytes', outcome: 'verified'}, parts =>
    padded({...configOf(parts), a: ''}, 8 * MIB),
  ),
  config('a config of eight MiB and a byte', {limit: 'config-bytes', outcome: 'could-not-check'}, parts =>
    padded({...configOf(parts), a: ''}, 8 * MIB + 1),
  ),
  config('a config of 10,000 levels', {limit: 'json-depth', outcome: 'verified'}, parts => deep(parts, 9_999)),
  config('a config of 10,001 levels', {limit: 'json-depth', outcome: {rule: 'platform-unreadable'}}, parts =>
    deep(parts, 10_000),
  ),
  config('a config of four million levels', {limit: 'json-depth', outcome: {rule: 'platform-unreadable'}}, parts =>
    deep(parts, 4_000_000),
  ),
  config('an Env of 600,000 entries', {outcome: {rule: 'refused-arguments'}}, parts =>
    JSON.stringify(configOf(parts, {Env: Array.from({length: 600_000}, (_, at) => `${at}=`)})),
  ),
  config('an Env of one name a million times', {outcome: 'verified'}, parts =>
    JSON.stringify(configOf(parts, {Env: Array(1_000_000).fill('A=1')})),
  ),
  config('300,000 volumes', {outcome: {rule: 'undetermined'}}, parts =>
    JSON.stringify(
      configOf(parts, {Volumes: Object.fromEntries(Array.from({length: 300_000}, (_, at) => [`/v${at}`, {}]))}),
    ),
  ),
  config('a PATH of a million directories', {outcome: {rule: 'refused-arguments'}}, parts =>
    JSON.stringify(configOf(parts, {Entrypoint: ['nowhere'], Env: [`PATH=${'/a:'.repeat(1_000_000)}`]})),
  ),
  config('an Entrypoint of a million words', {outcome: {rule: 'refused-arguments'}}, parts =>
    JSON.stringify(configOf(parts, {Entrypoint: ['/app', ...Array(1_000_000).fill('a')]})),
  ),
  config('a word of seven MiB', {outcome: {rule: 'refused-arguments'}}, parts =>
    JSON.stringify(configOf(parts, {Entrypoint: ['/app', 'a'.repeat(7 * MIB)]})),
  ),
  config('a PATH of a million directories that are not each other', {outcome: {rule: 'refused-arguments'}}, parts =>
    JSON.stringify(
      configOf(parts, {
        Entrypoint: ['nowhere'],
        Env: [`PATH=${Array.from({length: 800_000}, (_, at) => `/${at}`).join(':')}`],
      }),
    ),
  ),
  config('a working directory of a million names', {outcome: {rule: 'missing-program'}}, parts =>
    JSON.stringify(configOf(parts, {WorkingDir: '/a'.repeat(1_000_000)})),
  ),
  config('a history of 300,000 steps', {outcome: 'verified'}, parts =>
    JSON.stringify({...configOf(parts), history: Array(300_000).fill({empty_layer: true})}),
  ),
  config('200,000 names that stand there twice', {outcome: {rule: 'ambiguous-document'}}, parts =>
    JSON.stringify(configOf(parts)).replace(/}$/, `${`,"os":"linux"`.repeat(200_000)}}`),
  ),
  config('numbers of a million digits', {outcome: 'verified'}, parts =>
    JSON.stringify(configOf(parts)).replace(/}$/, `,"n":${'1'.repeat(7 * MIB)}}`),
  ),
  config('a string of a million escapes', {outcome: 'verified'}, parts =>
    JSON.stringify(configOf(parts)).replace(/}$/, `,"n":"${'\\u0041'.repeat(1_000_000)}"}`),
  ),
]

type Expected = Pick<Shape, 'limit' | 'outcome'>
type Root = (image: ImageFolder, good: Descriptor, layer: Layer) => Promise<Descriptor>

function root(name: string, expected: Expected, make: Root): Shape {
  return {
    name,
    ...expected,
    make: async image => {
      const layer = await image.putLayer(tarOf(APP))
      const good = {...(await image.putImage({layers: [layer]})), platform: AMD64}
      await image.setRoot(await make(image, good, layer))
    },
  }
}

function index(
  name: string,
  expected: Expected,
  children: (image: ImageFolder, good: Descriptor) => readonly Descriptor[] | Promise<readonly Descriptor[]>,
): Shape {
  return root(name, expected, async (image, good) => image.putIndex(await children(image, good)))
}

function config(name: string, expected: Expected, text: (layer: Layer) => string): Shape {
  return root(name, expected, async (image, _, layer) =>
    image.putManifest(await image.put(OCI.config, text(layer)), [layer]),
  )
}

function configOf({diffId}: Layer, process: object = {}) {
  return {...AMD64, config: {Entrypoint: ['/app'], ...process}, rootfs: {type: 'layers', diff_ids: [diffId]}}
}

/** The document as text of so many bytes; what is last in it grows. */
function padded(document: object, size: number): string {
  const text = JSON.stringify(document)
  const at = text.lastIndexOf('""') + 1
  return text.slice(0, at) + 'a'.repeat(size - text.length) + text.slice(at)
}

function indexOfSize(manifests: readonly Descriptor[], size: number): string {
  return padded({schemaVersion: 2, mediaType: OCI.index, manifests, annotations: {a: ''}}, size)
}

function deep(layer: Layer, levels: number): string {
  const text = JSON.stringify(configOf(layer))
  return `${text.slice(0, -1)},"deep":${'['.repeat(levels)}${']'.repeat(levels)}}`
}

async function within(image: ImageFolder, good: Descriptor, levels: number): Promise<readonly Descriptor[]> {
  let inner: readonly Descriptor[] = [good]
  for (let at = 0; at < levels; at++) inner = [await image.putIndex(inner)]
  return inner
}

/** What is named by a digest that nothing has: the nearest to a circle that there is. */
async function circle(image: ImageFolder, good: Descriptor): Promise<readonly Descriptor[]> {
  const digest = `sha256:${'c'.repeat(64)}`
  const own = {mediaType: OCI.index, digest, size: 500}
  const text = padded({schemaVersion: 2, mediaType: OCI.index, manifests: [own, good], annotations: {a: ''}}, 800)
  await image.putAs(digest, OCI.index, Buffer.from(text))
  return [good, {...own, size: 800}]
}
