import type {BaseAnswer} from '../dockerfile/index.ts'
import type {DockerfileFacts, PlatformFacts} from '../facts/facts.ts'
import type {Digest} from '../image/digest.ts'
import type {LayerInfo} from '../image/source.ts'
import type {Provenance, ProvenanceBase} from '../provenance/index.ts'

/** What explanations are made from, besides the facts. No rule looks at it: it never makes or unmakes a finding. */
export interface Background {
  /** Of the platforms with something wrong; what is right needs no explanation. */
  readonly records: BuildRecords
  /** The Dockerfiles in their provenance, each text once. */
  readonly dockerfiles: readonly ProvenanceDockerfile[]
  /** The images that they were built on, where their provenance says no more than that. */
  readonly bases: readonly BaseImage[]
}

export type BuildRecords = ReadonlyMap<PlatformFacts, BuildRecord>

/** What is known of how a platform's wrong files came into its image. */
export interface BuildRecord {
  /** As the registry has them, where it could be asked. */
  readonly layers: readonly LayerInfo[]
  /** By the file's own path, no link in it: the layer that brought it, from the bottom. */
  readonly layerOf: ReadonlyMap<string, number>
  /** What the builder attached to the manifest. */
  readonly provenance?: Provenance
  /** What could not be determined, and why; attestations that are not believed, too. */
  readonly problems: readonly string[]
}

/** A Dockerfile that the provenance of an image holds. */
export interface ProvenanceDockerfile extends DockerfileFacts {
  /** As the provenance has it. */
  readonly text: string
  /** Whether a file of the workspace is the same; `file` is its path then. */
  readonly isInWorkspace: boolean
}

/** An image that a build stood on, as its provenance names it and its registry knows it. */
export interface BaseImage {
  readonly base: ProvenanceBase
  readonly answer: BaseAnswer
  /** Of what the build took of it, from the bottom; empty where they could not be read. */
  readonly layers: readonly Digest[]
}
