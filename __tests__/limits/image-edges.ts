import {randomBytes} from 'node:crypto'
import {zstdCompressSync} from 'node:zlib'
import {expect} from '@jest/globals'
import {sparseItem, TAR_END} from '../../scripts/hostile/tars.ts'
import {layoutOf, sha256} from '../../scripts/support/layout-builder.ts'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import type {Descriptor, ImageSource} from '../../src/image/source.ts'
import {decompress} from '../../src/lib/decompress.ts'
import {DEFAULT_LIMITS, type Limits} from '../../src/lib/limits.ts'
import {boundOf} from '../../src/lib/over-limit.ts'
import {readTar} from '../../src/lib/tar.ts'
import {Excess} from '../../src/rootfs/content/excess.ts'
import {TreeRoom} from '../../src/rootfs/tree/room.ts'
import {readAttestations} from '../../src/source/blobs/attestations.ts'
import {blobImageSource} from '../../src/source/blobs/blob-image.ts'
import {blobReader} from '../../src/source/blobs/blob-reader.ts'
import {provenBlobs} from '../../src/source/blobs/proven-blobs.ts'
import {rootFsOf} from '../support/layers.ts'
import {descriptorOf, MemoryBlobs} from '../support/memory-blobs.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'
import {all, collect, inChunks} from '../support/streams.ts'
import {type Edges, FINE, tried} from './edge.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

/** Of something that is not there. */
const testDigest = (of: string) => descriptorOf({mediaType: '', digest: sha256(Buffer.from(of)), size: 0}).digest

/** A tar of so many bytes: what is behind its end belongs to it. */
function tarOf(bytes: number): Uint8Array {
  const tar = buildTar([{name: 'a', content: 'a'}])
  return Buffer.concat([tar, Buffer.alloc(bytes - tar.length)])
}

const entries = (count: number, folder = 'd'): TarItem[] =>
  Array.from({length: count}, (_, at) => ({name: `${folder}/f${at}`}))

/** Reads all of an image with layers of these tars. */
const read = (tars: readonly Uint8Array[], limits: Limits, compression: 'none' | 'gzip' = 'gzip') =>
  tried(() =>
    all(
      rootFsOf(
        tars.map(tar => ({tar, compression})),
        {limits},
      ).files(),
    ),
  )

const readItems = (items: readonly TarItem[], limits: Limits = DEFAULT_LIMITS) => read([buildTar(items)], limits)

const open = (blobs: MemoryBlobs, root: Descriptor, limits: Limits): ImageSource => {
  const store = {
    stream: ({digest}: Descriptor) => inChunks(blobs.blobs.get(digest) ?? new Uint8Array()),
    probe: async () => undefined,
    close: async () => undefined,
  }
  return blobImageSource({reference: 'test', name: undefined, root, store, limits})
}

/** Opens an image with layers that are said to have these sizes, and are not read. */
function openImage(sizes: readonly number[], limits: Limits): Promise<unknown> {
  const blobs = new MemoryBlobs(layoutOf([]))
  const config = blobs.put(CONFIG, {
    ...{architecture: 'amd64', os: 'linux', config: {}},
    rootfs: {type: 'layers', diff_ids: sizes.map((_, at) => testDigest(`diff ${at}`))},
  })
  const layers = sizes.map((size, at) => ({mediaType: LAYER, digest: testDigest(`layer ${at}`), size}))
  const root = blobs.put(MANIFEST, {schemaVersion: 2, mediaType: MANIFEST, config, layers})
  const source = open(blobs, root, limits)
  return tried(async () => {
    for (const entry of (await source.root()).entries) await source.platformImage(entry)
  })
}

/** The root of an image whose config, or whose index, is so large. */
function readRootOf(what: 'index' | 'config', bytes: number, limits: Limits): Promise<unknown> {
  const blobs = new MemoryBlobs(layoutOf([]))
  if (what === 'index') {
    const index = JSON.stringify({schemaVersion: 2, mediaType: INDEX, manifests: []})
    return tried(() => open(blobs, blobs.put(INDEX, index.padEnd(bytes)), limits).root())
  }
  const text = JSON.stringify({architecture: 'amd64', os: 'linux', rootfs: {type: 'layers', diff_ids: []}})
  const config = blobs.put(CONFIG, text.padEnd(bytes))
  const root = blobs.put(MANIFEST, {schemaVersion: 2, mediaType: MANIFEST, config, layers: []})
  return tried(() => open(blobs, root, limits).root())
}

function readNestedJson(levels: number): Promise<unknown> {
  const blobs = new MemoryBlobs(layoutOf([]))
  const inner = `${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}`
  const index = `{"schemaVersion":2,"mediaType":"${INDEX}","manifests":[],"other":${inner}}`
  return tried(() => open(blobs, blobs.put(INDEX, index), DEFAULT_LIMITS).root())
}

const manifestNumber = (at: number) => ({
  ...{mediaType: MANIFEST, digest: testDigest(`manifest ${at}`), size: 1},
  platform: {os: 'linux', architecture: 'amd64'},
})

function readIndex(children: number, limits: Limits): Promise<unknown> {
  const blobs = new MemoryBlobs(layoutOf([]))
  return tried(() =>
    open(blobs, blobs.index(...Array.from({length: children}, (_, at) => manifestNumber(at))), limits).root(),
  )
}

function readNestedIndexes(depth: number, limits: Limits): Promise<unknown> {
  const blobs = new MemoryBlobs(layoutOf([]))
  let root = blobs.index(manifestNumber(0))
  for (let level = 1; level < depth; level += 1) root = blobs.index(root)
  return tried(() => open(blobs, root, limits).root())
}

/** A frame of zstd of one raw block, whose window is so large: a power of two and eighths of it. */
function zstdFrame(window: number): Uint8Array {
  const exponent = Math.floor(Math.log2(window))
  const mantissa = Math.round((window / 2 ** exponent - 1) * 8)
  const content = Buffer.from('content')
  const block = (content.length << 3) | 1
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, ((exponent - 10) << 3) | mantissa]),
    Buffer.from([block & 255, block >> 8, 0]),
    content,
  ])
}

/** A frame of four KiB, for which four others may stand there, and so many more. */
function readFrames(count: number, limits: Limits): Promise<unknown> {
  const parts = [randomBytes(4096), ...Array.from({length: count + 4}, () => '')]
  const chunks = inChunks(Buffer.concat(parts.map(part => zstdCompressSync(part))))
  return tried(() => collect(decompress(chunks, {frames: boundOf(limits, 'zstd-frames')})))
}

const tooLong = (name: string) => ({code: 'malformed', message: expect.stringContaining(`(limit ${name})`)})

/** So many attestations of one platform, of which those that are read are counted. */
async function countAttestations(count: number, limits: Limits): Promise<unknown> {
  const digest = testDigest('platform')
  const manifest = (at: number) => ({
    ...descriptorOf({mediaType: MANIFEST, digest: testDigest(`attestation ${at}`), size: 1}),
    annotations: {'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digest},
  })
  const statement = {
    ...descriptorOf({mediaType: 'application/vnd.in-toto+json', digest: testDigest('statement'), size: 1}),
    annotations: {'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1'},
  }
  const reader = {
    indexOrManifest: async () => ({
      ...{kind: 'manifest', mediaType: MANIFEST, config: statement, layers: [statement]},
      ...{other: 'attestation', what: undefined, ambiguities: []},
    }),
    statement: async () => new Uint8Array(),
  }
  const descriptor = descriptorOf({mediaType: MANIFEST, digest, size: 1})
  const root = {
    ...{kind: 'index', descriptor, entries: []},
    referrers: Array.from({length: count}, (_, at) => ({kind: 'attestation', descriptor: manifest(at)})),
  }
  // Only what readAttestations looks at is filled in.
  const read = await readAttestations(reader as never, root as never, {descriptor} as never, 'https://slsa.dev', limits)
  return read.length === count ? FINE : `${read.length} of ${count}`
}

export const IMAGE_EDGES: Edges = {
  'layer-bytes': {most: 4096, look: (amount, limits) => read([tarOf(amount)], limits)},
  'layer-compressed-bytes': {most: 4096, look: (amount, limits) => read([tarOf(amount)], limits, 'none')},
  'image-bytes': {most: 8192, look: (amount, limits) => read([tarOf(4096), tarOf(amount - 4096)], limits)},
  'image-compressed-bytes': {most: 5000, look: (amount, limits) => openImage([2000, amount - 2000], limits)},
  'image-excess-bytes': {
    most: 1000,
    look: (amount, limits) => {
      const counting = new Excess(boundOf(limits, 'image-excess-bytes')).countPass()
      counting.onChunk(1)
      return tried(async () => counting.onContent(new Uint8Array(200 + amount)))
    },
  },
  'image-tree-bytes': {
    most: 1000,
    look: (amount, limits) => tried(async () => new TreeRoom(boundOf(limits, 'image-tree-bytes')).take(amount)),
  },
  'image-entries': {
    most: 7,
    look: (amount, limits) => read([buildTar(entries(3)), buildTar(entries(amount - 3, 'e'))], limits),
  },
  'layer-entries': {most: 5, look: (amount, limits) => readItems(entries(amount), limits)},
  'layer-steps': {
    most: 20,
    look: (amount, limits) => readItems([...entries(amount), {name: 'd/.wh..wh..opq'}], limits),
  },
  'image-layers': {
    most: 6,
    look: (amount, limits) =>
      openImage(
        Array.from({length: amount}, () => 1),
        limits,
      ),
  },
  'index-manifests': {most: 9, look: readIndex},
  'index-depth': {look: readNestedIndexes},
  'manifest-bytes': {look: (amount, limits) => readRootOf('index', amount, limits), beyond: tooLong('manifest-bytes')},
  'config-bytes': {most: 1000, look: (amount, limits) => readRootOf('config', amount, limits)},
  'json-depth': {look: readNestedJson, beyond: tooLong('json-depth')},
  'tar-header-bytes': {
    // A record tells its own length, in seven digits here.
    look: amount => readItems([{name: 'a', pax: {comment: 'a'.repeat(amount - '1048576 comment=\n'.length)}}]),
    beyond: tooLong('tar-header-bytes'),
  },
  'tar-sparse-map-bytes': {
    step: 512,
    look: amount => tried(() => all(readTar(inChunks(Buffer.concat([sparseItem(amount), TAR_END]))))),
    beyond: tooLong('tar-sparse-map-bytes'),
  },
  'zstd-window-bytes': {
    step: 2 ** 24,
    look: amount => tried(() => collect(decompress(inChunks(zstdFrame(amount))))),
    beyond: {code: 'unsupported', message: expect.stringContaining('(limit zstd-window-bytes)')},
  },
  'zstd-frames': {most: 5, look: readFrames},
  'name-bytes': {
    look: amount => readItems([{name: 'a', pax: {path: 'n'.repeat(amount)}}]),
    beyond: tooLong('name-bytes'),
  },
  'path-bytes': {
    // With the NUL behind it.
    look: amount =>
      readItems([
        {
          name: 'a',
          pax: {
            path: 'n/'
              .repeat(2048)
              .slice(0, amount - 2)
              .concat('x'),
          },
        },
      ]),
    beyond: tooLong('path-bytes'),
  },
  'entry-links': {
    look: amount =>
      readItems([
        {name: 'l0', type: '5'},
        ...Array.from({length: amount}, (_, at): TarItem => ({name: `l${at + 1}`, type: '2', linkName: `l${at}`})),
        {name: `l${amount}/a`},
      ]),
    beyond: {code: 'malformed', message: expect.stringContaining('is below what is not a directory')},
  },
  'path-links': {
    look: async amount => {
      const links = Array.from({length: amount}, (_, at) => [`/l${at + 1}`, {link: `l${at}`}] as const)
      const {outcome} = await memoryRootfs({'/l0': 'text', ...Object.fromEntries(links)}).lookup(`/l${amount}`)
      return outcome === 'found' ? FINE : outcome
    },
    beyond: 'too-many-links',
  },
  'attestation-bytes': {
    most: 100,
    look: (amount, limits) => {
      const blobs = new MemoryBlobs(layoutOf([]))
      const statement = blobs.put('application/vnd.in-toto+json', ''.padEnd(amount))
      const store = {
        stream: ({digest}: Descriptor) => inChunks(blobs.blobs.get(digest) ?? new Uint8Array()),
        probe: async () => undefined,
        close: async () => undefined,
      }
      return tried(() => blobReader(provenBlobs(store), limits).statement(statement))
    },
  },
  'platform-attestations': {most: 3, look: countAttestations, beyond: '3 of 4'},
}
