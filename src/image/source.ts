import type {SourceErrorCode} from '../errors.ts'
import type {Platform} from '../platform/platform.ts'
import type {ImageConfig} from './config.ts'
import type {Digest} from './digest.ts'
import type {RootFs} from './rootfs.ts'

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  /** In bytes. */
  readonly size: number
  readonly annotations: Readonly<Record<string, string>>
  /** The content itself in base64, as the descriptor claims; believed only where it fits digest and size. */
  readonly data?: string
  /** Where else the content is said to be. Never asked: see docs/architecture.md. */
  readonly urls?: readonly string[]
}

/** One platform's manifest, as the index (or, for a lone manifest, its config) names it. */
export interface PlatformEntry {
  readonly platform: Platform
  readonly descriptor: Descriptor
  /** Who says that this is the platform. */
  readonly claimedBy: 'index' | 'config'
  /** The Content-Type of the root, where a registry serves it as something that no engine takes for an image. */
  readonly servedAs?: string
  /** What its entry in the index says that it is, where that is not an image: engines choose it all the same. */
  readonly marked?: string
  /** Why the config, which is to say the platform, cannot be read; the platform is empty then. */
  readonly unread?: {readonly code: SourceErrorCode; readonly message: string}
}

/** An entry of an index that is not the image of a platform: an attestation or another artifact about one, say. */
export interface Referrer {
  readonly descriptor: Descriptor
  /** `index`: an index in the index, whose own entries are read through. */
  readonly kind: 'attestation' | 'artifact' | 'index'
  /** What its entry claims for it, where engines are of such a platform at all. */
  readonly claimed?: Platform
  /** In words: `a Helm chart (application/vnd.cncf.helm.config.v1+json)`; absent of an index. */
  readonly what?: string
  /** Engines choose it for its platform, which an image behind it has, too. */
  readonly hidesImage?: true
}

/** A name in a document of an image that engines read in one way, and other clients may read in another. */
export interface Ambiguity {
  /** `index sha256:…`, `manifest sha256:…`, `config sha256:…`, `manifest.json`. */
  readonly document: string
  /** Which name, and what engines read: `$.config.Entrypoint stands there 2 times; engines read ["/app"]`. */
  readonly problem: string
}

export const REFUSING = ['both', 'classic', 'containerd', 'docker-cp'] as const

/**
 * Why Docker's image stores, or one of them, do not take an image whose programs may be right all the same; `docker-cp`
 * where containers of it start, and only `docker cp` fails.
 */
export interface EngineRefusal {
  readonly by: (typeof REFUSING)[number]
  readonly problem: string
}

/** What stands at a reference: an image index, nested ones read through, or the manifest of one platform's image. */
export interface ImageRoot {
  readonly kind: 'index' | 'manifest'
  /** Undefined only for an image that exists in a daemon's classic store and has no manifest. */
  readonly descriptor: Descriptor | undefined
  readonly entries: readonly PlatformEntry[]
  readonly referrers: readonly Referrer[]
  /** Of the index and those in it; left out where there are none. */
  readonly ambiguities?: readonly Ambiguity[]
  /** Platforms that the index names and of which a daemon, or what it saved, has no content. */
  readonly absent?: readonly AbsentPlatform[]
}

/** A platform of which what was read has no content, and what that is. */
export interface AbsentPlatform extends PlatformEntry {
  readonly notIn: 'daemon' | 'archive'
}

/** One layer of an image, in order from the bottom, with the history entry that made it. */
export interface LayerInfo {
  readonly index: number
  readonly digest: Digest
  readonly createdBy: string | undefined
}

/** Which layer brought which file, determined afterwards where the files themselves do not say it. */
export interface FileLayers {
  readonly layers: readonly LayerInfo[]
  /** By path, as a FileNode has it: the layer's place from the bottom. What is not there is unknown. */
  readonly of: ReadonlyMap<string, number>
}

/**
 * What a builder says of a platform's manifest: an in-toto statement, proven to be
 * what the attestation's manifest names.
 */
export interface Attestation {
  readonly digest: Digest
  /** As the attestation's manifest has it; the statement's own may differ. */
  readonly predicateType: string
  readonly bytes: Uint8Array
}

/** One platform's image: what it claims, and a way to look inside. */
export interface PlatformImage {
  readonly entry: PlatformEntry
  readonly config: ImageConfig
  readonly layers: readonly LayerInfo[]
  readonly rootfs: RootFs
  /** Of its manifest and its config, where the source has their bytes; left out where there are none. */
  readonly ambiguities?: readonly Ambiguity[]
  /** Why engines do not take it, as far as its layers were read; left out where an engine has taken it. */
  refusals?(): readonly EngineRefusal[]
  /**
   * Where files come from, of an image whose files do not say their layer. It may read the whole image, so that it is
   * asked only of what is wrong; it throws a SourceError where it cannot be determined.
   */
  layersOf?(paths: readonly string[]): Promise<FileLayers>
  /** Frees what this one image holds (a container, say). */
  close(): Promise<void>
}

/**
 * Where images come from. Readers throw a SourceError for what they cannot give, and never an answer that is half read.
 */
export interface ImageSource {
  /** The reference as the user would write it. */
  readonly reference: string
  /** `name` of `name@digest`, where the image has one that a signer could use; known once `root` has answered. */
  readonly name: string | undefined
  /** Where its blobs are, by their digests: what was read there of one in this run is there. Undefined: not known. */
  readonly repository?: string
  /**
   * What is said to stand at the reference, without reading it: good for asking whether what was read is still there,
   * and for nothing else. Undefined where nobody says so.
   */
  claimedDigest?(): Promise<Digest | undefined>
  root(): Promise<ImageRoot>
  platformImage(entry: PlatformEntry): Promise<PlatformImage>
  /** The layers of a platform from the bottom, by its manifest alone; absent where the source has no manifests. */
  layersOf?(entry: PlatformEntry): Promise<readonly Pick<Descriptor, 'digest' | 'size'>[]>
  /**
   * What is attached to a platform's manifest, of the predicate types that start like this. Where the source has no
   * attestations, there are none; it throws a SourceError where one is named and cannot be read.
   */
  attestations?(entry: PlatformEntry, predicateType: string): Promise<readonly Attestation[]>
  close(): Promise<void>
}
