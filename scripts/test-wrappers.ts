import {parseArgs} from 'node:util'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {removeTemporaryFolder} from './support/temporary-folder.ts'
import {together} from './support/together.ts'
import {type Attempt, attemptAll} from './wrappers/attempt.ts'
import {bareCommandLines, type CommandLine, makeCommandLine} from './wrappers/command-lines.ts'
import {isHindered} from './wrappers/compare.ts'
import {makeWrapperGround, RELEASES, type Release} from './wrappers/ground.ts'
import type {Manual} from './wrappers/manual.ts'
import {MANUALS} from './wrappers/manuals/index.ts'

/*
 * npm run test:wrappers [-- --count N --seed S --name NAME,NAME --release RELEASE --show N]
 *
 * Makes command lines of the programs that start another one (options as their manuals have them, wrong ones, `--`,
 * options behind the program, missing arguments), runs each in a chroot of Debian bookworm, and others in one of
 * sid, with the real program and stand-ins that are started, and compares what was started, with which words, with
 * what src/exec says of the same root. Which user it is shows in which stand-ins can be started. `count` is for
 * each program, half of it in each release. Needs root on amd64, perl-base, overlayfs and namespaces; exit code 2
 * where it cannot run, 1 on a disagreement.
 */

const SECONDS = 2

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '60'},
    seed: {type: 'string', default: '1'},
    name: {type: 'string'},
    release: {type: 'string'},
    show: {type: 'string', default: '60'},
  },
})
let left = Number(values.show)
process.exitCode = await main(Number(values.count), Number(values.seed))

interface Tally {
  tried: number
  failed: number
  determined: number
  hindered: number
}

async function main(count: number, seed: number): Promise<number> {
  const hindrance = await findHindrance()
  if (hindrance !== undefined) {
    console.error(`test:wrappers cannot run here: ${hindrance}`)
    return 2
  }
  const manuals = MANUALS.filter(({name}) => values.name === undefined || values.name.split(',').includes(name))
  const releases = RELEASES.filter(release => values.release === undefined || values.release === release)
  if (manuals.length === 0 || releases.length === 0) {
    console.error(`test:wrappers cannot run: there is no program ${values.name} or release ${values.release}`)
    return 2
  }
  const tally: Tally = {tried: 0, failed: 0, determined: 0, hindered: 0}
  const ofEach = Math.ceil(count / releases.length)
  // Each in a root of its own, and half of the time nothing happens.
  const reports = await together(
    releases.map(async release => {
      const lines: string[] = []
      const lacking = await testRelease(release, manuals, ofEach, seed, tally, line => lines.push(line))
      return {lines, lacking}
    }),
  )
  for (const line of reports.flatMap(({lines}) => lines)) console.log(line)
  const lacking = reports.map(one => one.lacking)
  const nowhere = manuals.filter(({name}) => lacking.every(names => names.includes(name)))
  if (releases.length > 1 && nowhere.length > 0)
    throw new Error(`no release has ${nowhere.map(({name}) => name).join(', ')}`)
  const {tried, failed, determined, hindered} = tally
  const share = tried === 0 ? 0 : ((100 * determined) / tried).toFixed(1)
  console.log(`seed ${seed}: ${manuals.length} programs, ${tried} command lines, ${share} % followed to their end`)
  console.log(`${hindered} could not be tried: no terminal, a read-only /proc, one processor, no mounts, still busy`)
  console.log(`test:wrappers: ${tried - failed} passed, ${failed} failed`)
  return failed === 0 && tried > 0 ? 0 : 1
}

/** Which of the programs the release's packages lack. */
async function testRelease(
  release: Release,
  manuals: readonly Manual[],
  count: number,
  seed: number,
  tally: Tally,
  print: (line: string) => void,
): Promise<readonly string[]> {
  const ground = await makeWrapperGround(release)
  const lacking: string[] = []
  try {
    print(`Debian ${release}: ${ground.versions.join(', ')}`)
    for (const manual of manuals) {
      const {name} = manual
      if ((await ground.pathOf(name)) === undefined) {
        print(`${release} ${name}: no package has it`)
        lacking.push(name)
        continue
      }
      // Each release has command lines of its own, and so a program whatever stands beside it in the table.
      const random = seededRandom(seedOf(`${release} ${name}`, seed))
      const lines = new Map<string, CommandLine>()
      for (const line of bareCommandLines(random, manual)) lines.set(line.argv.join('\0'), line)
      for (let made = 0; made < count; made++) {
        const line = makeCommandLine(random, manual)
        lines.set(line.argv.join('\0'), line)
      }
      const all = await attemptAll(ground, [...lines.values()], SECONDS)
      const attempts = all.filter(({trace}) => !isHindered(trace))
      tally.hindered += all.length - attempts.length
      tally.tried += attempts.length
      tally.failed += attempts.filter(({disagreements}) => disagreements.length > 0).length
      tally.determined += attempts.filter(({startup}) => startup.unknowns.length === 0).length
      report(`${release} ${name}`, attempts, print)
    }
    return lacking
  } finally {
    await removeTemporaryFolder(ground.base)
  }
}

/** A seed that the text decides, too. */
function seedOf(text: string, seed: number): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003, seed)
}

function report(name: string, attempts: readonly Attempt[], print: (line: string) => void): void {
  const wrong = attempts.filter(({disagreements}) => disagreements.length > 0)
  const open = attempts.filter(({startup}) => startup.unknowns.length > 0).length
  print(`${name}: ${attempts.length} command lines, ${open} undetermined, ${wrong.length} disagreements`)
  for (const {argv, disagreements} of wrong) {
    if (left-- <= 0) return
    for (const {kind, about} of disagreements) print(`  ${JSON.stringify(argv)}\n    ${kind}: ${about}`)
  }
}
