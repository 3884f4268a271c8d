import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {check} from '../../src/check.ts'
import {DEFAULTS, parseOptions} from '../../src/options.ts'
import type {Report} from '../../src/report/report.ts'
import type {Finding, Level} from '../../src/rules/finding.ts'
import {openLayout} from '../../src/source/layout.ts'
import {buildLayout} from '../support/layout-builder.ts'
import type {Expected, Recipe, Scene} from './recipe.ts'

/** What came of a recipe. */
export interface Outcome {
  /** The findings that were expected and are there. */
  readonly found: readonly Finding[]
  /** What is not as it should be; empty where the recipe holds. */
  readonly problems: readonly string[]
  /** The broken image fails a job with the default options. */
  readonly fails: boolean
}

/** Builds both images of a recipe under `directory`, checks them as a user would, and compares. */
export async function runRecipe(recipe: Recipe, directory: string): Promise<Outcome> {
  const {broken, repaired, finds} = recipe
  const report = await checkScene(broken, join(directory, 'broken'))
  const mended = await checkScene(repaired, join(directory, 'repaired'))
  const matches = finds.map(expected => ({expected, finding: findIn(report, expected)}))
  const found = matches.flatMap(({finding}) => finding ?? [])
  const isError = finds.some(({level}) => level === undefined)
  if (recipe.gap !== undefined) {
    const closed = found.length === finds.length ? ['is found: the gap is closed, take it out'] : []
    return {found: [], fails: report.verdict === 'fail', problems: closed}
  }
  return {
    found,
    fails: report.verdict === 'fail',
    problems: [
      ...matches.flatMap(({expected, finding}) => (finding ? [] : [`not found: ${tell(expected)}; ${list(report)}`])),
      ...(isError && report.verdict !== 'fail' ? [`the broken image passes; ${list(report)}`] : []),
      ...strayErrors(report, finds).map(({message}) => `an error elsewhere: ${message}`),
      ...(mended.verdict === 'pass' ? [] : [`the repaired image fails; ${list(mended)}`]),
      // Repaired means that what was found is gone, a lighter finding of it as well.
      ...finds.flatMap(expected => {
        const left = findIn(mended, expected)
        return left ? [`in the repaired image too: ${left.message}`] : []
      }),
    ],
  }
}

/** The whole pipeline over layouts on disk, with the options that a user would write. */
async function checkScene(scene: Scene, directory: string): Promise<Report> {
  const locations = scene.images.map((_, index) => `oci:${join(directory, `image-${index}`)}`)
  for (const [index, image] of scene.images.entries()) {
    const at = join(directory, `image-${index}`)
    const {manifests} = buildLayout(at, image)
    if (!scene.lacksManifests) continue
    for (const {digest} of manifests.flat()) await rm(join(at, 'blobs', ...digest.split(':')))
  }
  const before = join(directory, 'baseline')
  if (scene.baseline) buildLayout(before, scene.baseline)
  const options = parseOptions({
    ...DEFAULTS,
    image: locations,
    metadata: '',
    platforms: scene.platforms ?? [],
    rules: [],
    dockerfile: [],
    ignore: [],
    baseline: scene.baseline ? `oci:${before}` : '',
  })
  return check(
    options,
    async location => {
      if (location.transport !== 'oci') throw new Error(`${location.text} is no layout`)
      return openLayout({reference: location.text, directory: location.path})
    },
    'test',
  )
}

function findIn({findings}: Report, expected: Expected): Finding | undefined {
  const {rule, platform, path, resolved, says = '', image} = expected
  const level = levelOf(expected)
  return findings.find(
    finding =>
      finding.rule === rule &&
      (finding.level === 'error' || finding.level === level) &&
      finding.platform === platform &&
      finding.path === path &&
      (resolved === undefined || finding.evidence.resolved === resolved) &&
      finding.message.includes(says) &&
      (image === undefined || finding.image?.endsWith(`image-${image}`)),
  )
}

/** Errors on platforms that nothing is wrong with. */
function strayErrors({findings}: Report, finds: readonly Expected[]): Finding[] {
  return findings.filter(
    ({level, platform}) => level === 'error' && !finds.some(expected => expected.platform === platform),
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
