import type {ImageFacts} from '../facts.ts'
import {formatPlatform, platformsEqual} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'

/** A platform that was asked for is not in the index, or the reference is one platform's manifest. */
export const platformMissing: Rule = {
  id: 'platform-missing',
  level: 'error',
  summary: 'A required platform is not in the index, or the reference is one platform’s manifest.',
  *check({images}) {
    for (const image of images) {
      if (image.required === undefined && image.document.entries.length === 0) yield emptyIndex(image)
      for (const required of image.required ?? []) {
        const present = image.document.entries.some(({platform}) => platformsEqual(platform, required))
        if (!present) yield missing(image, formatPlatform(required))
      }
    }
  },
}

function missing(image: ImageFacts, platform: string): Violation {
  const available = image.document.entries.map(entry => formatPlatform(entry.platform))
  const isIndex = image.document.kind === 'index'
  const there = available.length === 0 ? 'no platform at all' : available.join(', ')
  return {
    image: image.reference,
    platform,
    message: isIndex
      ? `${platform} is not in the index, which has ${there}`
      : `${platform} is not there: the reference is the manifest of one platform, ${there}, and no index`,
    evidence: {required: platform, available, kind: image.document.kind},
    fix: isIndex
      ? `Build ${platform} too (docker buildx build --platform …) and push all platforms as one index.`
      : 'Push one index for all platforms: build them in one docker buildx build --platform …, or join them with docker buildx imagetools create.',
  }
}

function emptyIndex(image: ImageFacts): Violation {
  return {
    image: image.reference,
    message: 'the index names no platform',
    evidence: {required: null, available: [], kind: image.document.kind},
  }
}
