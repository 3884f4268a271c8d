import type {Facts, Origins, PlatformFacts} from '../facts/facts.ts'
import type {LayerInfo} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {type LayerOrigin, originOfLayer} from '../provenance/index.ts'
import type {Finding} from '../rules/finding.ts'
import {type FoundFile, fileAt} from './file-origins.ts'

/** The file that a finding is about, and what is known of how it came into the image. */
export interface Place {
  readonly platform: PlatformFacts
  readonly file: FoundFile
  /** Absent where nobody could say which layer brought the file. */
  readonly layer?: LayerInfo
  /** All that the image has, from the bottom. */
  readonly layers: readonly LayerInfo[]
  readonly provenance?: Origins['provenance']
  /** The build step that made the layer. */
  readonly made?: LayerOrigin
}

/** Where a finding's file is from; undefined for findings that are about no file that is there. */
export function placeOf({image, platform: name, path}: Finding, facts: Facts): Place | undefined {
  const platform = facts.images
    .find(({reference}) => reference === image)
    ?.platforms.find(({entry}) => formatPlatform(entry.platform) === name)
  const file = platform && path !== undefined ? fileAt(platform, path) : undefined
  if (platform === undefined || file === undefined) return undefined
  const {origins} = platform
  const layers = origins?.layers ?? platform.layers
  const index = file.layer ?? origins?.of.get(file.path)
  const layer = index === undefined ? undefined : layers[index]
  const provenance = origins?.provenance
  const made =
    provenance && layer
      ? originOfLayer(
          provenance,
          layers.map(({digest}) => digest),
          layer.index,
        )
      : undefined
  return {
    platform,
    file,
    layers,
    ...defined({layer, provenance, made}),
  }
}
