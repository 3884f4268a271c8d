import {SourceError} from '../../errors.ts'
import type {ImageConfig} from '../../image/config.ts'
import {type Digest, parseDigest} from '../../image/digest.ts'
import {arrayOf, object, optional, parsed, parseJson, recordOf, required, string, unchecked} from '../../lib/json.ts'
import type {DockerCli} from './docker-cli.ts'

/** What the daemon says of an image that it holds. */
export interface InspectedImage {
  /** The image ID: the config's digest in the classic store, the manifest's or index's in the containerd store. */
  readonly id: Digest
  /** `name@digest` under which it was pulled or pushed. */
  readonly repoDigests: readonly string[]
  /**
   * Undefined where the daemon says nothing of it: of an image with the same layers as one that is there, but
   * compressed otherwise, the containerd store does not fetch the layers, and answers with empty fields (Docker 28.5),
   * although it makes containers of it.
   */
  readonly config: ImageConfig | undefined
}

const strings = arrayOf(string)

/**
 * Docker's API, ImageInspect: the config's own words, under other names. https://docs.docker.com/reference/api/engine/
 */
const inspected = object({
  Id: required(parsed(parseDigest)),
  RepoDigests: optional(strings, []),
  Created: optional(string),
  Os: optional(string, ''),
  Architecture: optional(string, ''),
  Variant: optional(string, ''),
  OsVersion: optional(string, ''),
  Config: optional(
    object({
      User: optional(string, ''),
      Volumes: optional(recordOf(unchecked), {}),
      Labels: optional(recordOf(unchecked), {}),
      Env: optional(strings, []),
      Cmd: optional(strings, []),
      Entrypoint: optional(strings, []),
      WorkingDir: optional(string, ''),
      Healthcheck: optional(object({Test: optional(strings)})),
    }),
  ),
  RootFS: optional(object({Layers: optional(arrayOf(parsed(parseDigest)), [])})),
})

/**
 * Inspects an image that is in the daemon; `platform` chooses among those that the
 * containerd store may hold of one index.
 */
export async function inspectImage(cli: DockerCli, reference: string, platform?: string): Promise<InspectedImage> {
  const choice = platform === undefined ? [] : ['--platform', platform]
  const printed = await cli.bytes(['image', 'inspect', ...choice, '--format', '{{json .}}', reference])
  const result = parseJson(printed, inspected)
  if (!result.ok) {
    throw new SourceError(
      'unavailable',
      `docker image inspect of ${reference} printed something unexpected: ${result.problem}`,
    )
  }
  const {Id, RepoDigests, Created, Os, Architecture, Variant, OsVersion, Config, RootFS} = result.value
  const diffIds = RootFS?.Layers ?? []
  if (Os === '' && Architecture === '' && diffIds.length === 0)
    return {id: Id, repoDigests: RepoDigests, config: undefined}
  return {
    id: Id,
    repoDigests: RepoDigests,
    config: {
      platform: {
        os: Os,
        architecture: Architecture,
        variant: Variant,
        ...(OsVersion === '' ? {} : {osVersion: OsVersion}),
      },
      created: Created,
      entrypoint: Config?.Entrypoint ?? [],
      cmd: Config?.Cmd ?? [],
      workingDir: Config?.WorkingDir ?? '',
      env: Config?.Env ?? [],
      user: Config?.User ?? '',
      volumes: Object.keys(Config?.Volumes ?? {}),
      labels: Object.keys(Config?.Labels ?? {}),
      healthcheck: Config?.Healthcheck?.Test,
      history: [],
      diffIds,
    },
  }
}
