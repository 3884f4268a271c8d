import {
  canRun,
  findMalformedPlatform,
  formatPlatform,
  formatPlatformFully,
  isRequested,
  normalisePlatform,
  type Platform,
  parsePlatform,
  platformsEqual,
  platformVector,
  programTarget,
  variantPromise,
} from '../../../src/platform/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const AMD64: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

/** Platforms as users write them, and as indexes and configs claim them. */
export const target: FuzzTarget = {
  name: 'platform',
  seeds: () =>
    texts(
      'linux/amd64',
      'linux/arm/v7',
      'linux/arm64/v8',
      'linux/x86_64/v3',
      'windows(10.0.20348.2113)/amd64',
      'linux(1.0+a+b)/armhf',
      'linux/riscv64',
      'darwin/aarch64',
      'linux/mips64le/softfloat',
      'freebsd/386/v1\n',
    ),
  limit: 200,
  millisecondsPerKiB: 20,
  run: input => {
    const text = Buffer.from(input).toString('utf8')
    const [os = '', architecture = '', variant = '', osVersion = ''] = text.split('/')
    const claimed: Platform = {os, architecture, variant, osVersion}
    const parsed = parsePlatform(text)
    if (parsed.ok) checkParsed(parsed.value)
    return [parsed, ...[claimed, ...(parsed.ok ? [parsed.value] : [])].map(ask)]
  },
}

function ask(platform: Platform): unknown {
  const normal = normalisePlatform(platform)
  const again = normalisePlatform(normal)
  holds(platformsEqual(again, normal), 'a normal platform is its own normal form')
  holds(platformsEqual(platform, platform) && platformsEqual(platform, normal), 'a platform equals its normal form')
  holds(isRequested(platform, platform), 'a platform is among itself')
  return [
    normal,
    formatPlatform(platform),
    formatPlatformFully(platform),
    findMalformedPlatform(platform),
    platformVector(platform),
    programTarget(platform)?.name,
    variantPromise(platform),
    canRun(platform, AMD64),
    canRun(AMD64, platform),
  ]
}

function checkParsed(platform: Platform): void {
  const again = parsePlatform(formatPlatform(platform))
  holds(
    again.ok && platformsEqual(again.value, {...platform, osVersion: again.value.osVersion ?? ''}),
    'what is written is read',
  )
}
