import type {AbsentPlatform} from '../image/source.ts'
import {formatPlatform, formatPlatformFully, isRequested, type Platform} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {entriesOf, type Release, releasesOf} from './support/release.ts'

/** A platform that was requested is not in the index or was not pulled, or the reference is one platform's manifest. */
export const platformMissing: Rule = {
  id: 'platform-missing',
  level: 'error',
  summary: 'A required platform is not in the index, or the reference is one platform’s manifest.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) {
      const required = release.images[0]?.required
      const present = entriesOf(release).map(({entry}) => entry.platform)
      const absent = release.images.flatMap(({root}) => root.absent ?? [])
      const [first] = absent
      if (required === undefined && present.length === 0)
        yield first ? nothingHeld(release, first) : emptyIndex(release)
      for (const platform of required ?? []) {
        if (present.some(candidate => isRequested(platform, candidate))) continue
        const named = absent.find(candidate => isRequested(platform, candidate.platform))
        yield named ? notHeld(release, platform, named) : missing(release, platform, present)
      }
    }
  },
}

/** What an index names, and a daemon has not pulled or an archive does not have. */
function notHeld({reference}: Release, required: Platform, {platform, notIn, descriptor}: AbsentPlatform): Violation {
  const name = formatPlatform(required)
  return {
    image: reference,
    platform: name,
    message: `${name} is in the index, but the ${notIn} does not have it`,
    evidence: {required: name, available: [], kind: notIn, digests: 1, digest: descriptor.digest},
    fix: pullFirst(formatPlatform(platform), notIn),
  }
}

function nothingHeld({reference}: Release, {platform, notIn}: AbsentPlatform): Violation {
  return {
    image: reference,
    message: `the ${notIn} has none of the platforms that the index names`,
    evidence: {required: null, available: [], kind: notIn, digests: 1},
    fix: pullFirst(formatPlatform(platform), notIn),
  }
}

function pullFirst(platform: string, notIn: AbsentPlatform['notIn']): string {
  const saved = notIn === 'archive' ? ' before you save the image' : ''
  return `Pull the platform${saved} (docker pull --platform ${platform} …), or check the image in its registry.`
}

function missing(release: Release, required: Platform, present: readonly Platform[]): Violation {
  const name = required.osVersion ? formatPlatformFully : formatPlatform
  const available = present.map(name)
  const there = available.length === 0 ? 'no platform at all' : available.join(', ')
  const {kind} = release.images[0]?.root ?? {kind: 'index'}
  const told = release.isJoined
    ? `is in none of the ${release.images.length} digests, which have ${there}`
    : kind === 'index'
      ? `is not in the index, which has ${there}`
      : `is missing: the reference is the manifest of one platform, ${there}, not an index`
  return {
    image: release.reference,
    platform: name(required),
    message: `${name(required)} ${told}`,
    evidence: {required: name(required), available, kind, digests: release.images.length},
    fix:
      kind === 'index' || release.isJoined
        ? `Build ${name(required)} too (docker buildx build --platform …) and push all platforms as one index.`
        : 'Push one index for all platforms: build them in one docker buildx build --platform …, or join them with docker buildx imagetools create.',
  }
}

function emptyIndex({reference}: Release): Violation {
  return {
    image: reference,
    message: 'the index names no platform',
    evidence: {required: null, available: [], kind: 'index', digests: 1},
    fix: 'Build at least one platform and push it: docker buildx build --platform … --push.',
  }
}
