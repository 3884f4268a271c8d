import {createHash} from 'node:crypto'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {type Digest, parseDigest} from '../../src/image/digest.ts'

/** A file of a layer. A string is the content of a file of mode 0644, a name that ends in a slash is a directory. */
export type LayerFile =
  | string
  | Uint8Array
  | {
      readonly content?: string | Uint8Array
      readonly mode?: number
      /** What a symlink points to. */
      readonly link?: string
      /** The type's character in the header, where it is not what the rest says. */
      readonly type?: string
      /** What a hard link is another name of. */
      readonly hardLink?: string
      /** security.capability, in hexadecimal: in a PAX header before the file's own. */
      readonly capability?: string
    }

/** Names as they stand in the tar, in that order. */
export type LayerFiles = Readonly<Record<string, LayerFile>>

export const LAYER_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const
export type LayerCompression = (typeof LAYER_COMPRESSIONS)[number]

export interface BuiltDescriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly platform?: object
  readonly annotations?: Readonly<Record<string, string>>
}

/** One platform of an image to build. */
export interface BuildPlatform {
  /** As in the index: `{os: 'linux', architecture: 'arm64'}`. */
  readonly platform: {readonly os: string; readonly architecture: string; readonly variant?: string}
  /** The config's `config`: Entrypoint and its like. */
  readonly process?: object
  readonly layers: readonly LayerFiles[]
  readonly compression?: LayerCompression
}

export interface BuiltPlatform {
  readonly manifest: BuiltDescriptor
  readonly config: BuiltDescriptor
  readonly layers: readonly BuiltDescriptor[]
  readonly diffIds: readonly Digest[]
}

/** An image as a builder pushes it: every document and layer by its digest. */
export interface BuiltImage {
  readonly root: BuiltDescriptor
  readonly platforms: readonly BuiltPlatform[]
  readonly blobs: ReadonlyMap<Digest, {readonly mediaType: string; readonly bytes: Uint8Array}>
}

const OCI = 'application/vnd.oci.image'
const LAYER_TYPES = {none: `${OCI}.layer.v1.tar`, gzip: `${OCI}.layer.v1.tar+gzip`, zstd: `${OCI}.layer.v1.tar+zstd`}

/** Builds an image: of several platforms an index, of one its manifest alone, unless `index` says otherwise. */
export function buildImage(platforms: readonly BuildPlatform[], {index = platforms.length > 1} = {}): BuiltImage {
  const blobs = new Map<Digest, {mediaType: string; bytes: Uint8Array}>()
  const add = (mediaType: string, content: Uint8Array | object): BuiltDescriptor => {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
    const digest = sha256(bytes)
    blobs.set(digest, {mediaType, bytes})
    return {mediaType, digest, size: bytes.length}
  }
  const built = platforms.map(({platform, process = {}, layers, compression = 'gzip'}): BuiltPlatform => {
    const tars = layers.map(layerTar)
    const diffIds = tars.map(sha256)
    const descriptors = tars.map(tar => add(LAYER_TYPES[compression], compress(tar, compression)))
    const config = add(`${OCI}.config.v1+json`, {
      ...platform,
      config: process,
      rootfs: {type: 'layers', diff_ids: diffIds},
      history: layers.map((_, at) => ({created_by: `layer ${at}`})),
    })
    const manifest = add(`${OCI}.manifest.v1+json`, {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config,
      layers: descriptors,
    })
    return {manifest: {...manifest, platform}, config, layers: descriptors, diffIds}
  })
  const [only] = built
  if (!index && only) {
    const {platform: _, ...root} = only.manifest
    return {root, platforms: built, blobs}
  }
  const root = add(`${OCI}.index.v1+json`, {
    schemaVersion: 2,
    mediaType: `${OCI}.index.v1+json`,
    manifests: built.map(({manifest}) => manifest),
  })
  return {root, platforms: built, blobs}
}

/** A layer's tar, in the ustar format. */
export function layerTar(files: LayerFiles): Uint8Array {
  const blocks = Object.entries(files).map(([name, file]) => tarEntry(name, file))
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** An uncompressed tar of plain files, as archives are. */
export function fileTar(files: ReadonlyMap<string, Uint8Array | {readonly link: string}>): Uint8Array {
  const blocks = [...files].map(([name, file]) => tarEntry(name, file instanceof Uint8Array ? file : {link: file.link}))
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export function compress(bytes: Uint8Array, compression: LayerCompression): Uint8Array {
  if (compression === 'gzip') return gzipSync(bytes)
  return compression === 'zstd' ? zstdCompressSync(bytes) : bytes
}

export function sha256(bytes: Uint8Array): Digest {
  const digest = parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
  if (!digest.ok) throw new Error(digest.problem)
  return digest.value
}

function tarEntry(name: string, file: LayerFile): Uint8Array {
  if (typeof file === 'object' && 'capability' in file && file.capability !== undefined) {
    const {capability, ...plain} = file
    const record = paxRecord('SCHILY.xattr.security.capability', Buffer.from(capability, 'hex'))
    return Buffer.concat([tarEntry('PaxHeaders/x', {content: record, type: 'x'}), tarEntry(name, plain)])
  }
  const given = typeof file === 'string' || file instanceof Uint8Array ? {content: file} : file
  const content = typeof given.content === 'string' ? Buffer.from(given.content) : (given.content ?? new Uint8Array())
  const isDirectory = name.endsWith('/')
  const type =
    given.type !== undefined
      ? given.type
      : given.link !== undefined
        ? '2'
        : given.hardLink !== undefined
          ? '1'
          : isDirectory
            ? '5'
            : '0'
  const header = Buffer.alloc(512)
  const field = (offset: number, text: string): void => void header.write(text, offset, 'latin1')
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long for a ustar header`)
  header.write(name, 0)
  field(100, `${(given.mode ?? (isDirectory ? 0o755 : 0o644)).toString(8).padStart(7, '0')}\0`)
  field(108, '0000000\0')
  field(116, '0000000\0')
  field(124, `${content.length.toString(8).padStart(11, '0')}\0`)
  field(136, '00000000000\0')
  field(148, '        ')
  field(156, type)
  header.write(given.link ?? given.hardLink ?? '', 157)
  field(257, 'ustar\x0000')
  field(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  )
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}

/** `LENGTH KEY=VALUE` and a line feed; the length counts itself. */
function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  const length = [1, 2, 3, 4].map(digits => rest.length + digits).find((sum, at) => String(sum).length === at + 1)
  return Buffer.concat([Buffer.from(String(length)), rest])
}
