import {arrayOf, boolean, type Decoded, object, optional, parsed, parseJson, string} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import type {HistoryEntry, ImageConfig} from './config.ts'
import {parseDigest} from './digest.ts'
import type {Descriptor, LayerInfo} from './source.ts'

const strings = arrayOf(string)

const process = object({
  Entrypoint: optional(strings, []),
  Cmd: optional(strings, []),
  WorkingDir: optional(string, ''),
  Env: optional(strings, []),
  User: optional(string, ''),
  Healthcheck: optional(object({Test: optional(strings, [])})),
})

const NO_PROCESS: Decoded<typeof process> = {
  Entrypoint: [],
  Cmd: [],
  WorkingDir: '',
  Env: [],
  User: '',
  Healthcheck: undefined,
}

const config = object({
  os: optional(string, ''),
  architecture: optional(string, ''),
  variant: optional(string, ''),
  'os.version': optional(string),
  created: optional(string),
  config: optional(process, NO_PROCESS),
  history: optional(arrayOf(object({created_by: optional(string), empty_layer: optional(boolean, false)})), []),
  rootfs: optional(object({diff_ids: optional(arrayOf(parsed(parseDigest)), [])}), {diff_ids: []}),
})

/**
 * Parses an image's config. The platform stays as it is claimed, empty where the config does not say; lists that are
 * absent or null are empty. https://github.com/opencontainers/image-spec/blob/main/config.md
 */
export function parseConfig(bytes: Uint8Array): Result<ImageConfig> {
  const raw = parseJson(bytes, config)
  if (!raw.ok) return raw
  const {os, architecture, variant, 'os.version': osVersion, created, config: started, history, rootfs} = raw.value
  const test = started.Healthcheck?.Test
  return ok({
    platform: {os, architecture, variant, ...(osVersion === undefined ? {} : {osVersion})},
    created,
    entrypoint: started.Entrypoint,
    cmd: started.Cmd,
    workingDir: started.WorkingDir,
    env: started.Env,
    user: started.User,
    // An empty Test means "inherit the base's", and there is none to inherit any more.
    healthcheck: test && test.length > 0 ? test : undefined,
    history: history.map(entry => ({createdBy: entry.created_by, emptyLayer: entry.empty_layer})),
    diffIds: rootfs.diff_ids,
  })
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
