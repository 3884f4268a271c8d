import {SourceError} from '../../errors.ts'
import {parseDigest} from '../../image/digest.ts'
import {CONFIG_MEDIA_TYPES, INDEX_MEDIA_TYPES} from '../../image/media-type.ts'
import type {Descriptor, ImageRoot, PlatformEntry} from '../../image/source.ts'
import {count, object, optional, parsed, parseJson, required, string} from '../../lib/json.ts'
import type {DockerCli} from './docker-cli.ts'
import {inspectImage} from './inspect.ts'
import {readSavedIndex} from './saved-index.ts'

/** What the daemon alone holds under a name. */
export interface DaemonRoot {
  readonly root: ImageRoot
  /** Whether the name stands for several platforms, so that one must be asked for by name. */
  readonly chosenByPlatform: boolean
}

/** The `Descriptor` of ImageInspect (API 1.48), which only the containerd store gives. */
const target = object({
  Descriptor: optional(
    object({mediaType: required(string), digest: required(parsed(parseDigest)), size: required(count)}),
  ),
})

/** Reads what the daemon holds under a name without asking any registry. */
export async function readDaemonRoot(cli: DockerCli, named: string): Promise<DaemonRoot> {
  const descriptor = await readTarget(cli, named)
  if (descriptor !== undefined && INDEX_MEDIA_TYPES.includes(descriptor.mediaType)) {
    return {root: await readSavedIndex(cli, named, descriptor), chosenByPlatform: true}
  }
  const {id, config} = await inspectImage(cli, named)
  const entry: PlatformEntry = {
    platform: config.platform,
    // The classic store has no manifests: what an image is known by there is its config.
    descriptor: descriptor ?? {mediaType: CONFIG_MEDIA_TYPES[1] ?? '', digest: id, size: 0, annotations: {}},
    claimedBy: 'config',
  }
  return {
    root: {kind: 'manifest', descriptor: entry.descriptor, entries: [entry], referrers: []},
    chosenByPlatform: false,
  }
}

async function readTarget(cli: DockerCli, named: string): Promise<Descriptor | undefined> {
  const printed = await cli.bytes(['image', 'inspect', '--format', '{{json .}}', named])
  const result = parseJson(printed, target)
  if (!result.ok) {
    throw new SourceError(
      'unavailable',
      `docker image inspect of ${named} printed something unexpected: ${result.problem}`,
    )
  }
  const {Descriptor: found} = result.value
  return found === undefined ? undefined : {...found, annotations: {}}
}
