import {createHash} from 'node:crypto'
import {DEFAULT_LIMITS, type Limits, raisedLimits} from '../lib/limits.ts'
import type {Finding, Level} from '../rules/finding.ts'
import {formatJson} from './escape.ts'
import {type FailOn, failsAt, type Report, type ReportImage} from './report.ts'
import {rowsOf} from './tally.ts'

/** The test for what concerns the image as a whole. */
export const WHOLE_IMAGE_TEST = 'image'

export interface PredicateOptions {
  /** One of the report's; its first where none is given. */
  readonly image?: ReportImage
  readonly failOn?: FailOn
  /** The level at which each rule was run. */
  readonly rules?: readonly {readonly id: string; readonly level: Level | 'off'}[]
  /** The limits of the run; none was raised where nothing is said. */
  readonly limits?: Limits
}

type Outcome = 'PASSED' | 'WARNED' | 'FAILED'

/**
 * What was verified of one image, as the predicate of an in-toto statement of the type
 * https://in-toto.io/attestation/test-result/v0.1 (what `cosign attest --type` and `actions/attest` want): no time, no
 * host, the same for the same input. Its tests are the platforms of the image, so that a policy for a fleet of one
 * platform can look for `linux/arm64` in `passedTests`, as the specification's own example of devices does. Details
 * stand in an extension field, which other consumers pass over (in-toto parsing rules).
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
 */
export function renderPredicate(report: Report, options: PredicateOptions = {}): string {
  const {image = report.images[0], failOn = 'error', rules = [], limits = DEFAULT_LIMITS} = options
  const tests = image === undefined ? [] : testsOf(report, image, failOn)
  const named = (wanted: Outcome): string[] => tests.filter(({outcome}) => outcome === wanted).map(({name}) => name)
  return formatJson({
    result: tests.length === 0 ? 'FAILED' : worst(tests.map(({outcome}) => outcome)),
    configuration: [configurationOf(report, failOn, rules, limits)],
    passedTests: named('PASSED'),
    warnedTests: named('WARNED'),
    failedTests: named('FAILED'),
    verifyImageArch: {
      schemaVersion: report.schemaVersion,
      tool: {name: report.tool.name, version: report.tool.version},
      ...(image === undefined ? {} : {subject: {name: image.name ?? image.reference, ...digestSet(image.digest)}}),
      tests: tests.map(({name, digest, verdict, findings}) => ({
        name,
        ...digestSet(digest),
        verdict,
        findings: findings.map(({rule, level, path}) => ({rule, level, path})),
      })),
    },
  })
}

interface Test {
  readonly name: string
  readonly digest?: string | undefined
  readonly verdict?: string | undefined
  readonly findings: readonly Finding[]
  readonly outcome: Outcome
}

function testsOf(report: Report, image: ReportImage, failOn: FailOn): Test[] {
  const platforms = rowsOf(report).filter(row => row.image === image)
  const whole = report.findings.filter(finding => finding.image === image.reference && finding.platform === undefined)
  return [
    ...platforms.map(({name, platform, findings}) => {
      const doubt: Outcome = platform === undefined ? 'FAILED' : platform.verdict === 'match' ? 'PASSED' : 'WARNED'
      const outcome = platform?.verdict === 'mismatch' ? 'FAILED' : worst([doubt, outcomeOf(findings, failOn)])
      return {name, digest: platform?.digest, verdict: platform?.verdict, findings, outcome}
    }),
    {name: WHOLE_IMAGE_TEST, digest: image.digest, findings: whole, outcome: outcomeOf(whole, failOn)},
  ]
}

/** An error is one also where the job was told not to fail. */
function outcomeOf(findings: readonly Finding[], failOn: FailOn): Outcome {
  if (findings.some(({level}) => level === 'error' || failsAt(level, failOn))) return 'FAILED'
  return findings.some(({level}) => level === 'warning') ? 'WARNED' : 'PASSED'
}

function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('FAILED')) return 'FAILED'
  return outcomes.includes('WARNED') ? 'WARNED' : 'PASSED'
}

/**
 * A ResourceDescriptor; its digest is that of its annotations as compact JSON, so that a
 * policy can pin the whole configuration.
 */
function configurationOf(
  {tool}: Report,
  failOn: FailOn,
  rules: NonNullable<PredicateOptions['rules']>,
  limits: Limits,
) {
  const sorted = rules.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const raised = raisedLimits(limits)
  const annotations = {
    version: tool.version,
    failOn,
    rules: Object.fromEntries(sorted.map(({id, level}) => [id, level])),
    // What was verified under the usual limits keeps its digest.
    ...(Object.keys(raised).length === 0 ? {} : {limits: raised}),
  }
  const sha256 = createHash('sha256').update(JSON.stringify(annotations)).digest('hex')
  return {name: tool.name, digest: {sha256}, mediaType: 'application/json', annotations}
}

/** `sha256:…` as in-toto writes it. https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md */
function digestSet(digest: string | undefined): {readonly digest?: Readonly<Record<string, string>>} {
  const [, algorithm, hex] = /^([^:]+):(.+)$/s.exec(digest ?? '') ?? []
  return algorithm === undefined || hex === undefined ? {} : {digest: {[algorithm]: hex}}
}
