import type {ImageConfig} from './config.ts'
import type {Manifest} from './manifest.ts'
import {CONFIG_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from './media-type.ts'
import type {EngineRefusal, PlatformEntry} from './source.ts'

/** What containerd unpacks. https://github.com/containerd/containerd/blob/main/core/images/mediatypes.go */
const UNPACKED =
  /^application\/vnd\.(?:oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+gzip|\+zstd)?|docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?)$/

/** Why one of Docker's image stores does not take an image by its entry in the index alone. */
export function entryRefusals({descriptor: {mediaType}, claimedBy, servedAs}: PlatformEntry): readonly EngineRefusal[] {
  if (servedAs !== undefined) {
    return [{by: 'both', problem: `the registry serves its manifest as ${JSON.stringify(servedAs)}`}]
  }
  if (claimedBy !== 'index' || MANIFEST_MEDIA_TYPES.includes(mediaType)) return []
  return [{by: 'containerd', problem: `its entry in the index has the media type ${JSON.stringify(mediaType)}`}]
}

/** Why one of Docker's image stores does not take an image, by its manifest and config alone. */
export function engineRefusals(
  {config, layers, mislabelled}: Manifest,
  {history}: ImageConfig,
): readonly EngineRefusal[] {
  const refusals: EngineRefusal[] = []
  if (mislabelled) {
    const {own, mediaType} = mislabelled
    refusals.push({
      by: 'classic',
      problem: `its manifest is named as ${mediaType}, and calls itself ${JSON.stringify(own)}`,
    })
  }
  if (!CONFIG_MEDIA_TYPES.includes(config.mediaType)) {
    refusals.push({by: 'containerd', problem: `its config has the media type ${JSON.stringify(config.mediaType)}`})
  }
  const [odd] = layers.filter(({mediaType}) => !UNPACKED.test(mediaType))
  if (odd) {
    refusals.push({
      by: 'containerd',
      problem: `layer ${odd.digest} has the media type ${JSON.stringify(odd.mediaType)}`,
    })
  }
  const made = history.filter(({emptyLayer}) => !emptyLayer).length
  if (made > layers.length) {
    refusals.push({by: 'classic', problem: `its history has ${made} layers, and its manifest ${layers.length}`})
  }
  return refusals
}
