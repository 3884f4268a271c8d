import {constants, gzipSync, zstdCompressSync} from 'node:zlib'
import type {Random} from '../kernel/random.ts'
import {buildTar, type TarItem} from '../support/tar-builder.ts'
import {type MeaningCase, plainImage, TYPES} from './documents.ts'
import {type RawBlob, rawBlob} from './raw-image.ts'

/** Paths that meet often; none is the root, whose opaque mark overlayfs does not heed. */
const PATHS = ['a', 'a/b', 'a/b/c', 'a/c', 'b', 'b/a', 'c', 'c/d']

/**
 * Layers of files, links, whiteouts and opaque marks in any order, packed in any way, with diff_ids that may not fit.
 */
export function layersCase(random: Random, salt: string): MeaningCase {
  const odd: string[] = []
  const layers: RawBlob[] = []
  const diffIds: string[] = []
  const count = 1 + random.below(3)
  for (let number = 0; number < count; number++) {
    const items = Array.from({length: 1 + random.below(6)}, () => oddEntry(random, `${salt}-${number}`))
    odd.push(
      `[${items.map(({name, type = '0', linkName}) => `${type} ${String(name)}${linkName === undefined ? '' : ` -> ${String(linkName)}`}`).join(', ')}]`,
    )
    const tar = Buffer.concat([buildTar([...items, {name: `salt${number}`, content: salt}]), tail(random, odd)])
    layers.push(packed(random, tar, odd))
    diffIds.push(rawBlob('', tar).digest)
  }
  return {kind: 'layers', odd, image: plainImage(layers, oddDiffIds(random, diffIds, odd))}
}

/** What may stand behind the end of a tar: it counts for its digest. */
function tail(random: Random, odd: string[]): Uint8Array {
  if (!random.oneIn(8)) return new Uint8Array()
  odd.push('bytes behind the end')
  return random.oneIn(2) ? Buffer.alloc(512 * random.below(4)) : Buffer.from('junk'.repeat(256))
}

function oddEntry(random: Random, salt: string): TarItem {
  const path = random.pick(PATHS)
  const [parent, name] = [path.split('/').slice(0, -1).join('/'), path.split('/').at(-1) ?? '']
  const below = (base: string): string => (parent === '' ? base : `${parent}/${base}`)
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return {name: path, content: `${path} ${salt}`, mode: 0o755}
    case 4:
    case 5:
      return {name: `${path}/`, type: '5'}
    case 6:
      return {name: path, type: '2', linkName: random.pick([...PATHS, '/a', '../c', '../../..', '.'])}
    case 7:
      return {name: path, type: '1', linkName: random.pick(PATHS)}
    case 8:
    case 9:
      return {name: below(`.wh.${name}`)}
    case 10:
      return {name: `${random.pick(['a', 'a/b', 'b', 'c'])}/.wh..wh..opq`}
    default:
      return {name: random.pick([`./${path}`, `/${path}`, `${path}//x`, `x/../${path}`, `../${path}`]), content: salt}
  }
}

function packed(random: Random, tar: Uint8Array, odd: string[]): RawBlob {
  const half = tar.length >> 1
  const [gzip, zstd] = [TYPES.layer, 'application/vnd.oci.image.layer.v1.tar+zstd']
  const [front, back] = [tar.subarray(0, half), tar.subarray(half)]
  const [nothing, checked] = [Buffer.alloc(0), {params: {[constants.ZSTD_c_checksumFlag]: 1}}]
  const frames = (...parts: readonly Uint8Array[]) => rawBlob(zstd, Buffer.concat(parts))
  const members = (...parts: readonly Uint8Array[]) => rawBlob(gzip, Buffer.concat(parts))
  const ways: Readonly<Record<string, () => RawBlob>> = {
    'two gzip members': () =>
      rawBlob(gzip, Buffer.concat([gzipSync(tar.subarray(0, half)), gzipSync(tar.subarray(half))])),
    'two zstd frames': () =>
      rawBlob(zstd, Buffer.concat([zstdCompressSync(tar.subarray(0, half)), zstdCompressSync(tar.subarray(half))])),
    'zstd called gzip': () => rawBlob(gzip, zstdCompressSync(tar)),
    'gzip called zstd': () => rawBlob(zstd, gzipSync(tar)),
    'plain called gzip': () => rawBlob(gzip, tar),
    'gzip called plain': () => rawBlob('application/vnd.oci.image.layer.v1.tar', gzipSync(tar)),
    'junk behind gzip': () => rawBlob(gzip, Buffer.concat([gzipSync(tar), Buffer.from('junk')])),
    'zeros behind gzip': () => rawBlob(gzip, Buffer.concat([gzipSync(tar), Buffer.alloc(512)])),
    'cut off': () => rawBlob(gzip, gzipSync(tar).subarray(0, -9)),
    'an empty gzip member before': () => members(gzipSync(nothing), gzipSync(tar)),
    'an empty gzip member behind': () => members(gzipSync(tar), gzipSync(nothing)),
    'zeros between gzip members': () => members(gzipSync(front), Buffer.alloc(8), gzipSync(back)),
    'the second gzip member cut off': () => members(gzipSync(front), gzipSync(back).subarray(0, -5)),
    'a wrong gzip checksum': () => members(changed(gzipSync(tar), -8)),
    'a wrong gzip length': () => members(changed(gzipSync(tar), -4)),
    'a named gzip member': () => members(named(gzipSync(tar))),
    'a skippable zstd frame before': () => frames(SKIPPABLE, zstdCompressSync(tar)),
    'a skippable zstd frame between': () => frames(zstdCompressSync(front), SKIPPABLE, zstdCompressSync(back)),
    'a skippable zstd frame behind': () => frames(zstdCompressSync(tar), SKIPPABLE),
    'an empty zstd frame before': () => frames(zstdCompressSync(nothing), zstdCompressSync(tar)),
    'zstd frames with checksums': () => frames(zstdCompressSync(front, checked), zstdCompressSync(back, checked)),
    'a wrong zstd checksum': () => frames(changed(zstdCompressSync(tar, checked), -1)),
    'the zstd frame cut off': () => frames(zstdCompressSync(tar).subarray(0, -4)),
    'the second zstd frame cut off': () => frames(zstdCompressSync(front), zstdCompressSync(back).subarray(0, -4)),
    'a skippable zstd frame cut off': () => frames(zstdCompressSync(tar), SKIPPABLE.subarray(0, -2)),
    'junk behind zstd': () => frames(zstdCompressSync(tar), Buffer.from('junk')),
    'zeros behind zstd': () => frames(zstdCompressSync(tar), Buffer.alloc(512)),
    'gzip behind zstd': () => frames(zstdCompressSync(front), gzipSync(back)),
    'plain called zstd': () => rawBlob(zstd, tar),
    'zstd called plain': () => rawBlob('application/vnd.oci.image.layer.v1.tar', zstdCompressSync(tar)),
    nothing: () => rawBlob(gzip, nothing),
    'an unknown media type': () => rawBlob('application/vnd.oci.image.layer.v1.tar+x', gzipSync(tar)),
  }
  if (!random.oneIn(3)) return rawBlob(gzip, gzipSync(tar))
  const way = random.pick(Object.keys(ways))
  odd.push(way)
  return ways[way]?.() ?? rawBlob(gzip, gzipSync(tar))
}

/** RFC 8878, §3.1.2. */
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])

/** Another byte at a place from the end. */
function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes)
  const place = copy.length + at
  copy.writeUInt8((copy.readUInt8(place) + 1) % 256, place)
  return copy
}

/** RFC 1952, §2.3: FNAME. */
function named(gzip: Uint8Array): Uint8Array {
  const head = Buffer.from(gzip.subarray(0, 10))
  head.writeUInt8(8, 3)
  return Buffer.concat([head, Buffer.from('layer.tar\0'), gzip.subarray(10)])
}

function oddDiffIds(random: Random, diffIds: readonly string[], odd: string[]): readonly string[] {
  if (!random.oneIn(10)) return diffIds
  const [first = ''] = diffIds
  const others = [diffIds.slice(1), [...diffIds, first], diffIds.map(() => `sha256:${'1'.repeat(64)}`)]
  odd.push('diff_ids')
  return random.pick(others)
}
