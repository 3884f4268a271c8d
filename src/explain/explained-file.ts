import type {Facts, PlatformFacts} from '../facts/facts.ts'
import type {LayerInfo} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {type LayerStep, type Provenance, stepOfLayer} from '../provenance/index.ts'
import type {Finding} from '../rules/finding.ts'
import type {BuildRecords} from './background.ts'
import {type SeenFile, seenFile} from './seen-file.ts'

/** The file that a finding is about, and what is known of how it came into the image. */
export interface ExplainedFile {
  readonly platform: PlatformFacts
  readonly file: SeenFile
  /** Absent where nobody could say which layer brought the file. */
  readonly layer?: LayerInfo
  /** All that the image has, from the bottom. */
  readonly layers: readonly LayerInfo[]
  readonly provenance?: Provenance
  /** The build step that made the layer. */
  readonly made?: LayerStep
}

/** The platform that a finding is about. */
export function platformOf({image, platform: name}: Finding, {images}: Facts): PlatformFacts | undefined {
  return images
    .find(({reference}) => reference === image)
    ?.platforms.find(({entry}) => formatPlatform(entry.platform) === name)
}

/** What is known of a finding's file; undefined where it is about no file that is there. */
export function explainedFile(
  {path}: Finding,
  platform: PlatformFacts,
  records: BuildRecords,
): ExplainedFile | undefined {
  const file = path === undefined ? undefined : seenFile(platform, path)
  if (file === undefined) return undefined
  const record = records.get(platform)
  const layers = record?.layers ?? platform.layers
  const index = file.layer ?? record?.layerOf.get(file.path)
  const layer = index === undefined ? undefined : layers[index]
  const provenance = record?.provenance
  const digests = layers.map(({digest}) => digest)
  const made = provenance && layer ? stepOfLayer(provenance, digests, layer.index) : undefined
  return {platform, file, layers, ...defined({layer, provenance, made})}
}
