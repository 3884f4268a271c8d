import type {Service} from '../exec/index.ts'
import type {Facts, ImageFacts, PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {type Finding, LEVELS, type Level} from './finding.ts'
import {type Rule, takenSteps, type Violation} from './rule.ts'

/** What the user says of a rule: a level for all its findings, or `off`. */
export type RuleSetting = Level | 'off'
export type RuleSettings = ReadonlyMap<string, RuleSetting>

const HELP = 'https://github.com/org/verify-image-arch/blob/main/docs/rules'

/** Where a rule is explained. */
export function helpOf(id: string): string {
  return `${HELP}/${id}.md`
}

/** A finding, with what decides its place among those of one level and image. */
export interface RankedFinding {
  readonly finding: Finding
  /** By the order of the rules; of one rule steps come first, then platforms, then the whole. */
  readonly rank: number
  /** Whether the user switched its rule off: it fails nothing, and has the level that the rule gives it. */
  readonly isOff: boolean
}

/** What the rules say of one platform of an image. */
export function checkPlatform(
  rules: readonly Rule[],
  settings: RuleSettings,
  {reference}: Pick<ImageFacts, 'reference'>,
  platform: PlatformFacts,
): RankedFinding[] {
  const name = formatPlatform(platform.entry.platform)
  const at = {image: reference, platform: name}
  const steps = takenSteps({platform, name})
  return rules.flatMap((rule, index) => [
    ...rankedFindings(rule, settings, rank(index, 0), function* () {
      for (const taken of rule.checkStep ? steps : []) {
        const found = rule.checkStep?.(taken)
        const {level, maybe} = taken
        const {path, service} = taken.step
        if (found) yield {...at, path, ...defined({level, maybe, service}), ...found}
      }
    }),
    ...rankedFindings(rule, settings, rank(index, 1), function* () {
      for (const found of rule.checkPlatform?.({platform, name}) ?? []) yield {...at, ...found}
    }),
  ])
}

/**
 * What the rules say of all images and Dockerfiles together. `settingsOf` gives what the user says of the rules for an
 * image where that is not the same for all.
 */
export function checkAll(
  rules: readonly Rule[],
  settings: RuleSettings,
  facts: Facts,
  settingsOf: (image: string) => RuleSettings = () => settings,
): RankedFinding[] {
  return rules.flatMap((rule, index) =>
    Array.from(rule.checkAll?.(facts) ?? [], violation => {
      const own = violation.image === undefined ? settings : settingsOf(violation.image)
      return rankedFindings(rule, own, rank(index, 2), () => [violation])
    }).flat(),
  )
}

/**
 * The gravest findings come first; among equals the order of the images and rules is kept. Give those of platforms in
 * the order of the images and platforms.
 */
function inOrder(findings: readonly RankedFinding[], images: readonly Pick<ImageFacts, 'reference'>[]): Finding[] {
  const imageOrder = new Map(images.map((image, index) => [image.reference, index]))
  const placeOf = ({finding, rank}: RankedFinding): readonly [number, number, number] => [
    LEVELS.indexOf(finding.level),
    imageOrder.get(finding.image ?? '') ?? images.length,
    rank,
  ]
  return findings
    .map(ranked => ({finding: ranked.finding, place: placeOf(ranked)}))
    .sort(({place: a}, {place: b}) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(({finding}) => finding)
}

/** What counts, and what does not because its rule is switched off; both in order. */
export interface SortedFindings {
  readonly findings: Finding[]
  readonly switchedOff: Finding[]
}

/** Puts findings in order, those of rules that are switched off apart. */
export function sortFindings(
  ranked: readonly RankedFinding[],
  images: readonly Pick<ImageFacts, 'reference'>[],
): SortedFindings {
  return {
    findings: inOrder(
      ranked.filter(({isOff}) => !isOff),
      images,
    ),
    switchedOff: inOrder(
      ranked.filter(({isOff}) => isOff),
      images,
    ),
  }
}

/** Runs the rules over all facts at once; of rules that are switched off there is nothing. */
export function runRules(rules: readonly Rule[], facts: Facts, settings: RuleSettings): Finding[] {
  return runAllRules(rules, facts, settings).findings
}

/** Runs the rules over all facts at once, also those that are switched off. */
export function runAllRules(rules: readonly Rule[], facts: Facts, settings: RuleSettings): SortedFindings {
  const ofPlatforms = facts.images.flatMap(image =>
    image.platforms.flatMap(platform => checkPlatform(rules, settings, image, platform)),
  )
  return sortFindings([...ofPlatforms, ...checkAll(rules, settings, facts)], facts.images)
}

/** What a container is worth without one of its services. */
function serviceClause({name, of}: Service, isSure: boolean): string {
  const fails = isSure ? 'does not' : 'may not'
  return `the container starts, and the service ${name} of ${of} ${fails}`
}

function rank(rule: number, part: 0 | 1 | 2): number {
  return rule * 3 + part
}

function rankedFindings(
  rule: Rule,
  settings: RuleSettings,
  rank: number,
  violations: () => Iterable<Violation>,
): RankedFinding[] {
  const setting = settings.get(rule.id)
  const isOff = setting === 'off'
  const level = isOff ? undefined : setting
  // A program that is started twice is one fault: of findings that are the same in all that they say one is kept.
  const unique = new Map<string, Finding>()
  for (const violation of violations()) {
    const finding = findingOf(rule, violation, level)
    const told = JSON.stringify(finding)
    if (!unique.has(told)) unique.set(told, finding)
  }
  return Array.from(unique.values(), finding => ({finding, rank, isOff}))
}

function findingOf(rule: Rule, violation: Violation, setting: Level | undefined): Finding {
  const {image, file, line, endLine, platform, platforms, path, maybe, service, evidence, layer, fix, edit} = violation
  const own = violation.level ?? rule.level
  const clauses = [maybe?.clause, service && serviceClause(service, own === 'error')]
  return {
    rule: rule.id,
    level: setting ?? own,
    ...(setting === undefined || setting === own ? {} : {ownLevel: own}),
    ...defined({image, file, line, endLine, platform, platforms, path}),
    message: [violation.message, ...clauses.filter(clause => clause !== undefined)].join('; '),
    evidence: {...evidence, ...defined({maybe: maybe?.by, service: service?.name})},
    ...defined({layer, fix, edit}),
    help: helpOf(rule.id),
  }
}
