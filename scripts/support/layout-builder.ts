import {createHash} from 'node:crypto'
import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {gzipSync, zstdCompressSync} from 'node:zlib'
import {buildTar, gnuLong, type TarItem} from './tar-builder.ts'

/** One file of a layer. Directories on the way need not be listed. */
export type LayoutFile = {
  /** As in the tar: `usr/bin/app`. A slash at the start is dropped. */
  readonly path: string
  /** 0o755 where nothing is said, for links 0o777. */
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
} & (
  | {readonly content: string | Uint8Array}
  | {readonly linkTarget: string}
  /** The path of an earlier file, of this layer or one below. */
  | {readonly hardlink: string}
  | {readonly directory: true}
  /** Takes `path` away from the layers below. */
  | {readonly whiteout: true}
  /** Nothing of the layers below is seen in the directory `path`. */
  | {readonly opaque: true}
)

export const COMPRESSIONS = ['gzip', 'zstd', 'none'] as const

/** A blob that somebody else puts into the layout's folder, and what is known of it. */
export interface StoredLayer {
  readonly compression: (typeof COMPRESSIONS)[number]
  readonly digest: string
  /** In bytes. */
  readonly size: number
  readonly diffId: string
}

export interface LayoutLayer {
  readonly files?: readonly LayoutFile[]
  /** The whole tar, for what cannot be said with files. */
  readonly tar?: Uint8Array
  /** The blob itself, for what is not a tar. */
  readonly blob?: Uint8Array
  /** The blob is too large to be held in memory, and is not among the layout's files. */
  readonly stored?: StoredLayer
  /** gzip where nothing is said. */
  readonly compression?: (typeof COMPRESSIONS)[number]
  /** Where it is not what the compression calls for. */
  readonly mediaType?: string
  /** Of the history entry. */
  readonly createdBy?: string
}

export interface LayoutPlatform {
  /** `linux/arm/v7`, as the index says; `windows(10.0.20348.1)/amd64` with an os.version. */
  readonly platform: string
  /** What the config says where it is not the same. */
  readonly configPlatform?: string
  /** The process part of the config: Entrypoint, Cmd, Env, … */
  readonly config?: Readonly<Record<string, unknown>>
  /** Other fields of the config. */
  readonly extraConfig?: Readonly<Record<string, unknown>>
  readonly layers: readonly LayoutLayer[]
  readonly annotations?: Readonly<Record<string, string>>
  /** The index names the manifest without a platform. */
  readonly unclaimed?: boolean
}

export interface LayoutImage {
  readonly platforms: readonly LayoutPlatform[]
  /** An attestation manifest beside each platform, as BuildKit pushes them. */
  readonly attestations?: boolean
  /** Of the image in the layout's index.json: `org.opencontainers.image.ref.name` for one. */
  readonly annotations?: Readonly<Record<string, string>>
  /** Docker's media types instead of OCI's. */
  readonly docker?: boolean
  /** `manifest`: the first platform's manifest stands in index.json itself, with no index around it. */
  readonly root?: 'index' | 'manifest'
}

/** A layout in memory. The same literals give the same bytes. */
export interface BuiltLayout {
  /** Path in the layout -> bytes: `index.json`, `blobs/sha256/…`. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** What each image's entry in index.json points to. */
  readonly roots: readonly BuiltDescriptor[]
  /** Each image's manifests, in the order of its platforms. */
  readonly manifests: readonly (readonly BuiltDescriptor[])[]
}

export interface BuiltDescriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly [key: string]: unknown
}

/** Builds a layout of one image, or of several. */
export function layoutOf(images: LayoutImage | readonly LayoutImage[]): BuiltLayout {
  const blobs = new Map<string, Uint8Array>()
  const put: Put = (mediaType, bytes) => {
    const digest = sha256(bytes)
    blobs.set(`blobs/sha256/${digest.slice('sha256:'.length)}`, bytes)
    return {mediaType, digest, size: bytes.length}
  }
  const built = (isList(images) ? images : [images]).map(image => buildImage(image, put))
  const roots = built.map(({root}) => root)
  const files = new Map<string, Uint8Array>([
    ['oci-layout', json({imageLayoutVersion: '1.0.0'})],
    ['index.json', json({schemaVersion: 2, mediaType: OCI.index, manifests: roots})],
    ...[...blobs].sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
  return {files, roots, manifests: built.map(({manifests}) => manifests)}
}

/** Writes a layout of one image, or of several, into a directory that is made where it is not there. */
export function buildLayout(directory: string, images: LayoutImage | readonly LayoutImage[]): BuiltLayout {
  const layout = layoutOf(images)
  for (const [path, bytes] of layout.files) {
    mkdirSync(dirname(join(directory, path)), {recursive: true})
    writeFileSync(join(directory, path), bytes)
  }
  return layout
}

/** A layer's blob: its tar, compressed. */
export function layerBytes(layer: LayoutLayer): {readonly tar: Uint8Array; readonly blob: Uint8Array} {
  const tar = layer.tar ?? buildTarOf(layer.files ?? [])
  if (layer.blob) return {tar, blob: layer.blob}
  switch (layer.compression ?? 'gzip') {
    case 'gzip':
      return {tar, blob: portableGzip(tar)}
    case 'zstd':
      return {tar, blob: zstdCompressSync(tar)}
    case 'none':
      return {tar, blob: tar}
  }
}

/** The tar of these files, in their order. */
export function buildTarOf(files: readonly LayoutFile[]): Uint8Array {
  const parts = files.map(file => {
    const item = tarItemOf(file)
    const long = Buffer.from(item.name).length > 100 ? [gnuLong('L', item.name)] : []
    const longLink = Buffer.from(item.linkName ?? '').length > 100 ? [gnuLong('K', item.linkName ?? '')] : []
    return Buffer.concat([...long, ...longLink, buildTar([item], 0)])
  })
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export const OCI = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  none: 'application/vnd.oci.image.layer.v1.tar',
} as const

const DOCKER = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
  none: 'application/vnd.docker.image.rootfs.diff.tar',
} as const

type Put = (mediaType: string, bytes: Uint8Array) => BuiltDescriptor

interface BuiltImage {
  readonly root: BuiltDescriptor
  readonly manifests: readonly BuiltDescriptor[]
}

function buildImage(image: LayoutImage, put: Put): BuiltImage {
  const types = image.docker ? DOCKER : OCI
  const manifests = image.platforms.map(platform => buildPlatform(platform, types, put))
  const attestations = image.attestations ? manifests.map(manifest => buildAttestation(manifest, put)) : []
  const annotations = image.annotations ? {annotations: image.annotations} : {}
  const [first] = manifests
  if (image.root === 'manifest' && first) return {root: {...first, ...annotations}, manifests}
  const index = put(
    types.index,
    json({schemaVersion: 2, mediaType: types.index, manifests: [...manifests, ...attestations]}),
  )
  return {root: {...index, ...annotations}, manifests}
}

function buildPlatform(platform: LayoutPlatform, types: typeof OCI | typeof DOCKER, put: Put): BuiltDescriptor {
  const layers = platform.layers.map(layer => {
    const createdBy = layer.createdBy ?? 'COPY . /'
    if (layer.stored) {
      const {compression, digest, size, diffId} = layer.stored
      return {descriptor: {mediaType: layer.mediaType ?? types[compression], digest, size}, diffId, createdBy}
    }
    const {tar, blob} = layerBytes(layer)
    const mediaType = layer.mediaType ?? types[layer.compression ?? 'gzip']
    return {descriptor: put(mediaType, blob), diffId: sha256(tar), createdBy}
  })
  const config = put(
    types.config,
    json({
      ...platformFields(platform.configPlatform ?? platform.platform),
      config: platform.config ?? {},
      rootfs: {type: 'layers', diff_ids: layers.map(({diffId}) => diffId)},
      history: layers.map(({createdBy}) => ({created_by: createdBy})),
      ...platform.extraConfig,
    }),
  )
  const manifest = put(
    types.manifest,
    json({schemaVersion: 2, mediaType: types.manifest, config, layers: layers.map(({descriptor}) => descriptor)}),
  )
  return {
    ...manifest,
    ...(platform.annotations ? {annotations: platform.annotations} : {}),
    ...(platform.unclaimed ? {} : {platform: platformFields(platform.platform)}),
  }
}

/** As BuildKit does: an image manifest of unknown/unknown whose layers are in-toto statements. */
function buildAttestation(subject: BuiltDescriptor, put: Put): BuiltDescriptor {
  const statement = put('application/vnd.in-toto+json', json({_type: 'https://in-toto.io/Statement/v0.1', subject: []}))
  const config = put(
    OCI.config,
    json({architecture: 'unknown', os: 'unknown', config: {}, rootfs: {type: 'layers', diff_ids: [statement.digest]}}),
  )
  const manifest = put(OCI.manifest, json({schemaVersion: 2, mediaType: OCI.manifest, config, layers: [statement]}))
  return {
    ...manifest,
    annotations: {
      'vnd.docker.reference.digest': subject.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: {architecture: 'unknown', os: 'unknown'},
  }
}

function tarItemOf(file: LayoutFile): TarItem {
  const name = file.path.replace(/^\/+/, '')
  const owner = {uid: file.uid ?? 0, gid: file.gid ?? 0}
  if ('whiteout' in file) return {name: join(dirname(name), `.wh.${name.split('/').at(-1)}`), mode: 0, ...owner}
  if ('opaque' in file) return {name: join(name, '.wh..wh..opq'), mode: 0, ...owner}
  if ('directory' in file) return {name: `${name}/`, type: '5', mode: file.mode ?? 0o755, ...owner}
  if ('linkTarget' in file) return {name, type: '2', linkName: file.linkTarget, mode: file.mode ?? 0o777, ...owner}
  if ('hardlink' in file) {
    return {name, type: '1', linkName: file.hardlink.replace(/^\/+/, ''), mode: file.mode ?? 0o755, ...owner}
  }
  return {name, content: file.content, mode: file.mode ?? 0o755, ...owner}
}

function platformFields(text: string): Readonly<Record<string, string>> {
  const [system = '', architecture = '', variant] = text.split('/')
  const [os = '', version] = system.split(/[()]/)
  return {architecture, os, ...(version ? {'os.version': version} : {}), ...(variant ? {variant} : {})}
}

/** Zlib writes the operating system into the header; 255 is "unknown", the same everywhere. */
function portableGzip(bytes: Uint8Array): Uint8Array {
  const zipped = gzipSync(bytes, {level: 9})
  zipped[9] = 0xff
  return zipped
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function isList(images: LayoutImage | readonly LayoutImage[]): images is readonly LayoutImage[] {
  return Array.isArray(images)
}
