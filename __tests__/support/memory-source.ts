import {SourceError} from '../../src/errors.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {type Digest, parseDigest} from '../../src/image/digest.ts'
import type {ImageRoot, ImageSource, PlatformEntry} from '../../src/image/source.ts'
import type {OpenImage} from '../../src/pipeline/check.ts'
import {type Platform, parsePlatform} from '../../src/platform/index.ts'
import {imageConfig} from './image-config.ts'
import {type MemoryTree, memoryRootfs} from './memory-rootfs.ts'

/** One platform of an image in memory. */
export interface MemoryPlatform {
  readonly platform: string
  readonly config?: Partial<ImageConfig>
  readonly files?: MemoryTree
  /** Thrown when the platform's image is asked for. */
  readonly failure?: Error
}

export interface MemoryImage {
  readonly kind?: ImageRoot['kind']
  readonly platforms: readonly MemoryPlatform[]
  readonly others?: number
  /** Platforms of its index of which the daemon holds nothing. */
  readonly absent?: readonly string[]
  /** The byte that its digest is made of, where it is not 0xff. */
  readonly digest?: number
}

/** A digest that is easy to tell apart: testDigest(1) is `sha256:0101…`. */
export function testDigest(byte: number): Digest {
  const digest = parseDigest(`sha256:${byte.toString(16).padStart(2, '0').repeat(32)}`)
  if (!digest.ok) throw new Error(digest.problem)
  return digest.value
}

/** A platform that the test's author spelled right. */
export function testPlatform(text: string): Platform {
  const platform = parsePlatform(text)
  if (!platform.ok) throw new Error(platform.problem)
  return platform.value
}

export function testEntry(platform: string, byte: number): PlatformEntry {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const descriptor = {mediaType, digest: testDigest(byte), size: 100 + byte, annotations: {}}
  return {platform: testPlatform(platform), descriptor, claimedBy: 'index'}
}

export function testRoot(platforms: readonly string[], kind: ImageRoot['kind'] = 'index'): ImageRoot {
  return {
    kind,
    descriptor: {
      mediaType: `application/vnd.oci.image.${kind}.v1+json`,
      digest: testDigest(0xff),
      size: 1000,
      annotations: {},
    },
    entries: platforms.map((platform, index) => testEntry(platform, index + 1)),
    referrers: [],
  }
}

/** Opens images from literals, by the text that the user wrote; counts what was opened and closed. */
export function memoryImages(images: Readonly<Record<string, MemoryImage>>) {
  /** `most`: so many were open at the same time. */
  const counts = {opened: 0, closed: 0, most: 0}
  const open: OpenImage = async location => {
    const image = images[location.text]
    if (image === undefined)
      throw new SourceError('not-found', `${location.text}: not found`, {hint: 'Check the name.'})
    counts.opened += 1
    counts.most = Math.max(counts.most, counts.opened - counts.closed)
    return memorySource(location.text, image, () => {
      counts.closed += 1
    })
  }
  return {open, counts}
}

function memorySource(reference: string, image: MemoryImage, onClose: () => void): ImageSource {
  const {platforms, kind, absent = [], digest = 0xff} = image
  const known = testRoot(
    platforms.map(({platform}) => platform),
    kind,
  )
  const root: ImageRoot = {
    ...known,
    ...(known.descriptor === undefined ? {} : {descriptor: {...known.descriptor, digest: testDigest(digest)}}),
    ...(absent.length === 0
      ? {}
      : {absent: absent.map((platform, at) => ({...testEntry(platform, 0xa0 + at), notIn: 'daemon'}))}),
  }
  return {
    reference,
    name: reference.replace(/:[^:/]*$/, ''),
    root: async () => root,
    platformImage: async entry => {
      const found = image.platforms[root.entries.indexOf(entry)]
      if (found === undefined) throw new Error('this entry is not of this image')
      if (found.failure) throw found.failure
      const config = imageConfig({platform: entry.platform, ...found.config})
      return {entry, config, layers: [], rootfs: memoryRootfs(found.files ?? {}), close: async () => {}}
    },
    close: async () => onClose(),
  }
}
