import {createHash} from 'node:crypto'
import type {ExplainedFinding} from '../explain/index.ts'
import {defined} from '../lib/defined.ts'
import {type Level, nameAll, platformsOf} from '../rules/finding.ts'
import {elsewhere} from './elsewhere.ts'
import {escapeText, formatJson, shorten} from './escape.ts'
import {headlineOf} from './headline.ts'
import type {Report} from './report.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {locationOf, nameOf, relativePath, subjectOf} from './subject.ts'
import {byGravity} from './tally.ts'
import {describeTolerance, isGrave, tolerancesOf} from './tolerance.ts'

/** What SARIF says of a rule. */
export interface SarifRule {
  readonly id: string
  readonly level: Level
  readonly summary: string
  /** An address. */
  readonly help: string
}

/**
 * GitHub takes no run with more.
 * https://docs.github.com/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
 */
const RESULTS_LIMIT = 25_000
const MESSAGE_LIMIT = 4000
const INFORMATION = 'https://github.com/org/verify-image-arch'
/** Images that a category names. */
const NAMED = 3

/** GitHub's words for how much a rule that is not a security rule matters. */
const PROBLEM_SEVERITY: Readonly<Record<Level, string>> = {error: 'error', warning: 'warning', note: 'recommendation'}

/**
 * SARIF 2.1.0, as GitHub's code scanning takes it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * The gravest results come first; rules that no finding names are listed, too.
 */
export function renderSarif(report: Report, rules: readonly SarifRule[]): string {
  const findings = byGravity(report.findings)
  const known = new Map(rules.map(rule => [rule.id, rule]))
  for (const {rule: id, level, help} of findings)
    if (!known.has(id)) known.set(id, {id, level, summary: `${id}.`, help})
  const ids = [...known.keys()]
  const occurrences = new Map<string, number>()
  return formatJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            informationUri: INFORMATION,
            rules: Array.from(known.values(), ruleJson),
          },
        },
        automationDetails: {id: categoryOf(report)},
        invocations: [invocationJson(report)],
        columnKind: 'utf16CodeUnits',
        results: findings.slice(0, RESULTS_LIMIT).map(finding => {
          const identity = identityOf(report, finding)
          const occurrence = (occurrences.get(identity) ?? 0) + 1
          occurrences.set(identity, occurrence)
          return resultJson(report, finding, ids.indexOf(finding.rule), `${identity}:${occurrence}`)
        }),
        properties: {
          verdict: report.verdict,
          headline: headlineText(report),
          configuration: report.configuration.digest,
          policy: report.policy?.digest,
          switchedOff: report.switchedOff.map(({rule, level, image, file, platform, path, suppressed}) => ({
            ...{rule, level, image, file, platform, path, suppressed},
          })),
          resultsLeftOut: Math.max(0, findings.length - RESULTS_LIMIT),
        },
      },
    ],
  })
}

/**
 * What GitHub takes for the category, where the upload names none: results of one category replace each other, so the
 * jobs of a matrix need different ones. Tags and digests are left out: they change with every run (§3.17.3).
 */
function categoryOf({tool, images, configuration}: Report): string {
  const names = images.map(({name, reference}) => name ?? reference.replace(/@[^@]*$/, ''))
  const shown = [...names.slice(0, NAMED), ...(names.length > NAMED ? [`${names.length - NAMED} more`] : [])]
  const parts = [tool.name, shown.join('+') || 'Dockerfiles', (configuration.platforms ?? []).join('+')]
  return `${parts.filter(part => part !== '').join('/')}/`
}

/**
 * What the user set of rules, and what that hides, where the specification has a place for it (§3.20.5, §3.20.21 and
 * §3.20.22); and the images that could not be checked.
 */
function invocationJson(report: Report) {
  const problems = report.images.filter(({problem}) => problem !== undefined)
  return {
    executionSuccessful: problems.length === 0,
    ruleConfigurationOverrides: Object.entries(report.configuration.rules).map(([id, setting]) => ({
      descriptor: {id},
      configuration: setting === 'off' ? {enabled: false} : {level: setting},
    })),
    toolConfigurationNotifications: [
      ...tolerancesOf(report).map(tolerance => ({
        associatedRule: {id: tolerance.rule},
        level: isGrave(tolerance) ? 'warning' : 'note',
        message: {text: escapeMessage(describeTolerance(tolerance))},
      })),
      ...staleSuppressions(report).map(({rule, message}) => ({
        associatedRule: {id: rule},
        level: 'warning',
        message: {text: escapeMessage(message)},
      })),
    ],
    toolExecutionNotifications: problems.map(({reference, problem}) => ({
      level: 'error',
      message: {text: escapeMessage(`${reference} could not be checked: ${problem?.message}`)},
    })),
  }
}

/** `not verified: 1 of 2 platforms matches` */
function headlineText(report: Report): string {
  const {words, summary, tolerances} = headlineOf(report)
  return [`${words}: ${summary}`, ...tolerances].join('; ')
}

function ruleJson({id, level, summary, help}: SarifRule) {
  return {
    id,
    shortDescription: {text: summary},
    fullDescription: {text: summary},
    defaultConfiguration: {level},
    helpUri: help,
    help: {text: `${summary} See ${help}`, markdown: `${summary} [About ${id}](${help})`},
    properties: {precision: 'very-high', 'problem.severity': PROBLEM_SEVERITY[level]},
  }
}

function resultJson(report: Report, finding: ExplainedFinding, ruleIndex: number, fingerprint: string) {
  const {rule, level, image, platform, platforms, path, message, cause, fix, evidence} = finding
  const isInWorkspace = locationOf(finding) !== undefined
  const subject = subjectOf(finding)
  const sentences = [
    `${platform === undefined ? subject : `${subject} ${nameAll(platformsOf(finding))}`}: ${message}.`,
    ...(cause === undefined ? [] : [`${elsewhere(cause)}${cause.message}.`]),
    ...(fix === undefined ? [] : [fix]),
  ]
  return {
    ruleId: rule,
    ruleIndex,
    level,
    message: {text: sentences.map(escapeMessage).join('\n')},
    locations: [{physicalLocation: physicalLocation(report, finding), logicalLocations: logicalLocations(finding)}],
    partialFingerprints: {
      'verifyImageArch/v1': fingerprint,
      // The only one that GitHub looks at; for a line of a real file its uploader computes it from the line.
      ...(isInWorkspace ? {} : {primaryLocationLineHash: fingerprint}),
    },
    fixes: fixesOf(finding),
    properties: {image, platform, platforms, path, evidence, fix},
  }
}

/** §3.55: an edit of a file in the workspace, which a viewer can carry out. */
function fixesOf(finding: ExplainedFinding) {
  const {edit, fix = ''} = finding
  const location = locationOf(finding)
  if (edit === undefined || location === undefined) return undefined
  const deletedRegion = {startLine: edit.line, endLine: edit.endLine}
  const replacements = [{deletedRegion, insertedContent: {text: edit.text}}]
  const artifactChanges = [{artifactLocation: {uri: relativeUri(location.file)}, replacements}]
  return [{description: {text: escapeMessage(fix)}, artifactChanges}]
}

/**
 * The line that is to blame where it is known. Else the file in the image, in a folder named for image and
 * platform: no such file is in the repository, but GitHub takes a run only if every result has a physical
 * location (github/codeql-action#1738).
 */
function physicalLocation(report: Report, finding: ExplainedFinding) {
  const {platform, path} = finding
  const location = locationOf(finding)
  if (location !== undefined) {
    const {file, line, endLine} = location
    return {
      artifactLocation: {uri: relativeUri(file)},
      ...(line === undefined ? {} : {region: {startLine: line, ...defined({endLine})}}),
    }
  }
  const parts = [nameOf(report, finding), platform, path].filter(part => part !== undefined)
  return {artifactLocation: {uri: relativeUri(parts.join('/'))}, region: {startLine: 1}}
}

function logicalLocations({image, platform, path}: ExplainedFinding) {
  if (image === undefined) return undefined
  const names = [image, platform, path].filter(part => part !== undefined)
  const kinds = ['image', ...(platform === undefined ? [] : ['platform']), ...(path === undefined ? [] : ['file'])]
  return names.map((name, index) => ({
    name,
    fullyQualifiedName: names.slice(0, index + 1).join(' '),
    kind: kinds[index],
  }))
}

/** The same from build to build: no digest, no tag where the image has a name. */
function identityOf(report: Report, finding: ExplainedFinding): string {
  const {rule, platform = '', path = '', file, message} = finding
  // The line of a file moves; what is said of it stays.
  const identity = JSON.stringify([rule, nameOf(report, finding), platform, file === undefined ? path : message])
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

/** Every part percent-encoded; halves of surrogate pairs would make encodeURIComponent throw. */
function relativeUri(path: string): string {
  return relativePath(path.toWellFormed()).split('/').map(encodeURIComponent).join('/')
}

/** Plain text of SARIF: `[words](target)` would be a link (§3.11.6), a brace the start of a placeholder (§3.11.5). */
function escapeMessage(text: string): string {
  return escapeText(shorten(text, MESSAGE_LIMIT)).replace(/[{}]/g, '$&$&').replaceAll('](', '] (')
}
