import {decodeJson, object, optional, recordOf, required, string} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import {readBases} from './bases.ts'
import {arrayUpTo} from './bounded.ts'
import {metadata, type RawMetadata, readSources} from './metadata.ts'
import type {Provenance} from './provenance.ts'
import {type RawStep, rawStep, readSteps, STEP_LIMIT} from './steps.ts'

interface RawMaterial {
  readonly uri: string
  readonly digest: Readonly<Record<string, string>>
}

interface RawBuildConfig {
  readonly llbDefinition: readonly RawStep[]
}

/** What both versions say, each in its own places. */
interface RawPredicate {
  readonly materials: readonly RawMaterial[]
  readonly config: RawBuildConfig
  readonly metadata: RawMetadata
}

const NO_METADATA: RawMetadata = {vcs: {}, source: {locations: {}, infos: []}, layers: {}}
const NO_CONFIG: RawBuildConfig = {llbDefinition: []}

const materials = arrayUpTo(
  10_000,
  object<RawMaterial>({uri: optional(string, ''), digest: optional(recordOf(string), {})}),
)
const buildConfig = object<RawBuildConfig>({llbDefinition: optional(arrayUpTo(STEP_LIMIT, rawStep), [])})

const BUILDKIT_METADATA = 'https://mobyproject.org/buildkit@v1#metadata'

/** https://slsa.dev/spec/v0.2/provenance */
const v02 = object<{
  readonly materials: readonly RawMaterial[]
  readonly buildConfig: RawBuildConfig
  readonly metadata: {readonly [BUILDKIT_METADATA]: RawMetadata}
}>({
  materials: optional(materials, []),
  buildConfig: optional(buildConfig, NO_CONFIG),
  metadata: optional(object({[BUILDKIT_METADATA]: optional(metadata, NO_METADATA)}), {
    [BUILDKIT_METADATA]: NO_METADATA,
  }),
})

/** https://slsa.dev/spec/v1.0/provenance */
const v1 = object<{
  readonly buildDefinition: {
    readonly resolvedDependencies: readonly RawMaterial[]
    readonly internalParameters: {readonly buildConfig: RawBuildConfig}
  }
  readonly runDetails: {readonly metadata: {readonly buildkit_metadata: RawMetadata}}
}>({
  buildDefinition: required(
    object({
      resolvedDependencies: optional(materials, []),
      internalParameters: optional(object({buildConfig: optional(buildConfig, NO_CONFIG)}), {buildConfig: NO_CONFIG}),
    }),
  ),
  runDetails: optional(
    object({
      metadata: optional(object({buildkit_metadata: optional(metadata, NO_METADATA)}), {
        buildkit_metadata: NO_METADATA,
      }),
    }),
    {metadata: {buildkit_metadata: NO_METADATA}},
  ),
})

/** Reads the predicate of a statement, whose version its type told. */
export function parsePredicate(predicate: unknown, version: 'v0.2' | 'v1'): Result<Provenance> {
  const raw = version === 'v0.2' ? readV02(predicate) : readV1(predicate)
  if (!raw.ok) return raw
  const {materials: named, config, metadata: told} = raw.value
  return ok({
    bases: readBases(named),
    sources: readSources(told),
    steps: readSteps(config.llbDefinition, told),
    folder: told.vcs['localdir:dockerfile'],
  })
}

function readV02(predicate: unknown): Result<RawPredicate> {
  const decoded = decodeJson(predicate, v02)
  if (!decoded.ok) return decoded
  const {materials: named, buildConfig: config, metadata: told} = decoded.value
  return ok({materials: named, config, metadata: told[BUILDKIT_METADATA]})
}

function readV1(predicate: unknown): Result<RawPredicate> {
  const decoded = decodeJson(predicate, v1)
  if (!decoded.ok) return decoded
  const {buildDefinition, runDetails} = decoded.value
  return ok({
    materials: buildDefinition.resolvedDependencies,
    config: buildDefinition.internalParameters.buildConfig,
    metadata: runDetails.metadata.buildkit_metadata,
  })
}
