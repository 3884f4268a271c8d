import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {formatBase} from '../provenance/index.ts'
import type {BaseImage} from './background.ts'
import type {Cause} from './cause.ts'
import type {ExplainedFile} from './explained-file.ts'

/** What the base image that a file came with has to do with it. */
export interface BaseImageCause {
  readonly cause: Cause
  readonly fix?: string
}

/**
 * The base image that brought the file: the one whose layers are the lowest ones of the image, up to that of the file.
 * Undefined where none is known, or the layer stands above them all.
 */
export function baseImageCause(explained: ExplainedFile, bases: readonly BaseImage[]): BaseImageCause | undefined {
  const {layer, layers, provenance, platform} = explained
  const own = (provenance?.bases ?? []).map(formatBase)
  const [brought] = bases
    .filter(({base}) => own.includes(formatBase(base)))
    .filter(base => layer !== undefined && base.layers.length > layer.index)
    .filter(base => base.layers.every((digest, index) => layers[index]?.digest === digest))
    .toSorted((a, b) => b.layers.length - a.layers.length)
  if (brought === undefined) return undefined
  const {base, answer} = brought
  const name = formatPlatform(platform.entry.platform)
  const told = `it came with the base image ${formatBase(base)}`
  if (answer.kind === 'manifest' && (answer.platform === undefined || formatPlatform(answer.platform) !== name)) {
    const of = answer.platform === undefined ? 'one platform' : formatPlatform(answer.platform)
    const fix = pinnedFix(brought)
    return {
      cause: {kind: 'base-image', message: `${told}, which is the manifest of ${of}, not an index`},
      ...defined({fix}),
    }
  }
  if (answer.kind === 'index' && base.platform !== undefined && base.platform !== name) {
    return {
      cause: {kind: 'base-image', message: `${told}, of which the build took ${base.platform}`},
      fix: `FROM ${formatBase(base)} (without a --platform that is not the target's, in the stage that becomes the image)`,
    }
  }
  return {cause: {kind: 'base-image', message: told}}
}

/** The index of the tag, where it holds what is pinned: it is the same base for all platforms. */
function pinnedFix({base: {name, tag}, answer}: BaseImage): string | undefined {
  if (answer.kind !== 'manifest' || answer.tagged === undefined) return undefined
  const {digest, hasPinned} = answer.tagged
  const line = `FROM ${name}:${tag ?? 'latest'}@${digest}`
  return hasPinned ? line : `${line} (the index of ${tag ?? 'latest'} today, which has moved on from what was pinned)`
}
