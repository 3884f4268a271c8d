import type {ForeignOs, GoBuildInfo, VariantEvidence} from '../binary/index.ts'
import type {BaseAnswers, Dockerfile, DockerfileLint} from '../dockerfile/index.ts'
import type {SourceErrorCode} from '../errors.ts'
import type {EssentialFile, LibraryPlaces, StandIns, Startup} from '../exec/index.ts'
import type {ImageConfig} from '../image/config.ts'
import type {Ambiguity, EngineRefusal, ImageRoot, LayerInfo, PlatformEntry} from '../image/source.ts'
import type {Platform} from '../platform/index.ts'
import type {ScanFacts} from '../scan/index.ts'

/** What a program of the startup chain says of how it was built. */
export interface ProgramEvidence {
  /** Of the file itself, no link in it. */
  readonly path: string
  readonly go?: GoBuildInfo
  /** The system whose note it carries, where that is not Linux. */
  readonly noted?: ForeignOs
  /** What it says about the processor that it needs. */
  readonly variant: readonly VariantEvidence[]
  /** Why there may be more that it says: limits that it is beyond. Absent where there is none. */
  readonly beyond?: readonly string[]
}

/** What was seen of one platform's image. */
export interface PlatformFacts {
  readonly entry: PlatformEntry
  /** Absent for a platform that is not looked into: one of another operating system than linux. */
  readonly config?: ImageConfig
  readonly layers: readonly LayerInfo[]
  /** Of its manifest and its config; absent where there are none. */
  readonly ambiguities?: readonly Ambiguity[]
  /** Why engines do not take it, as far as it was read; absent where nothing is known. */
  readonly refusals?: readonly EngineRefusal[]
  readonly startup: Startup
  /** What the HEALTHCHECK starts; absent where there is none, or where only the entrypoint is requested. */
  readonly healthcheck?: Startup
  /** What any program or shell of the image stands on; empty where only the entrypoint is requested. */
  readonly essential: readonly EssentialFile[]
  /** What `/bin/sh` loads; absent where there is none, or only what starts is requested. */
  readonly shell?: Startup
  /** What a walk through all files saw; absent where only what starts, or the essential, is requested. */
  readonly scan?: ScanFacts
  /**
   * Directories of packages, and paths of modules of Python without suffixes, that what starts loads for
   * certain; absent where no add-on is missing.
   */
  readonly loadedPackages?: ReadonlySet<string>
  /** Where libraries that a loader did not find are all the same; absent where none is missing. */
  readonly elsewhere?: LibraryPlaces
  /** What the image has in place of programs, interpreters and loaders that are missing; absent where none is. */
  readonly standIns?: StandIns
  /** Of the programs, interpreters and loaders among the steps; each file once. */
  readonly programs: readonly ProgramEvidence[]
}

/** A platform whose manifest, config or layers are named and not there, or not what their digests say. */
export interface UnreadablePlatform {
  readonly entry: PlatformEntry
  readonly code: SourceErrorCode
  /** What is missing or wrong. */
  readonly message: string
}

/** The image whose platforms this one must still have. */
export type Baseline =
  | {readonly found: true; readonly reference: string; readonly root: ImageRoot}
  /** A first release has none. */
  | {readonly found: false; readonly reference: string; readonly reason: string}

/** What was seen of one image. */
export interface ImageFacts {
  /** As the user wrote it. */
  readonly reference: string
  /** `name` of `name@digest`, where a signer could use it. */
  readonly name: string | undefined
  readonly root: ImageRoot
  /** The platforms that were requested; undefined means every platform of the index. */
  readonly required: readonly Platform[] | undefined
  /** In the order of the index; only those that were requested. */
  readonly platforms: readonly PlatformFacts[]
  readonly unreadable: readonly UnreadablePlatform[]
  /** Its own, where it is not compared with that of all images; absent where it has none. */
  readonly baseline?: Baseline
}

/** An image of which nothing is known, because it could not be read. */
export interface UncheckedImage {
  /** As the user wrote it. */
  readonly reference: string
  readonly problem: {readonly code: SourceErrorCode; readonly message: string; readonly hint?: string}
}

/** What was seen of one Dockerfile. */
export interface DockerfileFacts {
  /** As messages and annotations name it: relative to the workspace. */
  readonly file: string
  /** What the builder would refuse is reported with its line. */
  readonly parsed:
    | {readonly ok: true; readonly value: Dockerfile}
    | {readonly ok: false; readonly problem: string; readonly line: number}
  /** What their registries said of the images that its stages stand on. */
  readonly bases: BaseAnswers
  /** What the lint says of it for the platforms that were requested; undefined where it was not read. */
  readonly lint: DockerfileLint | undefined
}

/** All that rules may look at. */
export interface Facts {
  readonly images: readonly ImageFacts[]
  /** Absent where none was requested. */
  readonly dockerfiles?: readonly DockerfileFacts[]
  /** The platforms that the images are to have; undefined where nobody said. */
  readonly requested?: readonly Platform[] | undefined
  readonly baseline?: Baseline
}
