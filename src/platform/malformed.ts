import {platformVector} from './match.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** Why no client matches a platform, and what was probably meant. */
export interface MalformedPlatform {
  readonly reason: string
  readonly meant: Platform | undefined
}

/**
 * What Go's runtime, and so every client written in Go, calls systems and architectures:
 * https://go.dev/src/internal/syslist/syslist.go
 */
const KNOWN_OS: ReadonlySet<string> = new Set(
  'aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris wasi wasip1 windows zos'.split(
    ' ',
  ),
)
const KNOWN_ARCHITECTURES: ReadonlySet<string> = new Set(
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
)
/** The variants that hosts of an architecture have. Others may name anything, and do: nobody matches by them yet. */
const VARIANTS: Readonly<Record<string, RegExp>> = {
  amd64: /^(?:v[2-4])?$/,
  arm: /^v[5-8]$/,
}
/** Architecture and variant that people write in one word: bashbrew's names, Debian's, uname's. */
const ONE_WORD: ReadonlyMap<string, readonly [architecture: string, variant: string]> = new Map([
  ['amd64v2', ['amd64', 'v2']],
  ['amd64v3', ['amd64', 'v3']],
  ['x64', ['amd64', '']],
  ['x86', ['386', '']],
  ['i686', ['386', '']],
  ['arm32', ['arm', 'v7']],
  ['arm32v5', ['arm', 'v5']],
  ['arm32v6', ['arm', 'v6']],
  ['arm32v7', ['arm', 'v7']],
  ['armv5', ['arm', 'v5']],
  ['armv6', ['arm', 'v6']],
  ['armv6l', ['arm', 'v6']],
  ['armv7', ['arm', 'v7']],
  ['armv7l', ['arm', 'v7']],
  ['armv8', ['arm64', '']],
  ['arm64v8', ['arm64', '']],
  ['ppc64el', ['ppc64le', '']],
  ['powerpc64le', ['ppc64le', '']],
  ['mips64el', ['mips64le', '']],
  ['mipsel', ['mipsle', '']],
  ['loongarch64', ['loong64', '']],
])

/** Tells a platform that no client matches: an unknown system or architecture, or a variant that no host has. */
export function findMalformedPlatform(platform: Platform): MalformedPlatform | undefined {
  const normal = normalisePlatform(platform)
  const {os, architecture, variant} = normal
  if (!KNOWN_OS.has(os)) return {reason: `no system is called ${quote(os)}`, meant: undefined}
  if (!KNOWN_ARCHITECTURES.has(architecture)) {
    const meant = ONE_WORD.get(architecture)
    const reason = `no architecture is called ${quote(architecture)}`
    return {reason, meant: meant ? {...platform, architecture: meant[0], variant: meant[1]} : undefined}
  }
  const isKnown =
    architecture === 'arm64' ? platformVector(normal).length > 0 : (VARIANTS[architecture]?.test(variant) ?? true)
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
