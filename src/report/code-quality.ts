import {createHash} from 'node:crypto'
import type {ExplainedFinding} from '../explain/index.ts'
import type {Level} from '../rules/finding.ts'
import {nameAll, platformsOf} from '../rules/finding.ts'
import {escapeText, formatJson, shorten} from './escape.ts'
import type {Report} from './report.ts'
import {staleSuppressions} from './stale-suppressions.ts'
import {locationOf, nameOf, relativePath, subjectOf} from './subject.ts'
import {byGravity} from './tally.ts'
import {describeTolerance, tolerancesOf} from './tolerance.ts'

const DESCRIPTION_LIMIT = 4000

const SEVERITIES: Readonly<Record<Level, string>> = {error: 'critical', warning: 'major', note: 'info'}

/**
 * GitLab's code quality report: one entry for each finding, the gravest first, and before them one for each rule that
 * is lowered or off and would find something. GitLab shows an entry only with a path
 * and a line: what is in no file of the workspace has the name of its image, and line 1.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function renderCodeQuality(report: Report): string {
  const seen = new Map<string, number>()
  const entries = [
    ...report.images.flatMap(({reference, problem}) =>
      problem === undefined
        ? []
        : [
            entry(
              'could-not-check',
              'error',
              `${reference} could not be checked: ${problem.message}`,
              reference,
              1,
              problem.code,
            ),
          ],
    ),
    ...tolerancesOf(report)
      .filter(({found}) => found.length > 0)
      .map(tolerance => {
        const path = report.images[0]?.name ?? report.images[0]?.reference ?? report.tool.name
        const said = `is ${tolerance.setting}${tolerance.by === undefined ? '' : `: ${tolerance.by.reason}`}`
        return entry(tolerance.rule, 'note', describeTolerance(tolerance), path, 1, said)
      }),
    ...staleEntries(report),
    ...byGravity(report.findings).map(finding => {
      const location = locationOf(finding)
      const path = location?.file ?? nameOf(report, finding)
      // The same from build to build: no digest, and no line, which moves.
      const said = `${platformsOf(finding).join(' ')} ${finding.path ?? ''} ${finding.message}`
      return entry(finding.rule, finding.level, describe(finding), path, location?.line ?? 1, said)
    }),
  ]
  return formatJson(
    entries.map(({identity, ...rest}) => {
      // Of findings that are alike each has a fingerprint of its own: GitLab drops what is there twice.
      const count = (seen.get(identity) ?? 0) + 1
      seen.set(identity, count)
      const fingerprint = createHash('sha256').update(`${identity}\n${count}`).digest('hex')
      return {
        description: rest.description,
        check_name: rest.check_name,
        fingerprint,
        severity: rest.severity,
        location: rest.location,
      }
    }),
  )
}

/** In the policy file, on its line. */
function staleEntries(report: Report) {
  const {policy} = report
  return staleSuppressions(report).map(({rule, message, line}) =>
    entry(rule, 'warning', message, policy?.file ?? '', line, 'a suppression without a use'),
  )
}

function entry(rule: string, level: Level, description: string, path: string, line: number, said: string) {
  return {
    identity: JSON.stringify([rule, path, said]),
    description: escapeText(shorten(description, DESCRIPTION_LIMIT)),
    check_name: rule,
    severity: SEVERITIES[level],
    // GitLab takes no path that begins with `./`, `/` or leads out of the repository.
    location: {path: relativePath(escapeText(path)), lines: {begin: line}},
  }
}

function describe(finding: ExplainedFinding): string {
  const at = [subjectOf(finding), nameAll(platformsOf(finding))].filter(part => part !== '').join(' ')
  return `${at}: ${finding.message}${finding.fix === undefined ? '' : `. Fix: ${finding.fix}`}`
}
