import type {BuiltOn} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {formatBase} from '../provenance/index.ts'
import type {Cause} from '../rules/finding.ts'
import type {Place} from './place.ts'

/** What the base image that a file came with has to do with it. */
export interface BaseCause {
  readonly cause: Cause
  readonly fix?: string
}

/**
 * The base image that brought the file: the one whose layers are the lowest ones of the image, up to that of the file.
 * Undefined where none is known, or the layer stands above them all.
 */
export function baseCause(place: Place, builtOn: readonly BuiltOn[]): BaseCause | undefined {
  const {layer, layers, provenance, platform} = place
  const own = (provenance?.bases ?? []).map(formatBase)
  const [found] = builtOn
    .filter(({base}) => own.includes(formatBase(base)))
    .filter(on => layer !== undefined && on.layers.length > layer.index)
    .filter(on => on.layers.every((digest, index) => layers[index]?.digest === digest))
    .toSorted((a, b) => b.layers.length - a.layers.length)
  if (found === undefined) return undefined
  const {base, answer} = found
  const name = formatPlatform(platform.entry.platform)
  const told = `it came with the base image ${formatBase(base)}`
  if (answer.kind === 'manifest' && (answer.platform === undefined || formatPlatform(answer.platform) !== name)) {
    const of = answer.platform === undefined ? 'one platform' : formatPlatform(answer.platform)
    const fix = pinnedFix(found)
    return {
      cause: {message: `${told}, which is the manifest of ${of} and no index`},
      ...defined({fix}),
    }
  }
  if (answer.kind === 'index' && base.platform !== undefined && base.platform !== name) {
    return {
      cause: {message: `${told}, of which the build took ${base.platform}`},
      fix: `FROM ${formatBase(base)} (without a --platform that is not the target's, in the stage that becomes the image)`,
    }
  }
  return {cause: {message: told}}
}

/** The index of the tag, where it holds what is pinned: it is the same base for all platforms. */
function pinnedFix({base: {name, tag}, answer}: BuiltOn): string | undefined {
  if (answer.kind !== 'manifest' || answer.tagged === undefined) return undefined
  const {digest, hasPinned} = answer.tagged
  const line = `FROM ${name}:${tag ?? 'latest'}@${digest}`
  return hasPinned ? line : `${line} (the index of ${tag ?? 'latest'} today, which has moved on from what was pinned)`
}
