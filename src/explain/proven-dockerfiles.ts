import type {Facts, ImageFacts} from '../facts/facts.ts'
import {formatPlatform} from '../platform/index.ts'
import {type Finding, ownLevelOf, platformsOf} from '../rules/finding.ts'
import type {ExplainedFinding} from './cause.ts'

/**
 * Makes an error on a Dockerfile a warning where the image of the same run shows that it does no harm: a run of one
 * image and one Dockerfile, in which every platform that is wanted, and that the error is about, was looked into and is
 * right. The builder may have been given another argument, or another base; the line is worth a look all the same.
 * `switchedOff`: what rules that are off found counts, for an image is not right because a rule is off.
 */
export function lightenProven(
  findings: readonly ExplainedFinding[],
  switchedOff: readonly Finding[],
  {images, dockerfiles = [], requested = []}: Facts,
): readonly ExplainedFinding[] {
  const [image] = images
  if (image === undefined || images.length !== 1 || dockerfiles.length !== 1) return findings
  const right = rightPlatforms(image, [...findings, ...switchedOff])
  if (!requested.every(platform => right.has(formatPlatform(platform)))) return findings
  return findings.map(finding => {
    const {evidence, level, ownLevel, message} = finding
    if (finding.image !== undefined || level !== 'error' || ownLevel !== undefined) return finding
    const about = Array.isArray(evidence.platforms) ? evidence.platforms : []
    if (about.length === 0 || !about.every(platform => typeof platform === 'string' && right.has(platform)))
      return finding
    return {...finding, level: 'warning', message: `${message}; the image ${image.reference} is right all the same`}
  })
}

/** Platforms of which it is known that they would start, and of whose image nothing is wrong. */
function rightPlatforms({reference, platforms}: ImageFacts, findings: readonly Finding[]): ReadonlySet<string> {
  const isOnWhole = (finding: Finding): boolean => finding.image === reference && platformsOf(finding).length === 0
  if (findings.some(finding => isOnWhole(finding) && ownLevelOf(finding) === 'error')) return new Set()
  const wrong = findings.flatMap(finding =>
    finding.image === reference && ownLevelOf(finding) === 'error' ? platformsOf(finding) : [],
  )
  return new Set(
    platforms
      .filter(({config, startup}) => config !== undefined && startup.undetermined === undefined)
      .map(({entry}) => formatPlatform(entry.platform))
      .filter(platform => !wrong.includes(platform)),
  )
}
