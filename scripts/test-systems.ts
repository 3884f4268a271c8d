import {parseArgs} from 'node:util'
import type {DebianArch} from './systems/architectures.ts'
import {type Case, chooseCases} from './systems/cases.ts'
import {SYSTEMS} from './systems/catalogue.ts'
import {EXPLAINED, type Explained} from './systems/explained.ts'
import {type SystemLayer, systemLayers} from './systems/layers.ts'
import {type Result, resultRow, sumRow, writePage} from './systems/page.ts'
import {type Judged, testCase} from './systems/test-case.ts'

/*
 * npm run test:systems [-- --all | --only ID,ID | --count N --seed S] [--write] [--verbose]
 *
 * Unpacks real systems (packages of Debian, node_modules, wheels) into images and checks them with `scope: image`,
 * amd64 and arm64 in one index: there must be no error, and no warning or note that scripts/systems/explained.ts does
 * not explain. Then the same systems with one file of another architecture, or on the base of the other architecture:
 * that must be found. Nothing of a system is run. A sample of them, or with --all every one; --write renews their
 * lines in docs/systems.md, after each system.
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

type Layers = ReadonlyMap<DebianArch, readonly SystemLayer[]>

process.exitCode = await main()

async function main(): Promise<number> {
  const cases = chooseCases(SYSTEMS, {
    all: values.all,
    only: values.only === '' ? [] : values.only.split(','),
    count: Number(values.count),
    seed: Number(values.seed),
  })
  console.log(`${cases.length} systems`)
  const results: Result[] = []
  const used = new Set<Explained>()
  let [passed, failed] = [0, 0]
  const count = ({name, problems}: Judged): void => {
    if (problems.length === 0) passed += 1
    else failed += 1
    for (const problem of problems) console.log(`FAILED ${name}: ${problem}`)
  }
  for await (const {one, layers} of inAdvance(cases)) {
    const start = performance.now()
    try {
      if (layers instanceof Error) throw layers
      const outcome = await testCase(one, layers, values.verbose)
      for (const result of outcome.results) console.log(resultRow(result))
      console.log(`  in ${Math.round((performance.now() - start) / 1000)} s`)
      outcome.judged.forEach(count)
      for (const by of outcome.used) used.add(by)
      // The page tells of what is right.
      if (outcome.judged[0]?.problems.length === 0) results.push(...outcome.results)
    } catch (error) {
      // What could not be had could not be checked: that is no pass.
      count({name: `${one.system.id} ${one.arches.join(', ')}`, problems: [String(error)]})
    }
    // What ends a long run early does not take back what it has checked.
    if (values.write) writePage(results)
  }
  if (values.all) {
    const stale = EXPLAINED.filter(entry => !used.has(entry))
    count({
      name: 'the explanations',
      problems: stale.map(({rule, files}) => `nothing needs that of ${rule} ${files.join(' ')}`),
    })
  }
  console.log(sumRow(results))
  console.log(`test:systems: ${passed} passed, ${failed} failed`)
  return failed > 0 || passed === 0 ? 1 : 0
}

/** The cases with their layers; while one is checked, those of the next are fetched and made. */
async function* inAdvance(
  cases: readonly Case[],
): AsyncGenerator<{readonly one: Case; readonly layers: Layers | Error}, void, undefined> {
  let next = allLayers(cases[0])
  for (const [index, one] of cases.entries()) {
    const layers = await next
    next = allLayers(cases[index + 1])
    yield {one, layers}
  }
}

async function allLayers(one: Case | undefined): Promise<Layers | Error> {
  const layers = new Map<DebianArch, readonly SystemLayer[]>()
  try {
    for (const arch of one?.arches ?? []) layers.set(arch, one ? await systemLayers(one.system, arch) : [])
    return layers
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
