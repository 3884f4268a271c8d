import {SourceError} from '../../errors.ts'
import {type Digest, parseDigest} from '../../image/digest.ts'
import {CONFIG_MEDIA_TYPES, INDEX_MEDIA_TYPES} from '../../image/media-type.ts'
import type {Descriptor, ImageRoot, PlatformEntry} from '../../image/source.ts'
import {count, object, optional, parsed, parseJson, required, string} from '../../lib/json.ts'
import type {Limits} from '../../lib/limits.ts'
import type {DockerCli} from './docker-cli.ts'
import {inspectImage} from './inspect.ts'
import {readSavedIndex} from './saved-index.ts'

/** What the daemon alone holds under a name. */
export interface DaemonRoot {
  readonly root: ImageRoot
  /** Whether the name stands for several platforms, so that one must be asked for by name. */
  readonly chosenByPlatform: boolean
  /** What the daemon calls the image, whatever its name stands for later. */
  readonly id: Digest
}

/** The `Descriptor` of ImageInspect (API 1.48), which only the containerd store gives. */
const target = object({
  Id: required(parsed(parseDigest)),
  Descriptor: optional(
    object({mediaType: required(string), digest: required(parsed(parseDigest)), size: required(count)}),
  ),
})

/** Reads what the daemon holds under a name without asking any registry. */
export async function readDaemonRoot(cli: DockerCli, named: string, limits?: Limits): Promise<DaemonRoot> {
  const {id, descriptor} = await readTarget(cli, named)
  if (descriptor !== undefined && INDEX_MEDIA_TYPES.includes(descriptor.mediaType)) {
    return {root: await readSavedIndex(cli, named, descriptor, limits), chosenByPlatform: true, id}
  }
  const {config = refuseUntold(named)} = await inspectImage(cli, named)
  const entry: PlatformEntry = {
    platform: config.platform,
    // The classic store has no manifests: what an image is known by there is its config.
    descriptor: descriptor ?? {mediaType: CONFIG_MEDIA_TYPES[1] ?? '', digest: id, size: 0, annotations: {}},
    claimedBy: 'config',
  }
  return {
    root: {kind: 'manifest', descriptor: entry.descriptor, entries: [entry], referrers: []},
    chosenByPlatform: false,
    id,
  }
}

/** Nobody but the daemon has this image, and it does not tell its config. */
export function refuseUntold(named: string): never {
  throw new SourceError(
    'unavailable',
    `the Docker daemon does not say what ${named} is: it has not got the layers themselves, as it had unpacked them for another image that has them compressed otherwise`,
    {hint: 'Remove both images and pull or load this one again, or check it in its registry.'},
  )
}

/** Throws where a name stands for another image by now than for the one that the daemon calls `id`. */
export async function confirmName(cli: DockerCli, named: string, id: Digest): Promise<void> {
  const now = await readTarget(cli, named)
  if (now.id === id) return
  throw new SourceError(
    'unavailable',
    `${named} stands for another image of the Docker daemon than when it was first read: expected ${id}, got ${now.id}`,
    {hint: 'Run the check again, when no other image takes the name meanwhile.'},
  )
}

async function readTarget(
  cli: DockerCli,
  named: string,
): Promise<{readonly id: Digest; readonly descriptor: Descriptor | undefined}> {
  const printed = await cli.bytes(['image', 'inspect', '--format', '{{json .}}', named])
  const result = parseJson(printed, target)
  if (!result.ok) {
    throw new SourceError(
      'unavailable',
      `docker image inspect of ${named} printed something unexpected: ${result.problem}`,
    )
  }
  const {Id, Descriptor: found} = result.value
  return {id: Id, descriptor: found && {...found, annotations: {}}}
}
