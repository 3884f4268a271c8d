import type {Referrer} from '../image/source.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'

/**
 * An entry of the index that is not an image for an ordinary engine: an artifact, or an image for an engine with an
 * extension. It is set aside. Where engines choose it all the same, because they look at its platform alone, it is
 * checked as an image, or keeps the image behind it from being pulled.
 */
export const indexEntry: Rule = {
  id: 'index-entry',
  level: 'warning',
  summary: 'An entry of the index is not an image for an ordinary engine, or is marked as something else.',
  *checkPlatform({platform, name}) {
    const {marked, descriptor} = platform.entry
    if (marked !== undefined) {
      yield {
        message: `the first entry for ${name} is marked as ${marked}, and engines choose it all the same: it was checked as the image`,
        evidence: {digest: descriptor.digest, mediaType: descriptor.mediaType, marked},
        fix: `Put the image for ${name} before it, or leave the platform out of the entry.`,
      }
    }
  },
  *checkAll({images}) {
    for (const {reference, root} of images) {
      for (const referrer of root.referrers) {
        if (referrer.what !== undefined) yield aside(reference, referrer, referrer.what)
      }
    }
  },
}

function aside(image: string, {descriptor, claimed, hidesImage}: Referrer, what: string): Violation {
  const name = claimed && formatPlatform(claimed)
  const evidence = {digest: descriptor.digest, mediaType: descriptor.mediaType, platform: name ?? null, what}
  if (hidesImage && name !== undefined) {
    return {
      image,
      platform: name,
      level: 'error',
      message: `the first entry for ${name} is ${what}: engines choose it, refuse it, and never reach the image behind it`,
      evidence,
      fix: `Put the image for ${name} before it, or leave the platform out of the entry.`,
    }
  }
  const claim = name === undefined ? '' : ` for ${name}`
  // No platform of the report: it says nothing of the image that may be there for that platform.
  return {image, level: 'note', message: `an entry of the index${claim} is ${what}, and is ignored`, evidence}
}
