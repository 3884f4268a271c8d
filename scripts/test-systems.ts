import {parseArgs} from 'node:util'
import {seededRandom} from './kernel/random.ts'
import {type DebianArch, USUAL_ARCHES} from './systems/architectures.ts'
import {SYSTEMS} from './systems/catalogue.ts'
import {type Checked, checkImage} from './systems/check-system.ts'
import {EXPLAINED, type Explained, explain, filesOf} from './systems/explained.ts'
import {systemLayers} from './systems/layers.ts'
import {type Result, resultRow, writePage} from './systems/page.ts'
import {archesOf, type System} from './systems/system.ts'
import {tell, twinsOf} from './systems/twins.ts'

/*
 * npm run test:systems [-- --all | --only ID,ID | --count N --seed S] [--write] [--verbose]
 *
 * Unpacks real systems (packages of Debian, node_modules, wheels) into images and checks them with `scope: image`:
 * there must be no error, and no warning or note that scripts/systems/explained.ts does not explain; nor may there be
 * one on a file that both architectures have at the same path, with the two in one index. Then the same
 * systems with one file of another architecture, and on the base of the other architecture: both must be found. Nothing
 * of a system is run. A sample of them, or with --all every one; --write renews their lines in docs/systems.md.
 */

const {values} = parseArgs({
  options: {
    all: {type: 'boolean', default: false},
    only: {type: 'string', default: ''},
    count: {type: 'string', default: '4'},
    seed: {type: 'string', default: '1'},
    write: {type: 'boolean', default: false},
    verbose: {type: 'boolean', default: false},
  },
})

interface Case {
  readonly system: System
  readonly arch: DebianArch
  /** Which of the ways to break it is this one's turn. */
  readonly turn: number
}

process.exitCode = await main()

async function main(): Promise<number> {
  const cases = chooseCases()
  const results: Result[] = []
  const used = new Set<Explained>()
  let [passed, failed] = [0, 0]
  const count = (name: string, problems: readonly string[]): void => {
    if (problems.length === 0) passed += 1
    else failed += 1
    for (const problem of problems) console.log(`FAILED ${name}: ${problem}`)
  }
  for (const one of cases) {
    const name = `${one.system.id} linux/${one.arch}`
    // What could not be had could not be checked: that is no pass.
    await testCase(one, name, count, results, used).catch((error: unknown) => count(name, [String(error)]))
  }
  if (values.all) {
    const stale = EXPLAINED.filter(entry => !used.has(entry))
    count(
      'the explanations',
      stale.map(({rule, files}) => `nothing needs that of ${rule} ${files.join(' ')}`),
    )
  }
  if (values.write) writePage(results)
  console.log(`test:systems: ${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

async function testCase(
  {system, arch, turn}: Case,
  name: string,
  count: (name: string, problems: readonly string[]) => void,
  results: Result[],
  used: Set<Explained>,
): Promise<void> {
  const layers = await systemLayers(system, arch)
  const checked = await checkImage({arch, entrypoint: system.entrypoint, layers})
  const {findings} = checked.report
  const explained = findings.map(finding => ({finding, by: explain(finding, system.id)}))
  for (const {by} of explained) if (by) used.add(by)
  const result = {system, arch, checked}
  console.log(resultRow(result))
  const problems = [
    ...explained.flatMap(({finding, by}) => (by ? [] : [tellAll(finding)])),
    ...(checked.report.verdict === 'pass' ? [] : ['the verdict is fail']),
  ]
  count(name, problems)
  // The page tells of what is right.
  if (problems.length === 0) results.push(result)
  if (arch === USUAL_ARCHES[0] && USUAL_ARCHES.every(usual => archesOf(system).includes(usual))) {
    count(`${name} beside linux/${USUAL_ARCHES[1]}`, await compareArches(system, used))
  }
  for (const twin of await twinsOf(system, arch, layers, turn)) {
    const {report} = await checkImage(twin.image)
    const wrong = [...twin.judge(report.findings), ...(report.verdict === 'fail' ? [] : ['the verdict is pass'])]
    count(`${name} ${twin.name}`, wrong)
  }
}

/** Both architectures of a system in one index: what is native on one and foreign on the other at the same path. */
async function compareArches(system: System, used: Set<Explained>): Promise<readonly string[]> {
  const images = []
  for (const arch of USUAL_ARCHES) {
    images.push({arch, entrypoint: system.entrypoint, layers: await systemLayers(system, arch)})
  }
  const {findings} = (await checkImage(...images)).report
  const compared = findings.filter(({level, evidence}) => level === 'error' || evidence.native !== undefined)
  return compared.flatMap(finding => {
    const by = explain(finding, system.id)
    if (by) used.add(by)
    return by ? [] : [tellAll(finding)]
  })
}

function tellAll(finding: Checked['report']['findings'][number]): string {
  const files = filesOf(finding)
  const shown = values.verbose ? files : files.slice(0, 10)
  return [tell(finding), ...(files.length > 1 ? shown : [])].join('\n    ')
}

function chooseCases(): readonly Case[] {
  const every = SYSTEMS.flatMap(system => archesOf(system).map(arch => ({system, arch}))).map((one, turn) => ({
    ...one,
    turn,
  }))
  if (values.all) return every
  if (values.only !== '') {
    const ids = values.only.split(',')
    const unknown = ids.filter(id => !SYSTEMS.some(system => system.id === id))
    if (unknown.length > 0) throw new Error(`there is no system ${unknown.join(', ')}`)
    return every.filter(({system}) => ids.includes(system.id))
  }
  const random = seededRandom(Number(values.seed))
  const pool = every.filter(({system}) => system.debian.length > 0)
  const chosen: Case[] = every.filter(({system}) => system.debian.length === 0)
  for (let left = Number(values.count); left > 0 && pool.length > 0; left -= 1) {
    chosen.push(...pool.splice(random.below(pool.length), 1))
  }
  console.log(`seed ${values.seed}: ${chosen.length} of ${every.length} systems`)
  return chosen
}
