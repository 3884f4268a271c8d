import {type Finding, ownLevelOf} from '../rules/finding.ts'
import {findingsOn, switchedOffOn} from './by-image.ts'
import type {ReportConfiguration} from './configuration.ts'
import {formatJson} from './escape.ts'
import {baselineJson, configurationJson} from './json.ts'
import {configurationOf, failsAt, type Report, type ReportImage} from './report.ts'
import {type Row, rowsOfImage, stateOf} from './rows.ts'
import {tolerancesOf} from './tolerance.ts'

/**
 * The predicate's type, for `cosign attest --type` and `actions/attest` (docs/attestation.md): the predicate of
 * https://in-toto.io/attestation/test-result/v0.1, with `verifyImageArch` beside its fields.
 */
export const PREDICATE_TYPE = 'https://github.com/org/verify-image-arch/attestation/v1'

/** The test for what concerns the image as a whole. */
export const WHOLE_IMAGE_TEST = 'image'

type Outcome = 'PASSED' | 'WARNED' | 'FAILED'

/**
 * What was verified of one image of the report, its first where none is given: no time, no host, the same for the same
 * input. Its tests are the platforms of the image, so that a policy for a fleet of one platform can look for
 * `linux/arm64` in `passedTests`, as the specification's own example of devices does. A test passes by what the image
 * is, whatever level the user gave to saying so. Details stand in a field of our own, which other consumers pass over
 * (in-toto parsing rules). https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
 */
export function renderPredicate(report: Report, image?: ReportImage): string {
  return formatJson(predicateJson(report, image))
}

/** The same as a value. */
export function predicateJson(report: Report, image: ReportImage | undefined = report.images[0]) {
  const {schemaVersion, tool, verdict, policy} = report
  const configuration = configurationOf(report, image)
  const baseline = image?.baseline ?? report.baseline
  const tests = image === undefined ? [] : testsOf(report, image)
  const named = (wanted: Outcome): string[] => tests.filter(({outcome}) => outcome === wanted).map(({name}) => name)
  return {
    result: tests.length === 0 ? 'FAILED' : worst(tests.map(({outcome}) => outcome)),
    configuration: [resourceOf(tool.name, configuration)],
    passedTests: named('PASSED'),
    warnedTests: named('WARNED'),
    failedTests: named('FAILED'),
    verifyImageArch: {
      schemaVersion,
      tool: {name: tool.name, version: tool.version, ...digestSet(tool.digest)},
      // Of all images of the run, with what the user lowered and switched off.
      verdict,
      ...(image === undefined ? {} : {subject: {name: image.name ?? image.reference, ...digestSet(image.digest)}}),
      problem: image?.problem?.message,
      baseline: baseline && baselineJson(baseline),
      policy: policy && {file: policy.file, ...digestSet(policy.digest)},
      tolerances: tolerancesOf(report).map(({rule, setting, found}) => ({rule, setting, found: found.length})),
      tests: tests.map(testJson),
    },
  }
}

interface Test {
  readonly name: string
  readonly digest?: string | undefined
  readonly row?: Row
  readonly findings: readonly Finding[]
  readonly switchedOff: readonly Finding[]
  readonly outcome: Outcome
}

function testsOf(report: Report, image: ReportImage): Test[] {
  const configuration = configurationOf(report, image)
  const rows = rowsOfImage(report, image)
  const isWhole = ({platform}: Finding): boolean => platform === undefined
  const findings = findingsOn(report, image).filter(isWhole)
  const switchedOff = switchedOffOn(report, image).filter(isWhole)
  return [
    ...rows.map(row => ({
      ...{name: row.name, digest: row.platform?.digest, row, findings: row.findings, switchedOff: row.switchedOff},
      outcome: worst([outcomeOfRow(row, configuration), outcomeOf(row, configuration)]),
    })),
    {
      ...{name: WHOLE_IMAGE_TEST, digest: image.digest, findings, switchedOff},
      outcome: image.problem === undefined ? outcomeOf({findings, switchedOff}, configuration) : 'FAILED',
    },
  ]
}

function outcomeOfRow(row: Row, {onUndetermined}: ReportConfiguration): Outcome {
  switch (stateOf(row)) {
    case 'match':
      return 'PASSED'
    case 'undetermined':
    case 'unchecked':
      return onUndetermined === 'fail' ? 'FAILED' : 'WARNED'
    case 'mismatch':
    case 'tolerated':
    case 'absent':
      return 'FAILED'
  }
}

/** An error is one also where `fail-on` lets the job pass, and where its rule is lowered or switched off. */
function outcomeOf(
  {findings, switchedOff}: Pick<Test, 'findings' | 'switchedOff'>,
  {failOn}: ReportConfiguration,
): Outcome {
  const levels = [...findings, ...switchedOff].map(ownLevelOf)
  if (levels.includes('error') || findings.some(({level}) => failsAt(level, failOn))) return 'FAILED'
  return levels.includes('warning') || findings.some(({level}) => level === 'warning') ? 'WARNED' : 'PASSED'
}

function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('FAILED')) return 'FAILED'
  return outcomes.includes('WARNED') ? 'WARNED' : 'PASSED'
}

function testJson({name, digest, row, findings, switchedOff, outcome}: Test) {
  const platform = row?.platform
  return {
    name,
    ...digestSet(digest),
    outcome,
    verdict: platform?.verdict,
    tolerated: platform?.tolerated,
    checked: platform?.checked,
    undetermined: platform?.undetermined,
    findings: findings.map(({rule, level, ownLevel, path}) => ({rule, level, ownLevel, path})),
    switchedOff: switchedOff.map(({rule, level, path, suppressed}) => ({rule, level, path, suppressed})),
  }
}

/**
 * A ResourceDescriptor; its digest is that of its annotations as canonical JSON, so that a policy can pin the whole
 * configuration. https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md
 */
function resourceOf(name: string, configuration: ReportConfiguration) {
  const {digest, ...annotations} = configurationJson(configuration)
  return {name, ...digestSet(digest), mediaType: 'application/json', annotations}
}

/** `sha256:…` as in-toto writes it. https://github.com/in-toto/attestation/blob/main/spec/v1/digest_set.md */
function digestSet(digest: string | undefined): {readonly digest?: Readonly<Record<string, string>>} {
  const [, algorithm, hex] = /^([^:]+):(.+)$/s.exec(digest ?? '') ?? []
  return algorithm === undefined || hex === undefined ? {} : {digest: {[algorithm]: hex}}
}
