import {execFileSync} from 'node:child_process'
import {parseArgs} from 'node:util'
import {messageOf} from '../src/errors.ts'
import {readResults, resultOf, type TrialResult, trialKey, writeResults} from './hostile/results.ts'
import {ALL_TRIALS} from './hostile/shapes/index.ts'
import {type Row, type Trial, tryOne} from './hostile/trial.ts'
import {seededRandom} from './kernel/random.ts'
import {parsePart, takePart} from './support/part.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:hostile [-- --seconds T --only TEXT --part 1/6 --program DIR --write --new]
 *
 * Makes images, archives and registries that nobody means well with, near the limits of src/lib/limits and over them,
 * and gives each to the built program, in a process of its own whose time and memory are measured. What is expected is
 * a finding, or one clear message with the name of the limit: never a pass, never a crash, never no end. What is near a
 * limit, and fine, passes.
 *
 * They are made for the run, for our own reader, and are gone after it. With --seconds what there is time for, a bit of
 * everything; --only is a regular expression, --part tries each sixth of them. With --write what was measured goes to
 * scripts/hostile/results.json, from which `npm run docs` makes the table of docs/threat-model.md; with --new only
 * trials that have no result there are tried. Exit code 1 on a failure.
 */

const {values} = parseArgs({
  options: {
    seconds: {type: 'string'},
    only: {type: 'string', default: ''},
    part: {type: 'string', default: '1/1'},
    program: {type: 'string'},
    write: {type: 'boolean', default: false},
    new: {type: 'boolean', default: false},
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const end = Date.now() + Number(values.seconds ?? Infinity) * 1000
  const part = parsePart(values.part)
  const known = new Set(values.new ? readResults().trials.map(trialKey) : [])
  const named = ALL_TRIALS.filter(trial => trialKey(trial).match(values.only) && !known.has(trialKey(trial)))
  const chosen = takePart(named, part)
  const trials = values.seconds === undefined ? chosen : mixed(chosen)
  let [tried, failed] = [0, 0]
  await withTemporaryFolder('verify-hostile-program', async folder => {
    const program = values.program ?? build(folder)
    for (const trial of trials) {
      if (Date.now() >= end) break
      const {result, complaints} = await tell(trial, program)
      tried++
      if (complaints.length > 0) failed++
      // At once: a run that is ended early has not been for nothing.
      else if (result !== undefined && values.write) writeResults([result], ALL_TRIALS)
    }
  })
  console.log(`${tried} of ${trials.length} tried`)
  console.log(`test:hostile: ${tried - failed} passed, ${failed} failed`)
  return failed === 0 && tried > 0 ? 0 : 1
}

/** In an order that is always the same and mixes kinds. */
function mixed(trials: readonly Trial[]): Trial[] {
  const random = seededRandom(1)
  const left = [...trials]
  return trials.flatMap(() => left.splice(random.below(left.length), 1))
}

function build(folder: string): string {
  execFileSync(process.execPath, ['--no-warnings', 'scripts/build.ts', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return folder
}

interface Told {
  /** Absent where it could not be tried. */
  readonly result?: TrialResult
  readonly complaints: readonly string[]
}

async function tell(trial: Trial, program: string): Promise<Told> {
  try {
    const row = await tryOne(trial, program)
    console.log(formatRow(row))
    for (const complaint of row.complaints) console.log(`  FAILED: ${complaint}`)
    return {result: resultOf(row), complaints: row.complaints}
  } catch (thrown) {
    const complaint = `could not be tried: ${messageOf(thrown)}`
    console.log(`${trial.name} (${trial.way})\n  FAILED: ${complaint}`)
    return {complaints: [complaint]}
  }
}

function formatRow({trial, run, ended}: Row): string {
  const [time, busy] = [run.milliseconds, run.busy].map(milliseconds => `${(milliseconds / 1000).toFixed(1)} s`)
  const memory = `${Math.round(run.memory / 2 ** 20)} MiB`
  return `${trial.name} (${trial.way}): ${ended}, ${time}, ${busy} of a processor, ${memory}`
}
