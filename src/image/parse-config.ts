import {defined} from '../lib/defined.ts'
import {
  type AmbiguousJson,
  arrayOf,
  boolean,
  type Decoded,
  integer,
  nullable,
  object,
  optional,
  parsed,
  parseImageJson,
  recordOf,
  string,
  typed,
} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import type {HistoryEntry, ImageConfig} from './config.ts'
import {parseDigest} from './digest.ts'
import {rfc3339} from './rfc3339.ts'
import type {Descriptor, LayerInfo} from './source.ts'

const strings = arrayOf(string)

/** Go's map[string]struct{}. */
const nameSet = recordOf(object({}))

/**
 * The process part: moby's container.Config, and what of it is the image specification's. Of what is not read here the
 * type still counts, for engines refuse the whole config where it is another one.
 * https://github.com/moby/docker-image-spec/blob/main/specs-go/v1/image.go
 */
const process = object({
  Entrypoint: optional(strings, []),
  Cmd: optional(strings, []),
  WorkingDir: optional(string, ''),
  Env: optional(strings, []),
  User: optional(string, ''),
  Volumes: optional(nameSet, {}),
  Healthcheck: optional(
    nullable(
      object({
        Test: optional(strings, []),
        Interval: typed(integer),
        Timeout: typed(integer),
        StartPeriod: typed(integer),
        StartInterval: typed(integer),
        Retries: typed(integer),
      }),
    ),
  ),
  ArgsEscaped: typed(boolean),
  AttachStderr: typed(boolean),
  AttachStdin: typed(boolean),
  AttachStdout: typed(boolean),
  Domainname: typed(string),
  ExposedPorts: typed(nameSet),
  Hostname: typed(string),
  Image: typed(string),
  Labels: optional(recordOf(string)),
  NetworkDisabled: typed(boolean),
  OnBuild: typed(strings),
  OpenStdin: typed(boolean),
  Shell: typed(strings),
  StdinOnce: typed(boolean),
  StopSignal: typed(string),
  StopTimeout: typed(integer),
  Tty: typed(boolean),
})

const historyEntry = object({
  created_by: optional(string),
  empty_layer: optional(boolean, false),
  author: typed(string),
  comment: typed(string),
  created: typed(rfc3339),
})

/** moby's image.Image, in which the image specification's is whole. */
const config = object({
  os: optional(string, ''),
  architecture: optional(string, ''),
  variant: optional(string, ''),
  'os.version': optional(string),
  created: optional(rfc3339),
  config: optional(process),
  history: optional(arrayOf(historyEntry), []),
  rootfs: optional(object({diff_ids: optional(arrayOf(parsed(parseDigest)), []), type: typed(string)})),
  author: typed(string),
  comment: typed(string),
  container: typed(string),
  container_config: typed(process),
  docker_version: typed(string),
  id: typed(string),
  'os.features': typed(strings),
  parent: typed(string),
  Size: typed(integer),
})

/**
 * Parses an image's config. The platform stays as it is claimed, empty where the config does not say; lists that are
 * absent or null are empty. https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function parseConfig(bytes: Uint8Array): Result<AmbiguousJson<ImageConfig>> {
  const raw = parseImageJson(bytes, config)
  if (!raw.ok) return raw
  const {value, ambiguities} = raw.value
  return ok({value: imageConfig(value), ambiguities})
}

function imageConfig(raw: Decoded<typeof config>): ImageConfig {
  const {os, architecture, variant, 'os.version': osVersion, created, config: started, history, rootfs} = raw
  const test = started?.Healthcheck?.Test
  return {
    platform: {os, architecture, variant, ...defined({osVersion})},
    created,
    entrypoint: started?.Entrypoint ?? [],
    cmd: started?.Cmd ?? [],
    workingDir: started?.WorkingDir ?? '',
    env: started?.Env ?? [],
    user: started?.User ?? '',
    volumes: Object.keys(started?.Volumes ?? {}),
    labels: Object.keys(started?.Labels ?? {}),
    // An empty Test means "inherit the base's", and there is none to inherit any more.
    healthcheck: test && test.length > 0 ? test : undefined,
    history: history.map(entry => ({createdBy: entry.created_by, emptyLayer: entry.empty_layer})),
    diffIds: rootfs?.diff_ids ?? [],
  }
}

/**
 * The layers with the history entries that made them. A history that does not fit (fewer or more layers than the
 * manifest has: rewritten and squashed images) names none rather than the wrong ones.
 */
export function layerInfos(layers: readonly Descriptor[], history: readonly HistoryEntry[]): readonly LayerInfo[] {
  const made = history.filter(entry => !entry.emptyLayer)
  const fits = made.length === layers.length
  return layers.map(({digest}, index) => ({index, digest, createdBy: fits ? made[index]?.createdBy : undefined}))
}
