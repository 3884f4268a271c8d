import type {Digest} from '../image/digest.ts'

/**
 * What BuildKit says of a build in its SLSA provenance, v0.2 or v1 alike. With `mode=min` there are only `bases`; with
 * `mode=max` the Dockerfile and every step. All of it is the builder's word: a hint where a file comes from, never a
 * verdict. https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-provenance.md
 */
export interface Provenance {
  /** The images that the build took from registries, each with the digest that it had. */
  readonly bases: readonly ProvenanceBase[]
  /** The Dockerfiles (or what else the frontend read), with their content. */
  readonly files: readonly BuildFile[]
  /** In the order of the definition: the inputs of a step stand before it. */
  readonly steps: readonly BuildStep[]
  /** The folder of the Dockerfile in its repository, as buildx saw it: `docker`, `.`. */
  readonly folder: string | undefined
  /** The platform that the builder runs on: BUILDPLATFORM. */
  readonly builder: string | undefined
  /** The stage that was requested; the last one where it is left out. */
  readonly target: string | undefined
}

/** An image that a build stood on. */
export interface ProvenanceBase {
  /** As it is written before the tag, with the registry where that is not Docker Hub. */
  readonly name: string
  readonly tag: string | undefined
  readonly digest: Digest
  /** `linux/arm64`: what the build took of it. */
  readonly platform: string | undefined
}

/** A file that the build's frontend read. */
export interface BuildFile {
  /** `Dockerfile.prod`, without its folder. */
  readonly filename: string
  /** Whether it is a Dockerfile. */
  readonly isDockerfile: boolean
  readonly text: string
}

/** Lines of a file, from 1, both ends included. */
export interface StepLocation {
  /** Counts in `files`. */
  readonly file: number
  readonly line: number
  readonly endLine: number
}

/** One vertex of the build's graph: https://github.com/moby/buildkit/blob/master/solver/pb/ops.proto */
export interface BuildStep {
  /** `step7` */
  readonly id: string
  readonly kind: 'source' | 'exec' | 'file' | 'merge' | 'other'
  /** The step whose root filesystem this one starts from; a merge has none of its own. */
  readonly root: string | undefined
  /** All steps that this one takes something from. */
  readonly inputs: readonly string[]
  /** The image that a source takes. */
  readonly image: ProvenanceBase | undefined
  readonly location: StepLocation | undefined
  /** The layers of what the step made, from the bottom, in each compression that the builder had them in. */
  readonly chains: readonly (readonly string[])[]
}
