import {parseArgs} from 'node:util'
import {INIT_MODULES} from './inits/index.ts'
import type {InitAttempt, InitGround} from './inits/module.ts'
import {MutantTally} from './inits/mutant-tally.ts'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'

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
    for (const open of grounds) {
      const ground = await open()
      try {
        console.log(`${name}: of Debian: ${ground.versions.join(', ')}`)
        for (const seed of seeds) {
          const {tried, failed} = await testGround(name, ground, Math.ceil(count / slowness), seed)
          total.tried += tried
          total.failed += failed
        }
      } finally {
        await ground.close()
      }
    }
  }
  console.log(`test:inits: ${total.tried - total.failed} passed, ${total.failed} failed`)
  return total.failed === 0 && total.tried > 0 ? 0 : 1
}

async function testGround(name: string, ground: InitGround, count: number, seed: number): Promise<Tally> {
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
      if (attempt.disagreements.length > 0 || values.at !== undefined) show(start + offset, attempt)
    }
  }
  const share = tally.tried === 0 ? 0 : ((100 * determined) / tally.tried).toFixed(1)
  const rest = hindered === 0 ? '' : `, ${hindered} could not be tried in this root`
  console.log(
    `${name}, seed ${seed}: ${tally.tried} cases, ${share} % followed to their end, ${tally.failed} disagreements${rest}`,
  )
  for (const line of mutants.tell()) console.log(`  ${line}`)
  return {...tally, failed: tally.failed + mutants.escaped().length}
}

function show(index: number, {what, disagreements}: InitAttempt): void {
  if (left-- <= 0) return
  console.log(`#${index} ${what}`)
  for (const {kind, about} of disagreements) console.log(`    ${kind}: ${about}`)
}
