import {expect, test} from '@jest/globals'
import {renderCodeQuality} from '../../src/report/code-quality.ts'
import {
  annotationsOf,
  headlineOf,
  renderJson,
  renderMarkdown,
  renderPredicate,
  renderSarif,
  renderText,
} from '../../src/report/index.ts'
import {renderJunit} from '../../src/report/junit.ts'
import type {Report} from '../../src/report/report.ts'
import {SAMPLE_CONFIGURATION, TOLERATED} from '../support/sample-reports.ts'

/** Every way to show a report, with the predicates of all its images. */
const WAYS: Readonly<Record<string, (report: Report) => unknown>> = {
  text: report => renderText(report),
  'quiet text': report => renderText(report, {isQuiet: true}),
  json: renderJson,
  markdown: report => renderMarkdown(report),
  sarif: report => renderSarif(report, []),
  junit: renderJunit,
  'code quality': renderCodeQuality,
  annotations: annotationsOf,
  headline: report => headlineOf(report),
  predicates: report => report.images.map(image => renderPredicate(report, image)),
}

test.each(Object.keys(WAYS))('%s: twice as many images, with settings of their own, are twice the work', way => {
  expect(readsOf(way, 400) / readsOf(way, 200)).toBeLessThan(2.2)
})

/** Two images of three are checked by another policy. */
function configurationOf(index: number) {
  return index % 3 === 0 ? {} : {configuration: {...SAMPLE_CONFIGURATION, digest: `sha256:${index % 3}`}}
}

/** How often a way looks at which image something is: at the references of images, and at the images of findings. */
function readsOf(way: string, count: number): number {
  let reads = 0
  const counted = <O extends object>(of: O, key: string, value: string): O =>
    Object.defineProperty({...of}, key, {
      enumerable: true,
      get: () => {
        reads += 1
        return value
      },
    })
  const [image] = TOLERATED.images
  if (image === undefined) throw new Error('the sample has no image')
  const names = Array.from({length: count}, (_, index) => `registry.example/app-${index}`)
  const report: Report = {
    ...TOLERATED,
    images: names.map((name, index) => counted({...image, ...configurationOf(index)}, 'reference', name)),
    findings: names.flatMap(name => TOLERATED.findings.map(finding => counted(finding, 'image', name))),
    switchedOff: names.flatMap(name => TOLERATED.switchedOff.map(finding => counted(finding, 'image', name))),
  }
  reads = 0
  WAYS[way]?.(report)
  // One that looks at none would not be measured.
  expect(reads).toBeGreaterThan(0)
  return reads
}
