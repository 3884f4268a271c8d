import {join} from 'node:path'
import {SCOPES, type Scope} from '../../src/facts/scope.ts'
import {DEFAULTS} from '../../src/pipeline/options.ts'
import type {Report} from '../../src/report/report.ts'
import {type Finding, type Level, platformsOf} from '../../src/rules/finding.ts'
import {buildScene} from './check.ts'
import type {Expected, Recipe} from './recipe.ts'

/** What this project says of a recipe in one scope. */
export interface Verdict {
  /** How the broken image is told of: by an error, which fails a job; by warnings alone; or not at all. */
  readonly level: 'error' | 'warning' | 'none'
  /** The rules that tell it, those that the recipe expects if they are there. */
  readonly rules: readonly string[]
  /** What it does with the image mended: a warning stops no job. */
  readonly repaired: 'passed' | 'warned' | 'stopped'
}

/** What came of a recipe. */
export interface Outcome {
  /** The findings that were expected and are there, in the default scope. */
  readonly found: readonly Finding[]
  /** What is not as it should be; empty where the recipe holds. */
  readonly problems: readonly string[]
  readonly verdicts: Readonly<Record<Scope, Verdict>>
  /** The digests of the images, as a registry would have them. */
  readonly images: {readonly broken: readonly string[]; readonly repaired: readonly string[]}
}

interface Pair {
  readonly broken: Report
  readonly repaired: Report
}

/** Builds both images of a recipe under `directory`, checks them as a user would, in every scope, and compares. */
export async function runRecipe(recipe: Recipe, directory: string): Promise<Outcome> {
  const broken = await buildScene(recipe.broken, join(directory, 'broken'))
  const repaired = await buildScene(recipe.repaired, join(directory, 'repaired'))
  const pairs = new Map<Scope, Pair>()
  for (const scope of SCOPES) {
    pairs.set(scope, {broken: await broken.check(scope), repaired: await repaired.check(scope)})
  }
  const own = pairOf(pairs, DEFAULTS.scope)
  const verdicts = SCOPES.map(scope => [scope, verdictOf(recipe, pairOf(pairs, scope))] as const)
  return {
    found: recipe.finds.flatMap(expected => findIn(own.broken, expected) ?? []),
    problems: [
      ...(recipe.unseen === undefined ? problemsOf(recipe, own) : unseenProblems(own)),
      // No scope stops a good image.
      ...[...pairs].flatMap(([scope, {repaired: report}]) =>
        report.verdict === 'pass' ? [] : [`the repaired image fails with scope ${scope}; ${list(report)}`],
      ),
    ],
    // Every scope has its verdict: the line above made one for each.
    verdicts: Object.fromEntries(verdicts) as Record<Scope, Verdict>,
    images: {broken: broken.digests, repaired: repaired.digests},
  }
}

function pairOf(pairs: ReadonlyMap<Scope, Pair>, scope: Scope): Pair {
  const pair = pairs.get(scope)
  if (pair === undefined) throw new Error(`the scope ${scope} was not run`)
  return pair
}

function problemsOf({finds}: Recipe, {broken, repaired}: Pair): string[] {
  const isError = finds.some(({level}) => level === undefined)
  return [
    ...finds.flatMap(expected => (findIn(broken, expected) ? [] : [`not found: ${tell(expected)}; ${list(broken)}`])),
    ...(isError && broken.verdict !== 'fail' ? [`the broken image passes; ${list(broken)}`] : []),
    ...strayErrors(broken, finds).map(({message}) => `an error elsewhere: ${message}`),
    ...broken.findings.flatMap(({level, fix, message}) =>
      level === 'error' && fix === undefined ? [`an error without a fix: ${message}`] : [],
    ),
    // Repaired means that what was found is gone, a lighter finding of it as well.
    ...finds.flatMap(expected => {
      const left = findIn(repaired, expected)
      return left ? [`in the repaired image too: ${left.message}`] : []
    }),
  ]
}

/** What nothing can tell must tell nothing: where it does, there is a finding to expect. */
function unseenProblems({broken}: Pair): string[] {
  const told = broken.findings.filter(({level}) => level !== 'note')
  return told.map(({message}) => `is told of, though nothing static was thought to see it: ${message}`)
}

/**
 * By what the broken image is told and the mended one is not, wherever it is: a wider scope
 * may tell the same fault of another file.
 */
function verdictOf({finds}: Recipe, {broken, repaired}: Pair): Verdict {
  const platforms = finds.map(({platform}) => platform)
  const isLeft = ({rule, platform, path}: Finding) =>
    repaired.findings.some(left => left.rule === rule && left.platform === platform && left.path === path)
  const told = broken.findings.filter(
    finding => platformsOf(finding).some(name => platforms.includes(name)) && !isLeft(finding),
  )
  const isError = told.some(finding => finding.level === 'error') && broken.verdict === 'fail'
  const counted = told.filter(({level}) => (isError ? level === 'error' : level === 'warning'))
  const expected = finds.map(({rule}) => rule).filter(rule => counted.some(finding => finding.rule === rule))
  const isWarned = repaired.findings.some(finding => finding.level === 'warning')
  return {
    level: counted.length === 0 ? 'none' : isError ? 'error' : 'warning',
    rules: [...new Set(expected.length === 0 ? counted.map(({rule}) => rule) : expected)],
    repaired: repaired.verdict === 'fail' ? 'stopped' : isWarned ? 'warned' : 'passed',
  }
}

function findIn({findings}: Report, expected: Expected): Finding | undefined {
  const {rule, platform, path, resolved, says = '', image} = expected
  const level = levelOf(expected)
  return findings.find(
    finding =>
      finding.rule === rule &&
      (finding.level === 'error' || finding.level === level) &&
      (platform === undefined ? finding.platform === undefined : platformsOf(finding).includes(platform)) &&
      finding.path === path &&
      (resolved === undefined || finding.evidence.resolved === resolved) &&
      finding.message.includes(says) &&
      (image === undefined || finding.image?.endsWith(`image-${image}`) === true),
  )
}

/** Errors on platforms that nothing is wrong with. */
function strayErrors({findings}: Report, finds: readonly Expected[]): Finding[] {
  return findings.filter(
    finding =>
      finding.level === 'error' &&
      !finds.some(({platform}) =>
        platform === undefined ? finding.platform === undefined : platformsOf(finding).includes(platform),
      ),
  )
}

function levelOf({level}: Expected): Level {
  return level ?? 'error'
}

function tell(expected: Expected): string {
  const {rule, platform, path, resolved, says} = expected
  const where = [platform, path, resolved && `-> ${resolved}`, says && `with ${JSON.stringify(says)}`]
  return `${levelOf(expected)} ${rule} ${where.filter(part => part !== undefined).join(' ')}`
}

function list({verdict, findings}: Report): string {
  const told = findings.map(
    ({level, rule, platform, path, message}) => `${level} ${rule} ${platform} ${path}: ${message}`,
  )
  return `${verdict}, found:${told.length === 0 ? ' nothing' : `\n      ${told.join('\n      ')}`}`
}
