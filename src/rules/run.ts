import type {Facts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {type Finding, LEVELS, type Level} from './finding.ts'
import type {Rule, Violation} from './rule.ts'

/** What the user says of a rule: a level for all its findings, or `off`. */
export type RuleSetting = Level | 'off'
export type RuleSettings = ReadonlyMap<string, RuleSetting>

const HELP = 'https://github.com/org/verify-image-arch/blob/main/docs/rules'

/** Where a rule is explained. */
export function helpOf(id: string): string {
  return `${HELP}/${id}.md`
}

/**
 * Runs the rules over the facts. The gravest findings come first; among equals the
 * order of the images and rules is kept.
 */
export function runRules(rules: readonly Rule[], facts: Facts, settings: RuleSettings): Finding[] {
  const findings = rules.flatMap(rule => {
    const setting = settings.get(rule.id)
    if (setting === 'off') return []
    return Array.from(rule.check(facts), violation => findingOf(rule, violation, setting))
  })
  const imageOrder = new Map(facts.images.map((image, index) => [image.reference, index]))
  const rank = (finding: Finding): number =>
    LEVELS.indexOf(finding.level) * (facts.images.length + 1) +
    (imageOrder.get(finding.image ?? '') ?? facts.images.length)
  return findings.sort((a, b) => rank(a) - rank(b))
}

function findingOf(rule: Rule, violation: Violation, setting: Level | undefined): Finding {
  const {image, file, line, endLine, platform, path, maybe, evidence, cause, fix} = violation
  const message = maybe === undefined ? violation.message : `${violation.message}; ${maybe} may make it`
  return {
    rule: rule.id,
    level: setting ?? violation.level ?? rule.level,
    ...defined({image, file, line, endLine, platform, path}),
    message,
    evidence: maybe === undefined ? evidence : {...evidence, maybe},
    ...defined({cause, fix}),
    help: helpOf(rule.id),
  }
}
