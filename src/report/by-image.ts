import type {ExplainedFinding} from '../explain/index.ts'
import {remembered} from '../lib/remembered.ts'
import type {Finding} from '../rules/finding.ts'
import type {Report, ReportImage} from './report.ts'

/**
 * What of a report is on one image. Each list is gone through once, however many images ask: with thousands of images
 * that each look at all that was found, a report takes minutes.
 */

const FINDINGS = remembered((findings: readonly ExplainedFinding[]) => Map.groupBy(findings, ({image}) => image))
const IN_FILES = remembered((findings: readonly ExplainedFinding[]) =>
  Map.groupBy(FINDINGS(findings).get(undefined) ?? [], ({file}) => file),
)
const SWITCHED_OFF = remembered((findings: readonly Finding[]) => Map.groupBy(findings, ({image}) => image))
const IMAGES = remembered(
  (images: readonly ReportImage[]) => new Map(images.toReversed().map(image => [image.reference, image])),
)

/** The findings on an image, in their order. */
export function findingsOn(
  {findings}: Pick<Report, 'findings'>,
  {reference}: Pick<ReportImage, 'reference'>,
): readonly ExplainedFinding[] {
  return FINDINGS(findings).get(reference) ?? []
}

/** The findings on a Dockerfile, in their order. */
export function findingsInFile({findings}: Pick<Report, 'findings'>, file: string): readonly ExplainedFinding[] {
  return IN_FILES(findings).get(file) ?? []
}

/** What rules that are switched off, or suppressed, found on an image, in its order. */
export function switchedOffOn(
  {switchedOff}: Pick<Report, 'switchedOff'>,
  {reference}: Pick<ReportImage, 'reference'>,
): readonly Finding[] {
  return SWITCHED_OFF(switchedOff).get(reference) ?? []
}

/** The first image of that reference; undefined where the report has none. */
export function imageNamed({images}: Pick<Report, 'images'>, reference: string | undefined): ReportImage | undefined {
  return reference === undefined ? undefined : IMAGES(images).get(reference)
}
