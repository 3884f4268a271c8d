import {platformVector} from './match.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/**
 * The levels of processors that variants name, lowest first, by GOARCH: what an empty variant means is the first.
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md#platform-variants; the
 * names are those of GOAMD64, GOPPC64 and GORISCV64 (Go src/internal/buildcfg/cfg.go), too. arm and
 * arm64 are ordered by containerd's vectors.
 */
const LEVELS: Readonly<Record<string, readonly string[]>> = {
  amd64: ['v1', 'v2', 'v3', 'v4'],
  ppc64: ['power8', 'power9', 'power10', 'power11'],
  ppc64le: ['power8', 'power9', 'power10', 'power11'],
  riscv64: ['rva20u64', 'rva22u64', 'rva23u64'],
}

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
  if (architecture === 'arm') return {level: variant, explicit: true}
  if (architecture === 'arm64') return {level: variant === '' ? 'v8' : variant, explicit: true}
  const lowest = levelsOf(architecture)[0]
  const explicit = variant !== '' || architecture === 'amd64'
  return lowest === undefined ? undefined : {level: variant === '' ? lowest : variant, explicit}
}

/** Whether a processor level is more than a platform promises; undefined where either is none that can be compared. */
export function exceedsVariant(platform: Platform, level: string): boolean | undefined {
  const {architecture} = normalisePlatform(platform)
  const promise = variantPromise(platform)
  if (!promise) return undefined
  if (architecture === 'arm' || architecture === 'arm64') return exceedsArm(platform, level)
  const levels = levelsOf(architecture)
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

function levelsOf(architecture: string): readonly string[] {
  return Object.hasOwn(LEVELS, architecture) ? (LEVELS[architecture] ?? []) : []
}
