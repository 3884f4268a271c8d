import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {defined} from '../../src/lib/defined.ts'
import type {LimitName} from '../../src/lib/limits.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {carry} from './carry.ts'
import {ImageFolder} from './image-folder.ts'
import {type MeasuredRun, runMeasured} from './measured-run.ts'
import {CARRIERS, type Carrier, type Outcome, type Prepared, type Scene, type Shape} from './shape.ts'

/** One run of the program that is to be made. */
export interface Trial {
  readonly name: string
  readonly way: Carrier | 'scene'
  readonly outcome: Outcome
  readonly limit?: LimitName | undefined
  readonly isUnnamed?: true | undefined
  readonly says?: RegExp | undefined
  readonly streams?: number | undefined
  readonly prepare: (folder: string) => Promise<Prepared>
}

/** What was seen of it. */
export interface Row {
  readonly trial: Trial
  readonly run: MeasuredRun
  /** What it ended as, in words. */
  readonly ended: string
  readonly complaints: readonly string[]
}

/** The aim for every one of them; what streams by takes its time beside. */
const MOST_MILLISECONDS = 60_000
const MILLISECONDS_A_GIB = 1500
export const MOST_MEMORY = 512 * 2 ** 20

/** In milliseconds of a processor. */
export function mostTime({streams = 0}: Pick<Trial, 'streams'>): number {
  return MOST_MILLISECONDS + MILLISECONDS_A_GIB * streams
}

/** In milliseconds: what a machine that does much else may take, before a run counts as one that hangs. */
const HANGS = 120_000
/** What streams by may go to a disk, and a slow one writes 50 MB in a second. */
const HANGS_A_GIB = 20_000

/** The trials of an image: one for each way that it comes. */
export function trialsOf(shape: Shape): readonly Trial[] {
  const {name, outcome, limit, isUnnamed, says, streams, carriers = CARRIERS, options = []} = shape
  return carriers.map(way => ({
    ...{name, way, outcome, limit, isUnnamed, says, streams},
    prepare: async folder => {
      const image = await ImageFolder.make(join(folder, 'layout'))
      await shape.make(image)
      const {args, stop} = await carry(image, way, folder)
      return {args: [...args, ...options], stop}
    },
  }))
}

export function trialOf(scene: Scene): Trial {
  return {...scene, way: 'scene'}
}

/** Makes an input, gives it to the program and judges how that ended; nothing stays. */
export function tryOne(trial: Trial, program: string): Promise<Row> {
  return withTemporaryFolder('verify-hostile', async folder => {
    const input = join(folder, 'input')
    await mkdir(input)
    const {args, cwd, env, stop} = await trial.prepare(input)
    try {
      const measure = (): Promise<MeasuredRun> =>
        runMeasured({
          program,
          args,
          folder: cwd ?? join(folder, 'run'),
          limit: HANGS + HANGS_A_GIB * (trial.streams ?? 0),
          ...defined({env}),
        })
      const first = await measure()
      const run = first.memory <= MOST_MEMORY ? first : leaner(first, await measure())
      return {trial, run, ...judge(trial, run)}
    } finally {
      await stop()
    }
  })
}

/** On a busy machine garbage is collected late: what two runs take each is what the input takes. */
function leaner(one: MeasuredRun, other: MeasuredRun): MeasuredRun {
  return other.memory < one.memory ? other : one
}

interface Judgement {
  readonly ended: string
  readonly complaints: readonly string[]
}

function judge(trial: Trial, run: MeasuredRun): Judgement {
  const {outcome, limit, isUnnamed, says} = trial
  const {exitCode, inTime, busy, memory, report, stderr} = run
  if (!inTime) return {ended: 'no end', complaints: ['it did not end']}
  const rules = rulesOf(report)
  const ended = describe(exitCode, rules)
  const isRight = isOutcome(outcome, exitCode, rules)
  const said = stderr + report
  return {
    ended,
    complaints: [
      ...(isRight ? [] : [`expected ${describeOutcome(outcome)}; it said: ${excerpt(stderr || report)}`]),
      ...(says === undefined || says.test(said) ? [] : [`it does not say ${says}: ${excerpt(stderr || report)}`]),
      ...(limit !== undefined && !isUnnamed && namesLimit(outcome) && !said.includes(`(limit ${limit}`)
        ? [`it does not name ${limit}: ${excerpt(said)}`]
        : []),
      // The processor's time, which other programs on the machine change little.
      ...(busy <= mostTime(trial) ? [] : [`it took ${Math.round(busy / 1000)} s`]),
      ...(memory <= MOST_MEMORY ? [] : [`it took ${Math.round(memory / 2 ** 20)} MiB`]),
    ],
  }
}

/** Whether what is beyond a limit is told with the name of the limit: all but what is a finding of its own. */
function namesLimit(outcome: Outcome): boolean {
  return outcome === 'could-not-check' || (typeof outcome === 'object' && outcome.rule === 'undetermined')
}

function isOutcome(outcome: Outcome, exitCode: number | undefined, rules: readonly string[]): boolean {
  if (outcome === 'ended') return exitCode === 0 || exitCode === 1 || exitCode === 3
  if (outcome === 'verified') return exitCode === 0
  if (outcome === 'could-not-check') return exitCode === 3
  return exitCode === 1 && rules.includes(outcome.rule)
}

function describeOutcome(outcome: Outcome): string {
  return typeof outcome === 'string' ? outcome : `a finding of ${outcome.rule}`
}

function describe(exitCode: number | undefined, rules: readonly string[]): string {
  if (exitCode === 0) return 'verified'
  if (exitCode === 3) return 'could not check'
  if (exitCode === 1) return `found ${[...new Set(rules)].join(', ')}`
  return exitCode === undefined ? 'killed' : `exit code ${exitCode}`
}

function rulesOf(report: string): string[] {
  if (report === '') return []
  const {findings}: {findings: readonly {readonly rule: string; readonly level: string}[]} = JSON.parse(report)
  return findings.filter(({level}) => level !== 'note').map(({rule}) => rule)
}

function excerpt(text: string): string {
  return text.length < 600 ? text.trim() : `${text.slice(0, 600)}…`
}
