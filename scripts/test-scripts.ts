import {parseArgs} from 'node:util'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {type Attempt, attemptAll, factsOf} from './start-scripts/attempt.ts'
import {compare, hasDoubt} from './start-scripts/compare.ts'
import {makeStartScript} from './start-scripts/generate.ts'
import {type Ground, makeGround, SHELLS} from './start-scripts/ground.ts'
import {mutantsOf} from './start-scripts/mutate.ts'
import {describeAttempt} from './start-scripts/print.ts'
import {shrink} from './start-scripts/shrink.ts'
import {removeTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:scripts [-- --count N --seed S --shell dash|bash|busybox --show N --only N]
 *
 * Makes start scripts in small roots, runs each for real under dash, bash and busybox of Debian in a chroot
 * with a tracer that sees every execve(2), and compares what happened with what src/exec says of the same root.
 * `count` is for each shell; `show` is how many disagreements are shrunk to the smallest script and printed, the others
 * are told in a line;
 * `only` runs and prints one script. Needs root on amd64, perl-base, overlayfs and namespaces; exit code 2
 * where it cannot run, 1 on a disagreement.
 *
 * What is compared, and what a disagreement is, stands in start-scripts/compare.ts. That the comparison can
 * fail is tested in every run: from answers that hold, wrong ones are made (start-scripts/mutate.ts), and
 * each that is not found counts as failed.
 */

const BATCH = 100

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '2000'},
    seed: {type: 'string', default: '1'},
    shell: {type: 'string'},
    show: {type: 'string', default: '20'},
    only: {type: 'string'},
  },
})
process.exitCode = await main(Number(values.count), Number(values.seed))

interface Tally {
  readonly kinds: Map<string, number>
  readonly outcomes: Map<string, number>
  determined: number
  known: number
  failed: number
  mutants: number
  survivors: number
}

async function main(count: number, seed: number): Promise<number> {
  const hindrance = await findHindrance()
  if (hindrance !== undefined) {
    console.error(`test:scripts cannot run here: ${hindrance}`)
    return 2
  }
  const shells = SHELLS.filter(shell => values.shell === undefined || values.shell === shell)
  if (shells.length === 0) {
    console.error(`test:scripts cannot run: there is no shell ${values.shell}`)
    return 2
  }
  let failed = 0
  for (const shell of shells) {
    const ground = await makeGround(shell)
    try {
      if (values.only === undefined) failed += await testShell(ground, count, seed)
      else await showOne(ground, Number(values.only), seed)
    } finally {
      await removeTemporaryFolder(ground.base)
    }
  }
  console.log(`test:scripts: ${shells.length * count - failed} passed, ${failed} failed`)
  return failed === 0 && (count > 0 || values.only !== undefined) ? 0 : 1
}

async function testShell(ground: Ground, count: number, seed: number): Promise<number> {
  const tally = {kinds: new Map(), outcomes: new Map(), determined: 0, known: 0, failed: 0, mutants: 0, survivors: 0}
  let left = Number(values.show)
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start)
    const scripts = Array.from({length: size}, (_, index) => scriptOf(ground, start + index, seed))
    for (const [index, attempt] of (await attemptAll(ground, scripts)).entries()) {
      countAttempt(tally, attempt, ground)
      const [first] = attempt.disagreements
      if (!first) continue
      if (left-- <= 0) {
        console.log(`#${start + index} ${first.kind}: ${first.about}`)
        continue
      }
      const wasOdd = isOdd(attempt.trace.output)
      const isSame = ({disagreements, trace}: Attempt) =>
        disagreements.some(({kind}) => kind === first.kind) && (wasOdd || !isOdd(trace.output))
      const smallest = await shrink(attempt, scripts => attemptAll(ground, scripts, 1), isSame)
      const same = smallest.disagreements.find(({kind}) => kind === first.kind)
      console.log(`#${start + index} ${describeAttempt(smallest, same)}`)
    }
  }
  const {shell} = ground
  const share = ((100 * tally.determined) / count).toFixed(1)
  console.log(`${shell}, seed ${seed}: ${count} scripts; ends: ${sorted(tally.outcomes)}`)
  console.log(`${shell}: ${tally.determined} (${share} %) followed to their end, ${tally.known} without any doubt`)
  console.log(`${shell}: ${tally.mutants} wrong answers made, ${tally.survivors} of them not found`)
  console.log(`${shell}: ${tally.failed} disagreements${tally.failed > 0 ? `: ${sorted(tally.kinds)}` : ''}`)
  return tally.failed + tally.survivors
}

/** What comes of a command that lost its words while it was made smaller. */
function isOdd(output: string): boolean {
  return /[Uu]sage:|--help|[Ss]yntax error|missing .?\]|operand/.test(output)
}

function scriptOf(ground: Ground, index: number, seed: number) {
  return makeStartScript(seededRandom(seed * 1_000_003 + index), ground.shell, ground.tools)
}

async function showOne(ground: Ground, index: number, seed: number): Promise<void> {
  const [attempt] = await attemptAll(ground, [scriptOf(ground, index, seed)])
  if (attempt) console.log(describeAttempt(attempt, attempt.disagreements[0]))
}

function countAttempt(tally: Tally, {script, startup, trace, disagreements}: Attempt, ground: Ground): void {
  const add = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1)
  add(tally.outcomes, trace.outcome)
  if (startup.unknowns.length === 0) tally.determined++
  if (!hasDoubt(startup)) tally.known++
  if (disagreements.length > 0) tally.failed++
  for (const kind of new Set(disagreements.map(({kind}) => kind))) add(tally.kinds, kind)
  if (disagreements.length > 0) return
  const facts = factsOf(ground, script)
  for (const {name, startup: wrong} of mutantsOf(startup, trace, facts)) {
    tally.mutants++
    if (compare(wrong, trace, facts).length > 0) continue
    tally.survivors++
    console.log(`not found: ${name}\n${describeAttempt({script, startup: wrong, trace, disagreements})}`)
  }
}

function sorted(map: ReadonlyMap<string, number>): string {
  return [...map]
    .sort(([, a], [, b]) => b - a)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ')
}
