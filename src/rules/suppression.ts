import picomatch from 'picomatch'
import {imageMatcher} from '../image/image-glob.ts'
import {isRequested, type Platform, parsePlatform} from '../platform/index.ts'
import {type Finding, platformsOf, type SuppressedBy} from './finding.ts'

/** Findings that a user knows of, and does not want to fail a check, until a day. */
export interface Suppression extends SuppressedBy {
  readonly rule: string
  /** A glob of images; absent for all, and for Dockerfiles. */
  readonly image?: string
  readonly platform?: Platform
  /** An absolute glob of files of the image; of a Dockerfile a glob of its name. */
  readonly path?: string
  /** Whether its last day is over: then it suppresses nothing. */
  readonly isExpired: boolean
}

/** What became of the suppressions of a run. */
export interface Suppressed<F extends Finding> {
  readonly kept: readonly F[]
  readonly suppressed: readonly F[]
}

/**
 * Takes out what suppressions that hold cover. A finding on several platforms is taken out where each of them is
 * covered.
 */
export function suppress<F extends Finding>(
  findings: readonly F[],
  suppressions: readonly Suppression[],
): Suppressed<F> {
  const matchers = suppressions.filter(({isExpired}) => !isExpired).map(matcherOf)
  if (matchers.length === 0) return {kept: findings, suppressed: []}
  const kept: F[] = []
  const suppressed: F[] = []
  for (const finding of findings) {
    const by = coveringOf(finding, matchers)
    if (by.length === 0) kept.push(finding)
    else suppressed.push({...finding, suppressed: by.map(({place, reason, until}) => ({place, reason, until}))})
  }
  return {kept, suppressed}
}

/** How many of the findings a suppression covers, on its platform, whether it holds or not. */
export function countCovered(suppression: Suppression, findings: readonly Finding[]): number {
  const {covers} = matcherOf(suppression)
  return findings.filter(finding => namesIn(finding).some(name => covers(finding, name))).length
}

interface Matcher {
  readonly suppression: Suppression
  /** `platform`: one that the finding is on; undefined where it is on none. */
  covers(finding: Finding, platform: string | undefined): boolean
}

/** Those that cover a finding together; none where a platform of it is left. */
function coveringOf(finding: Finding, matchers: readonly Matcher[]): readonly Suppression[] {
  const found = namesIn(finding).map(name => matchers.find(({covers}) => covers(finding, name))?.suppression)
  return found.includes(undefined) ? [] : [...new Set(found.filter(one => one !== undefined))]
}

function namesIn(finding: Finding): readonly (string | undefined)[] {
  const names = platformsOf(finding)
  return names.length === 0 ? [undefined] : names
}

function matcherOf(suppression: Suppression): Matcher {
  const {rule, image, platform, path} = suppression
  const isOfImage = imagesOf(suppression)
  const isOnPath = path === undefined ? () => true : picomatch([path, `${path}/**`], {dot: true, nonegate: true})
  return {
    suppression,
    covers: (finding, name) => {
      if (finding.rule !== rule || !isOnPlatform(platform, name)) return false
      const file = finding.path ?? finding.file
      if (path !== undefined && (file === undefined || !isOnPath(file))) return false
      return finding.image === undefined ? image === undefined : isOfImage(finding.image)
    },
  }
}

function isOnPlatform(wanted: Platform | undefined, name: string | undefined): boolean {
  if (wanted === undefined) return true
  const platform = name === undefined ? undefined : parsePlatform(name)
  return platform?.ok === true && isRequested(wanted, platform.value)
}

/** Says whether a suppression may be about findings of an image. */
export function imagesOf({image}: Pick<Suppression, 'image'>): (reference: string) => boolean {
  return image === undefined ? () => true : imageMatcher([image])
}
