import {findArchitecture} from './architectures/index.ts'
import {platformVector} from './match.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/**
 * What a platform promises of its processor: `v6`, `v1`, `power8`; undefined where its architecture has no variants.
 */
export interface VariantPromise {
  readonly level: string
  /**
   * Whether the platform says so itself: to every client `linux/amd64` is `linux/amd64/v1`, `linux/arm64` is v8 and
   * `linux/arm` v7 (containerd's normalisation). Else it is only what an empty variant is taken for.
   */
  readonly explicit: boolean
}

export function variantPromise(platform: Platform): VariantPromise | undefined {
  const {architecture, variant} = normalisePlatform(platform)
  const {levels: [lowest] = [], areMatched = false} = findArchitecture(architecture)?.variants ?? {}
  if (lowest === undefined) return undefined
  return {level: variant === '' ? lowest : variant, explicit: areMatched || variant !== ''}
}

/** Whether a processor level is more than a platform promises; undefined where either is none that can be compared. */
export function exceedsVariant(platform: Platform, level: string): boolean | undefined {
  const {architecture} = normalisePlatform(platform)
  const promise = variantPromise(platform)
  if (!promise) return undefined
  if (architecture === 'arm' || architecture === 'arm64') return exceedsArm(platform, level)
  const levels = findArchitecture(architecture)?.variants?.levels ?? []
  const needed = levels.indexOf(level)
  const promised = levels.indexOf(promise.level)
  return needed < 0 || promised < 0 ? undefined : needed > promised
}

/** v9.2 has all of v8.7: what containerd's vector of the platform holds is promised. */
function exceedsArm(platform: Platform, level: string): boolean | undefined {
  const wanted = normalisePlatform({...platform, variant: level})
  const vector = platformVector(platform).filter(({architecture}) => architecture === wanted.architecture)
  if (vector.length === 0 || platformVector(wanted).length === 0) return undefined
  return !vector.some(({variant}) => variant === wanted.variant)
}
