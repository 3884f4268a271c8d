import {parseArgs} from 'node:util'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {removeTemporaryFolder} from './support/temporary-folder.ts'
import {type Attempt, attemptAll} from './wrappers/attempt.ts'
import {type CommandLine, MANUALS, makeCommandLine} from './wrappers/command-lines.ts'
import {isHindered} from './wrappers/compare.ts'
import {makeWrapperGround} from './wrappers/ground.ts'

/*
 * npm run test:wrappers [-- --count N --seed S --name NAME --show N]
 *
 * Makes command lines of the programs that start another one (options as their manuals have them, wrong ones, `--`,
 * options behind the program, missing arguments), runs each in a chroot of Debian bookworm with the real program and
 * stand-ins that are started, and compares what was started, with which words, with what src/exec says of the same
 * root. Which user it is shows in which stand-ins can be started. `count` is for each program. Needs root on amd64,
 * perl-base, overlayfs and namespaces; exit code 2 where it cannot run, 1 on a disagreement.
 */

const SECONDS = 2

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '60'},
    seed: {type: 'string', default: '1'},
    name: {type: 'string'},
    show: {type: 'string', default: '60'},
  },
})
let left = Number(values.show)
process.exitCode = await main(Number(values.count), Number(values.seed))

async function main(count: number, seed: number): Promise<number> {
  const hindrance = await findHindrance()
  if (hindrance !== undefined) {
    console.error(`test:wrappers cannot run here: ${hindrance}`)
    return 2
  }
  const manuals = MANUALS.filter(({name}) => values.name === undefined || values.name.split(',').includes(name))
  const ground = await makeWrapperGround()
  try {
    console.log(`of Debian: ${ground.versions.join(', ')}`)
    let [tried, failed, determined, hindered] = [0, 0, 0, 0]
    for (const [row, manual] of manuals.entries()) {
      if ((await ground.pathOf(manual.name)) === undefined) throw new Error(`Debian's packages hold no ${manual.name}`)
      const random = seededRandom(seed * 1_000_003 + row)
      const lines = new Map<string, CommandLine>()
      for (let left = count; left > 0; left--) {
        const line = makeCommandLine(random, manual)
        lines.set(line.argv.join('\0'), line)
      }
      const all = await attemptAll(ground, [...lines.values()], SECONDS)
      const attempts = all.filter(({trace}) => !isHindered(trace))
      hindered += all.length - attempts.length
      tried += attempts.length
      failed += attempts.filter(({disagreements}) => disagreements.length > 0).length
      determined += attempts.filter(({startup}) => startup.unknowns.length === 0).length
      report(manual.name, attempts)
    }
    const share = ((100 * determined) / tried).toFixed(1)
    console.log(`seed ${seed}: ${manuals.length} programs, ${tried} command lines, ${share} % followed to their end`)
    console.log(`${hindered} could not be tried in this root: no terminal, a read-only /proc, one processor, no mounts`)
    console.log(`test:wrappers: ${tried - failed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    await removeTemporaryFolder(ground.base)
  }
}

function report(name: string, attempts: readonly Attempt[]): void {
  const wrong = attempts.filter(({disagreements}) => disagreements.length > 0)
  const open = attempts.filter(({startup}) => startup.unknowns.length > 0).length
  console.log(`${name}: ${attempts.length} command lines, ${open} undetermined, ${wrong.length} disagreements`)
  for (const {argv, disagreements} of wrong) {
    if (left-- <= 0) return
    for (const {kind, about} of disagreements) console.log(`  ${JSON.stringify(argv)}\n    ${kind}: ${about}`)
  }
}
