import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'
import {windowsVersionRuns} from './windows.ts'

/** Whether two platforms are one, whatever their spelling. OS versions differ only where both have one. */
export function platformsEqual(a: Platform, b: Platform): boolean {
  const versionsEqual = !a.osVersion || !b.osVersion || a.osVersion === b.osVersion
  return versionsEqual && sameMachine(normalisePlatform(a), normalisePlatform(b))
}

/**
 * Whether an image is what was requested: equal, and of a Windows version that the
 * asked one runs. containerd `OnlyStrict`.
 */
export function isRequested(request: Platform, image: Platform): boolean {
  return matches(normalisePlatform(request), normalisePlatform(image))
}

/**
 * Whether a host takes an image of this platform, as containerd's `Only(host)` decides it: a lower variant, i386 on
 * amd64, 32-bit arm on arm64. It says "may run": whether the host's processor and kernel really do is another matter.
 */
export function canRun(host: Platform, image: Platform): boolean {
  const wanted = normalisePlatform(image)
  return platformVector(host).some(candidate => matches(candidate, wanted))
}

/** The platforms that a host takes, the best first. containerd/platforms compare.go `platformVector`. */
export function platformVector(host: Platform): readonly Platform[] {
  const normal = normalisePlatform(host)
  switch (normal.architecture) {
    case 'amd64':
      return [
        normal,
        ...below(normal.variant, 1).map(variant => normalisePlatform({...normal, variant})),
        {...normal, architecture: '386', variant: ''},
      ]
    case 'arm':
      return armVector(normal)
    case 'arm64': {
      const variants = ARM64_VECTORS.get(normal.variant === '' ? 'v8' : normal.variant)
      if (!variants) return []
      return [
        ...variants.map(variant => normalisePlatform({...normal, variant})),
        ...armVector({...normal, architecture: 'arm', variant: 'v8'}),
      ]
    }
    default:
      return [normal]
  }
}

function armVector(host: Platform): readonly Platform[] {
  return [host, ...below(host.variant, 5).map(variant => ({...host, variant}))]
}

/** The versions under `vN`, down to the floor: below('v7', 5) is v6, v5. Beyond v99 there is no such machine. */
function below(variant: string, floor: number): readonly string[] {
  const number = /^v?(\d{1,2})$/.exec(variant)?.[1]
  const versions: string[] = []
  for (let version = Number(number ?? 0) - 1; version >= floor; version--) versions.push(`v${version}`)
  return versions
}

/** `arm64variantToVersion`: v9.M has all of v8.(M+5), and v8.9 is the last of its line. */
const ARM64_VECTORS: ReadonlyMap<string, readonly string[]> = new Map(
  [
    ...Array.from({length: 10}, (_, minor) => [8, minor] as const),
    ...Array.from({length: 8}, (_, minor) => [9, minor] as const),
  ].map(([major, minor]) => [
    arm64Variant(major, minor),
    major === 8 ? downTo(8, minor) : [...downTo(9, minor), ...downTo(8, Math.min(minor + 5, 9))],
  ]),
)

function downTo(major: number, minor: number): readonly string[] {
  return Array.from({length: minor + 1}, (_, down) => arm64Variant(major, minor - down))
}

function arm64Variant(major: number, minor: number): string {
  return minor === 0 ? `v${major}` : `v${major}.${minor}`
}

/** `Matcher.Match` of normalised platforms: equal but for the OS version, which only windows looks at. */
function matches(candidate: Platform, image: Platform): boolean {
  if (!sameMachine(candidate, image)) return false
  return candidate.os !== 'windows' || windowsVersionRuns(candidate.osVersion ?? '', image.osVersion ?? '')
}

function sameMachine(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture && a.variant === b.variant
}
