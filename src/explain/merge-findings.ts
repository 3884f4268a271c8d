import {LEVELS} from '../rules/finding.ts'
import type {ExplainedFinding} from './cause.ts'

/**
 * Puts a finding on a line of a Dockerfile and those on the image that the same line is the cause of together: they are
 * about one mistake. The finding on the image stays and gives the other's rule and message in its evidence. A line's
 * finding that is graver than all that it explains stays, too, so that nothing fails less than before.
 */
export function mergeDockerfileFindings(findings: readonly ExplainedFinding[]): readonly ExplainedFinding[] {
  const lines = findings.filter(isOnLine)
  const explained = (line: ExplainedFinding): readonly ExplainedFinding[] =>
    findings.filter(finding => explains(line, finding))
  const dropped = new Set(lines.filter(line => explained(line).some(finding => rank(finding) <= rank(line))))
  return findings
    .filter(finding => !dropped.has(finding))
    .map(finding => {
      const causes = [...dropped].filter(line => explains(line, finding))
      if (causes.length === 0) return finding
      const dockerfile = causes.map(({rule, level, file = '', line = 0, message, evidence, fix = null}) => ({
        ...{rule, level, file, line, message, evidence, fix},
      }))
      return {...finding, evidence: {...finding.evidence, dockerfile}}
    })
}

function isOnLine({image, file, line}: ExplainedFinding): boolean {
  return image === undefined && file !== undefined && line !== undefined
}

function explains(onLine: ExplainedFinding, {image, cause}: ExplainedFinding): boolean {
  if (image === undefined || cause?.file === undefined || cause.from !== undefined || cause.line === undefined)
    return false
  const {file, line = 0, endLine = line} = onLine
  return isOnLine(onLine) && cause.file === file && cause.line <= endLine && (cause.endLine ?? cause.line) >= line
}

function rank({level}: ExplainedFinding): number {
  return LEVELS.indexOf(level)
}
