import {formatPlatform, formatPlatformFully, isRequested, type Platform} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {entriesOf, type Release, releasesOf} from './support/release.ts'

/** A platform that was asked for is not in the index, or the reference is one platform's manifest. */
export const platformMissing: Rule = {
  id: 'platform-missing',
  level: 'error',
  summary: 'A required platform is not in the index, or the reference is one platform’s manifest.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) {
      const required = release.images[0]?.required
      const present = entriesOf(release).map(({entry}) => entry.platform)
      if (required === undefined && present.length === 0) yield emptyIndex(release)
      for (const platform of required ?? []) {
        if (!present.some(candidate => isRequested(platform, candidate))) yield missing(release, platform, present)
      }
    }
  },
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
