import {ARCHITECTURES} from './architectures/index.ts'
import type {Platform} from './platform.ts'

/**
 * The one spelling of a platform, as containerd/platforms `Normalize` (database.go) has it: lower case,
 * `aarch64` is `arm64`, `linux/arm` is `linux/arm/v7`, `linux/arm64/v8` is `linux/arm64`. An empty os stays
 * empty: there is no host here to take it from.
 */
export function normalisePlatform(platform: Platform): Platform {
  const {architecture, variant} = normaliseArchitecture(platform.architecture, platform.variant)
  return {...platform, os: normaliseOs(platform.os), architecture, variant}
}

export function normaliseOs(os: string): string {
  const lower = os.toLowerCase()
  return lower === 'macos' ? 'darwin' : lower
}

interface Name {
  readonly architecture: string
  /** What the name itself says; undefined where it says nothing. */
  readonly variant: string | undefined
}

// Maps, not objects: a variant may be spelled `constructor`.
const NAMES: ReadonlyMap<string, Name> = new Map(
  ARCHITECTURES.flatMap(({name, aliases = {}}) => [
    [name, {architecture: name, variant: undefined}] as const,
    ...Object.entries(aliases).map(([alias, variant]) => [alias, {architecture: name, variant}] as const),
  ]),
)
const SPELLINGS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  ARCHITECTURES.map(({name, variants}) => [name, new Map(Object.entries(variants?.spellings ?? {}))]),
)

/** `normalizeArch` of containerd/platforms database.go. */
export function normaliseArchitecture(
  written: string,
  variant: string,
): {readonly architecture: string; readonly variant: string} {
  const lower = written.toLowerCase()
  const level = variant.toLowerCase()
  const name = NAMES.get(lower)
  if (name === undefined) return {architecture: lower, variant: level}
  const {architecture} = name
  return {architecture, variant: name.variant ?? SPELLINGS.get(architecture)?.get(level) ?? level}
}
