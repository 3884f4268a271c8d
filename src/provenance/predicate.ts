import {type Decoded, decodeJson, object, optional, recordOf, required, string} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import {readBases} from './bases.ts'
import {boundedArray, boundedRecord} from './bounded.ts'
import {type Metadata, metadata, readBuildFiles} from './metadata.ts'
import type {Provenance} from './provenance.ts'
import {readSteps, step} from './steps.ts'

/** What both versions say, each in its own places. */
interface Told {
  readonly materials: Decoded<typeof materials>
  readonly config: Decoded<typeof buildConfig>
  readonly metadata: Metadata
  readonly request: Decoded<typeof request>
  readonly builder: string | undefined
}

const NO_REQUEST = {args: {}}
const NO_METADATA = {vcs: {}, source: {locations: {}, infos: []}, layers: {}}
const NO_CONFIG = {llbDefinition: []}

const materials = boundedArray(object({uri: optional(string, ''), digest: optional(recordOf(string), {})}))
const buildConfig = object({llbDefinition: optional(boundedArray(step), [])})
/** The options of the frontend: `target`, `build-arg:NAME`, … */
const request = object({args: optional(boundedRecord(string), {})})

const BUILDKIT_METADATA = 'https://mobyproject.org/buildkit@v1#metadata'

/** https://slsa.dev/spec/v0.2/provenance */
const v02 = object({
  invocation: optional(
    object({
      parameters: optional(request, NO_REQUEST),
      environment: optional(object({platform: optional(string)}), {platform: undefined}),
    }),
    {parameters: NO_REQUEST, environment: {platform: undefined}},
  ),
  materials: optional(materials, []),
  buildConfig: optional(buildConfig, NO_CONFIG),
  metadata: optional(object({[BUILDKIT_METADATA]: optional(metadata, NO_METADATA)}), {
    [BUILDKIT_METADATA]: NO_METADATA,
  }),
})

/** https://slsa.dev/spec/v1.0/provenance */
const v1 = object({
  buildDefinition: required(
    object({
      resolvedDependencies: optional(materials, []),
      externalParameters: optional(object({request: optional(request, NO_REQUEST)}), {request: NO_REQUEST}),
      internalParameters: optional(
        object({buildConfig: optional(buildConfig, NO_CONFIG), builderPlatform: optional(string)}),
        {buildConfig: NO_CONFIG, builderPlatform: undefined},
      ),
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

/** Reads the predicate of a statement, whose version is in its type. */
export function parsePredicate(predicate: unknown, version: 'v0.2' | 'v1'): Result<Provenance> {
  const raw = version === 'v0.2' ? readV02(predicate) : readV1(predicate)
  if (!raw.ok) return raw
  const {materials: named, config, metadata: told, request: asked, builder} = raw.value
  return ok({
    bases: readBases(named),
    files: readBuildFiles(told),
    steps: readSteps(config.llbDefinition, told),
    folder: told.vcs['localdir:dockerfile'],
    builder,
    target: asked.args.target,
  })
}

function readV02(predicate: unknown): Result<Told> {
  const decoded = decodeJson(predicate, v02)
  if (!decoded.ok) return decoded
  const {materials: named, buildConfig: config, metadata: told, invocation} = decoded.value
  return ok({
    materials: named,
    config,
    metadata: told[BUILDKIT_METADATA],
    request: invocation.parameters,
    builder: invocation.environment.platform,
  })
}

function readV1(predicate: unknown): Result<Told> {
  const decoded = decodeJson(predicate, v1)
  if (!decoded.ok) return decoded
  const {buildDefinition, runDetails} = decoded.value
  return ok({
    materials: buildDefinition.resolvedDependencies,
    config: buildDefinition.internalParameters.buildConfig,
    metadata: runDetails.metadata.buildkit_metadata,
    request: buildDefinition.externalParameters.request,
    builder: buildDefinition.internalParameters.builderPlatform,
  })
}
