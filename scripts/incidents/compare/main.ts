import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {installPackages} from '../../../e2e/ground/debian.ts'
import {startGround} from '../../../e2e/ground/ground.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from '../../support/temporary-folder.ts'
import {type CaseResult, formatResults, RESULTS_FILE, readResults, runCase} from '../results.ts'
import {type Case, readSuite} from '../suite.ts'
import {PACKAGES, type Place, readVersions, runTools} from './tools.ts'

/*
 * npm run incidents:compare [-- WORD…]
 *
 * Pushes every rebuilt incident and control to a registry, runs what else could have caught it on the same images, and
 * writes scripts/incidents/results.json. With words: only the cases whose names hold one of them; of the others the
 * results are kept. Needs root, as e2e/ground does.
 */

const words = process.argv.slice(2)
const all = readSuite().cases
const cases = all.filter(({name}) => words.length === 0 || words.some(word => name.includes(word)))
const kept = words.length === 0 ? [] : readResults().cases
await installPackages(PACKAGES)
const ground = await startGround()
const folder = await makeTemporaryFolder('incidents')
try {
  // The store of hosted runners, and the one that is hard to please.
  const place: Place = {registry: ground.registry, engine: ground.engines.classic, scratch: ground.scratch}
  const limiter = createLimiter(2)
  const tools = await readVersions(place)
  const compared = await Promise.all(cases.map(one => limiter(() => compare(place, one))))
  const rows = new Map([...kept, ...compared].map(row => [row.name, row]))
  await writeFile(RESULTS_FILE, formatResults({tools, cases: all.flatMap(({name}) => rows.get(name) ?? [])}))
} finally {
  await Promise.all([ground.stop(), removeTemporaryFolder(folder)])
}

async function compare(place: Place, one: Case): Promise<CaseResult> {
  const {result} = await runCase(one, join(folder, one.name.replace(/[^A-Za-z0-9]+/g, '-')))
  const tools = await runTools(place, one.recipe)
  const answers = Object.entries(tools).map(([tool, {broken, repaired}]) => `${tool} ${broken}/${repaired}`)
  console.error(`${one.name}: ${answers.join(', ')}`)
  return {...result, tools}
}
