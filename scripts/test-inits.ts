import {parseArgs} from 'node:util'
import {INIT_MODULES} from './inits/index.ts'
import type {InitAttempt, InitGround} from './inits/module.ts'
import {MutantTally} from './inits/mutant-tally.ts'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {together} from './support/together.ts'

/*
 * npm run test:inits [-- --count N --seed S,S --only NAME,NAME --at N --show N]
 *
 * Makes what inits and supervisors read (scripts, directories of services), runs the real program of Debian's packages
 * over each in a chroot, with stand-ins that show what was started, and compares with what src/exec says of the same
 * root. `count` is for each root of a module, a tenth of it for supervisors, which take seconds each; `at` tries one
 * case only, and prints it. Several seeds are tried in one root after the other. Each module of inits/index.ts says in
 * its own folder what it makes and what a disagreement is. Needs root on amd64, perl-base, overlayfs and namespaces;
 * exit code 2 where it cannot run, 1 on a disagreement.
 */

const BATCH = 100

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '500'},
    seed: {type: 'string', default: '1'},
    only: {type: 'string'},
    at: {type: 'string'},
    show: {type: 'string', default: '20'},
  },
})
let left = Number(values.show)
process.exitCode = await main(Number(values.count), values.seed.split(',').map(Number))

interface Tally {
  tried: number
  failed: number
}

async function main(count: number, seeds: readonly number[]): Promise<number> {
  const hindrance = await findHindrance()
  if (hindrance !== undefined) {
    console.error(`test:inits cannot run here: ${hindrance}`)
    return 2
  }
  const names = values.only?.split(',')
  const modules = INIT_MODULES.filter(({name}) => names === undefined || names.includes(name))
  if (modules.length === 0) {
    console.error(`test:inits cannot run: there is no module ${values.only}`)
    return 2
  }
  const total: Tally = {tried: 0, failed: 0}
  for (const {name, grounds, slowness = 1} of modules) {
    // Supervisors are given seconds in which nothing happens.
    const reports = await together(grounds.map(open => testSeeds(name, open, seeds, Math.ceil(count / slowness))))
    for (const {lines, attempts, tried, failed} of reports) {
      total.tried += tried
      total.failed += failed
      const shown = attempts.slice(0, left)
      left -= shown.length
      for (const line of [...lines.slice(0, 1), ...shown.flat(), ...lines.slice(1)]) console.log(line)
    }
  }
  console.log(`test:inits: ${total.tried - total.failed} passed, ${total.failed} failed`)
  return total.failed === 0 && total.tried > 0 ? 0 : 1
}

interface Report extends Tally {
  readonly lines: readonly string[]
  /** Those to be seen, each in lines. */
  readonly attempts: readonly (readonly string[])[]
}

async function testSeeds(
  name: string,
  open: () => Promise<InitGround>,
  seeds: readonly number[],
  count: number,
): Promise<Report> {
  const ground = await open()
  try {
    const reports: Report[] = []
    for (const seed of seeds) reports.push(await testGround(name, ground, count, seed))
    return {
      lines: [`${name}: of Debian: ${ground.versions.join(', ')}`, ...reports.flatMap(({lines}) => lines)],
      attempts: reports.flatMap(({attempts}) => attempts),
      tried: reports.reduce((sum, {tried}) => sum + tried, 0),
      failed: reports.reduce((sum, {failed}) => sum + failed, 0),
    }
  } finally {
    await ground.close()
  }
}

async function testGround(name: string, ground: InitGround, count: number, seed: number): Promise<Report> {
  const seen: (readonly string[])[] = []
  const tally: Tally = {tried: 0, failed: 0}
  let [determined, hindered] = [0, 0]
  const mutants = new MutantTally()
  const first = values.at === undefined ? 0 : Number(values.at)
  const end = values.at === undefined ? count : first + 1
  for (let start = first; start < end; start += BATCH) {
    const indexes = Array.from({length: Math.min(BATCH, end - start)}, (_, offset) => start + offset)
    const attempts = await ground.attemptAll(indexes.map(index => seededRandom(seed * 1_000_003 + index)))
    for (const [offset, attempt] of attempts.entries()) {
      if (attempt.isHindered) {
        hindered++
        continue
      }
      tally.tried++
      if (attempt.isDetermined) determined++
      for (const [name, isFound] of attempt.mutants ?? []) mutants.count(name, isFound)
      if (attempt.disagreements.length > 0) tally.failed++
      if (attempt.disagreements.length > 0 || values.at !== undefined) seen.push(told(start + offset, attempt))
    }
  }
  const share = tally.tried === 0 ? 0 : ((100 * determined) / tally.tried).toFixed(1)
  const rest = hindered === 0 ? '' : `, ${hindered} could not be tried in this root`
  const sum = `${tally.tried} cases, ${share} % followed to their end, ${tally.failed} disagreements${rest}`
  const lines = [`${name}, seed ${seed}: ${sum}`, ...mutants.tell().map(line => `  ${line}`)]
  return {tried: tally.tried, failed: tally.failed + mutants.escaped().length, lines, attempts: seen}
}

function told(index: number, {what, disagreements}: InitAttempt): readonly string[] {
  return [`#${index} ${what}`, ...disagreements.map(({kind, about}) => `    ${kind}: ${about}`)]
}
