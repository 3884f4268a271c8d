import type {ExplainedFinding} from '../explain/index.ts'
import type {Evidence, EvidenceValue} from '../rules/finding.ts'
import type {FileLayer} from './chain.ts'
import type {ConfiguredSuppression, ReportConfiguration} from './configuration.ts'
import {formatJson} from './escape.ts'
import type {
  Report,
  ReportBaseline,
  ReportDockerfile,
  ReportImage,
  ReportPlatform,
  ReportPolicy,
  ReportScan,
  ReportStep,
} from './report.ts'

/**
 * The report as docs/schema/report-v1.schema.json describes it: keys in the order of the schema, those of `evidence` by
 * name, what is undefined left out, a newline at the end. It may be printed anywhere: see formatJson.
 */
export function renderJson(report: Report): string {
  return formatJson(reportJson(report))
}

/** The same as a value. */
export function reportJson(report: Report) {
  const {schemaVersion, tool, configuration, policy, verdict, images, dockerfiles, baseline, unusedIgnores} = report
  return {
    schemaVersion,
    tool: {name: tool.name, version: tool.version, digest: tool.digest},
    configuration: configurationJson(configuration),
    policy: policy && policyJson(policy),
    verdict,
    images: images.map(imageJson),
    dockerfiles: dockerfiles?.map(dockerfileJson),
    baseline: baseline && baselineJson(baseline),
    unusedIgnores,
    findings: report.findings.map(findingJson),
    switchedOff: report.switchedOff.map(findingJson),
  }
}

/** As the predicate has it, too. */
export function configurationJson(configuration: ReportConfiguration) {
  const {scope, platforms, ignore, baseline, failOn, onUndetermined, rules, limits, dockerfiles} = configuration
  return {
    scope,
    platforms,
    ignore,
    baseline: baseline && {reference: baseline.reference, required: baseline.required},
    failOn,
    onUndetermined,
    rules,
    limits,
    dockerfiles,
    suppressions: configuration.suppressions?.map(suppressionJson),
    digest: configuration.digest,
  }
}

function suppressionJson({rule, image, platform, path, reason, until}: ConfiguredSuppression) {
  return {rule, image, platform, path, reason, until}
}

function policyJson({file, digest, suppressions}: ReportPolicy) {
  return {
    file,
    digest,
    suppressions: suppressions.map(({place, state, count, ...suppression}) => ({
      place,
      ...suppressionJson(suppression),
      state,
      count,
    })),
  }
}

function dockerfileJson({file, problem, stages, bases}: ReportDockerfile) {
  return {
    file,
    problem: problem && {line: problem.line, message: problem.message},
    stages: stages.map(({name, line, base, platform}) => ({name, line, base, platform})),
    bases: bases.map(({reference, kind, digest, platforms, index, reason}) => ({
      reference,
      kind,
      digest,
      platforms,
      index,
      reason,
    })),
  }
}

/** As the predicate has it, too. */
export function baselineJson({reference, digest, found, changed, unchanged, lost, added}: ReportBaseline) {
  return {reference, digest, found, changed, unchanged, lost, added}
}

function imageJson(image: ReportImage) {
  const {reference, name, digest, mediaType, problem, otherEntries: others, configuration, baseline, platforms} = image
  const otherEntries = others && {
    attestations: others.attestations,
    artifacts: others.artifacts,
    indexes: others.indexes,
  }
  return {
    ...{reference, name, digest, mediaType},
    problem: problem && {code: problem.code, message: problem.message, hint: problem.hint},
    otherEntries,
    configuration: configuration && configurationJson(configuration),
    baseline: baseline && baselineJson(baseline),
    platforms: platforms.map(platformJson),
  }
}

function platformJson({platform, digest, verdict, tolerated, checked, undetermined, program, scan}: ReportPlatform) {
  return {
    platform,
    digest,
    verdict,
    tolerated,
    checked,
    undetermined,
    program: {argv: program.argv, steps: program.steps.map(stepJson)},
    scan: scan && scanJson(scan),
  }
}

function scanJson({files, machines, foreign, notPrograms, linked, suppressed, ignored}: ReportScan) {
  return {
    files,
    machines: machines.map(({machine, count}) => ({machine, count})),
    foreign,
    notPrograms,
    linked,
    suppressed: suppressed.map(({reason, count, files: paths}) => ({reason, count, files: paths})),
    ignored: ignored.map(({glob, reason, count, files: paths}) => ({glob, reason, count, files: paths})),
  }
}

function stepJson({path, resolved, kind, machine, via, service, layer}: ReportStep) {
  return {
    path,
    resolved,
    kind,
    machine,
    via,
    service: service && {name: service.name, of: service.of},
    layer: layer && layerJson(layer),
  }
}

function findingJson(finding: ExplainedFinding) {
  const {
    rule,
    level,
    ownLevel,
    suppressed,
    image,
    file,
    line,
    endLine,
    platform,
    platforms,
    path,
    message,
    evidence,
    cause,
    fix,
    edit,
    help,
  } = finding
  return {
    rule,
    level,
    ownLevel,
    suppressed: suppressed?.map(({place, reason, until}) => ({place, reason, until})),
    image,
    file,
    line,
    endLine,
    platform,
    platforms,
    path,
    message,
    evidence: sorted(evidence),
    cause: cause && {
      message: cause.message,
      layer: cause.layer && layerJson(cause.layer),
      file: cause.file,
      from: cause.from,
      line: cause.line,
      endLine: cause.endLine,
    },
    fix,
    edit: edit && {line: edit.line, endLine: edit.endLine, text: edit.text},
    help,
  }
}

function layerJson({index, digest, createdBy}: FileLayer) {
  return {index, digest, createdBy}
}

/**
 * By code units, so that no locale has a say. Object.entries would lose a key named `__proto__`
 * on the way back: fromEntries keeps it.
 */
function sorted(value: EvidenceValue): EvidenceValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isEvidence(value)) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

function isEvidence(value: EvidenceValue): value is Evidence {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
