import {describe, expect, test} from '@jest/globals'
import {PACKAGES, runTools, TOOLS} from '../scripts/incidents/compare/tools.ts'
import {readResults} from '../scripts/incidents/results.ts'
import {type Case, readSuite} from '../scripts/incidents/suite.ts'
import {installPackages} from './ground/debian.ts'
import {openStand} from './support/stand.ts'

// docs/incidents.md says what the other tools did with the rebuilt incidents: a sample of it, run again.

const SIZE = 10
/** Another number takes another sample; one number always takes the same. */
const SEED = 5

const stand = await openStand()
await installPackages(PACKAGES)
const results = new Map(readResults().cases.map(result => [result.name, result]))

/** Every so many cases one, so that each kind has its turn. */
function sample(cases: readonly Case[]): readonly Case[] {
  const step = cases.length / SIZE
  return Array.from({length: SIZE}, (_, index) => cases[Math.floor(index * step + SEED) % cases.length]).flatMap(
    one => one ?? [],
  )
}

describe('what the other tools say of', () => {
  test.each(sample(readSuite().cases).map(one => [one.name, one] as const))('%s', async (name, {recipe}) => {
    const place = {registry: stand.registry, engine: stand.engines.classic, scratch: stand.scratch}
    const seen = await runTools(place, recipe)
    const written = results.get(name)?.tools
    for (const tool of TOOLS) {
      const [{broken, repaired}, known] = [seen[tool], written?.[tool]]
      expect([tool, broken, repaired]).toEqual([tool, known?.broken, known?.repaired])
    }
  })
})
