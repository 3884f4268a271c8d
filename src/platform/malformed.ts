import {ARCHITECTURES, findArchitecture} from './architectures/index.ts'
import {normaliseArchitecture, normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** Why no client matches a platform, and what was probably meant. */
export interface MalformedPlatform {
  readonly reason: string
  readonly meant: Platform | undefined
}

/**
 * What Go's runtime, and so every client written in Go, calls systems:
 * https://go.dev/src/internal/syslist/syslist.go
 */
const KNOWN_OS: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris wasi wasip1 windows zos'.split(
    ' ',
  ),
)

/** What people write for an architecture and its variant in one word. */
const MISNOMERS: ReadonlyMap<string, readonly [architecture: string, variant: string]> = new Map(
  ARCHITECTURES.flatMap(({name, misnomers = {}}) =>
    Object.entries(misnomers).map(([word, variant]) => [word, [name, variant]] as const),
  ),
)

/** Tells a platform that no client matches: an unknown system or architecture, or a variant that no host has. */
export function findMalformedPlatform(platform: Platform): MalformedPlatform | undefined {
  const normal = normalisePlatform(platform)
  const {os, architecture, variant} = normal
  if (!KNOWN_OS.has(os)) return {reason: `no system is called ${quote(os)}`, meant: undefined}
  const row = findArchitecture(architecture)
  if (row === undefined) {
    const meant = MISNOMERS.get(architecture)
    const reason = `no architecture is called ${quote(architecture)}`
    return {reason, meant: meant ? {...platform, architecture: meant[0], variant: meant[1]} : undefined}
  }
  // Of other architectures a variant may be anything, and is: nobody matches by them yet.
  const levels = row.variants?.areMatched ? row.variants.levels : undefined
  const isKnown = levels?.some(level => normaliseArchitecture(architecture, level).variant === variant) ?? true
  if (isKnown) return undefined
  // `linux/arm64/v7` is the arm image with the architecture of its builder, `linux/arm/v9` nothing that exists.
  const meant =
    architecture === 'arm64' && /^v[5-7]$/.test(variant)
      ? {...platform, architecture: 'arm'}
      : {...platform, variant: ''}
  return {reason: `no ${architecture} host has the variant ${quote(variant)}`, meant}
}

function quote(text: string): string {
  return JSON.stringify(text)
}
