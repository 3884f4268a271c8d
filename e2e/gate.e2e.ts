import {describe, expect, test} from '@jest/globals'
import {CONTROLS} from '../scripts/incidents/controls.ts'
import {CONFIG, MISSING_PLATFORM, UNRESOLVABLE, WINDOWS} from '../scripts/incidents/publish.ts'
import type {Expected, Recipe, Scene} from '../scripts/incidents/recipe.ts'
import type {Report} from '../src/report/report.ts'
import {STORES} from './ground/engine.ts'
import {Repository} from './ground/registry-api.ts'
import {startSlowRegistry} from './ground/slow-registry.ts'
import {parseReport} from './support/checks.ts'
import {startLateRegistry} from './support/late-registry.ts'
import {pushLayout} from './support/push-layout.ts'
import {runCli, startCli} from './support/run-cli.ts'
import {namesOf, openStand} from './support/stand.ts'

// The publish gate: what stands at a tag of the real registry, whatever is inside.

const stand = await openStand()
const engine = stand.engines.classic

/** Pushes what was published, and checks it in the registry as its publisher would. */
async function checkScene(scene: Scene, name: string): Promise<{readonly exitCode: number; readonly report: Report}> {
  const tags = [...scene.images.keys()].map(index => `image-${index}`)
  for (const [index, image] of scene.images.entries()) {
    await pushLayout(stand.registry, name, `image-${index}`, image, {withoutManifests: scene.lacksManifests ?? false})
  }
  if (scene.baseline) await pushLayout(stand.registry, name, 'before', scene.baseline)
  const at = (tag: string) => `docker://${stand.registry.address}/${name}:${tag}`
  const {exitCode, stdout, stderr} = await runCli(stand, engine, [
    ...tags.map(at),
    ...(scene.platforms ? ['--platforms', scene.platforms.join(',')] : []),
    ...(scene.baseline ? ['--baseline', at('before')] : []),
    '--format',
    'json',
  ])
  expect(stderr).toBe('')
  return {exitCode, report: parseReport(stdout)}
}

function isTold({findings}: Report, {rule, platform, path, says = ''}: Expected): boolean {
  return findings.some(
    finding =>
      finding.rule === rule &&
      (finding.platform === platform || finding.platforms?.includes(platform ?? '') === true) &&
      finding.path === path &&
      finding.message.includes(says),
  )
}

const nameOf = ({id, way}: Recipe): string => `gate/${id}${way ?? ''}`.toLowerCase().replace(/[^a-z0-9/]+/g, '-')
const label = (recipe: Recipe) => [`${recipe.id} ${recipe.way ?? ''}`.trim(), recipe] as const

describe('an incident as an index in the registry', () => {
  test.each([...MISSING_PLATFORM, ...UNRESOLVABLE, ...CONFIG, ...WINDOWS].map(label))(
    '%s is caught',
    async (_, recipe) => {
      const broken = await checkScene(recipe.broken, `${nameOf(recipe)}/broken`)
      expect(broken.exitCode).toBe(1)
      for (const expected of recipe.finds) expect([expected, isTold(broken.report, expected)]).toEqual([expected, true])
      const repaired = await checkScene(recipe.repaired, `${nameOf(recipe)}/repaired`)
      expect(repaired.report.findings.filter(({level}) => level === 'error')).toEqual([])
      expect(repaired.exitCode).toBe(0)
    },
  )
})

describe('a control', () => {
  test.each(CONTROLS.map(label))('%s passes', async (_, recipe) => {
    const {exitCode, report} = await checkScene(recipe.repaired, `${nameOf(recipe)}/right`)
    expect(report.findings.filter(({level}) => level === 'error')).toEqual([])
    expect(exitCode).toBe(0)
  })
})

test('a tag that moves during the check does not move what is verified', async () => {
  const {repository} = namesOf(stand, 'right-plain')
  const path = repository.slice(repository.indexOf('/') + 1)
  const images = new Repository(stand.registry, path)
  const before = await images.readManifest('1')
  await images.pushManifest(before.bytes, before.mediaType, 'moving')
  const [child] = JSON.parse(before.bytes.toString()).manifests
  const after = await images.readManifest(child.digest)
  const slow = await startSlowRegistry(stand.registry)
  try {
    const running = startCli(stand, engine, [`docker://${slow.address}/${path}:moving`, '--format', 'json'])
    await slow.waiting
    await images.pushManifest(after.bytes, after.mediaType, 'moving')
    slow.release()
    const {exitCode, stdout} = await running.ended
    const report = parseReport(stdout)
    expect([exitCode, report.images[0]?.digest]).toEqual([0, before.digest])
    expect(report.images[0]?.platforms).toHaveLength(3)
  } finally {
    await slow.stop()
  }
})

describe('a registry that lags behind a push', () => {
  const ways = [...STORES.map(store => ({source: 'docker', store})), {source: 'registry', store: 'classic' as const}]

  test.each(ways)('is asked again: $source source, $store store', async ({source, store}) => {
    const {digested} = namesOf(stand, 'right-plain')
    const late = await startLateRegistry(stand.registry, 1)
    try {
      const reference = digested.replace(stand.registry.address, late.address)
      const args = [reference, '--source', source, '--platforms', 'linux/arm64', '--format', 'json']
      const {exitCode, stdout, stderr} = await runCli(stand, stand.engines[store], args)
      expect([exitCode, stderr]).toEqual([0, ''])
      expect(parseReport(stdout).verdict).toBe('pass')
      expect(late.refusals()).toBeGreaterThan(0)
    } finally {
      await late.stop()
    }
  })
})
