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

// Maps, not objects: a variant may be spelled `constructor`.
const ARM64_VARIANTS: ReadonlyMap<string, string> = new Map([
  ['8', ''],
  ['v8', ''],
  ['v8.0', ''],
  ['9', 'v9'],
  ['9.0', 'v9'],
  ['v9.0', 'v9'],
])
const ARM_VARIANTS: ReadonlyMap<string, string> = new Map([
  ['', 'v7'],
  ['5', 'v5'],
  ['6', 'v6'],
  ['7', 'v7'],
  ['8', 'v8'],
])

/** `normalizeArch` of containerd/platforms database.go, row by row. */
export function normaliseArchitecture(
  architecture: string,
  variant: string,
): {readonly architecture: string; readonly variant: string} {
  const arch = architecture.toLowerCase()
  const level = variant.toLowerCase()
  switch (arch) {
    case 'i386':
      return {architecture: '386', variant: ''}
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return {architecture: 'amd64', variant: level === 'v1' ? '' : level}
    case 'aarch64':
    case 'arm64':
      return {architecture: 'arm64', variant: ARM64_VARIANTS.get(level) ?? level}
    // Debian's names. armel is v6 to containerd though Debian's is ARMv5TE.
    case 'armhf':
      return {architecture: 'arm', variant: 'v7'}
    case 'armel':
      return {architecture: 'arm', variant: 'v6'}
    case 'arm':
      return {architecture: 'arm', variant: ARM_VARIANTS.get(level) ?? level}
    default:
      return {architecture: arch, variant: level}
  }
}
