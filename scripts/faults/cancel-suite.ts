import {readdir, readFile} from 'node:fs/promises'
import {setTimeout as wait} from 'node:timers/promises'
import {type Random, seededRandom} from '../kernel/random.ts'
import {startEngineStandIn} from './engine-stand-in.ts'
import {hasSocket, judgeEngine, modelOf, SCENES, type Scene, startOf} from './engine-suite.ts'
import {GOOD_IMAGE} from './image.ts'
import {type Complaint, judgeLeft, outcomeOf} from './judge.ts'
import {
  DOORS,
  type Door,
  type ProgramEnd,
  type ProgramStart,
  runPost,
  runProgram,
  withRunFolder,
} from './program-run.ts'
import {startRegistryStage} from './registry-stage.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'

/**
 * In milliseconds: how long a run may take to end after the first signal. A client
 * that heeds nothing takes two seconds.
 */
const LIMIT = 20_000
/** In milliseconds: no run is longer, so that some are cancelled when they are already over. */
const LONGEST = 3_000

/** How cancelled runs ended, and how often. */
export type CancelTally = Map<'by itself' | 'before it listens' | 'over already', number>

/** So many runs, each cancelled by SIGINT and then by SIGTERM, as GitHub's runner does it, at a moment of its own. */
export function cancelTrials(
  {count, seed}: {readonly count: number; readonly seed: number},
  options: SuiteOptions,
  tally: CancelTally,
): Trial[] {
  return Array.from({length: count}, (_, number) => {
    const random = seededRandom(seed * 1_000_003 + number)
    const door = random.pick(DOORS)
    const scene = random.pick([...SCENES, 'registry'] as const)
    const moment = random.below(LONGEST)
    return {
      name: `cancel, ${scene}, ${door}: number ${number}, after ${moment} ms`,
      run: () =>
        scene === 'registry'
          ? cancelRegistry(door, moment, random, options, tally)
          : cancelEngine(scene, door, moment, random, options, tally),
    }
  })
}

async function cancelRegistry(
  door: Door,
  moment: number,
  random: Random,
  options: SuiteOptions,
  tally: CancelTally,
): Promise<Complaint[]> {
  const stage = await startRegistryStage({
    image: GOOD_IMAGE,
    speed: 1,
    // Some answers take their time, one byte after the other.
    fault: () => (random.oneIn(3) ? {kind: 'drip', pause: 1} : undefined),
  })
  try {
    return await withRunFolder(async folder => {
      const start: ProgramStart = {
        ...{
          door,
          program: options.program,
          image: stage.image,
          dockerConfig: stage.dockerConfig,
          speed: 1,
          limit: 60_000,
        },
        options: {source: 'registry', cache: 'true'},
      }
      const end = await cancelled(folder, start, moment, random)
      return [...judgeCancelled(end, moment, tally), ...(await judgeProcesses(folder))]
    })
  } finally {
    await stage.stop()
  }
}

async function cancelEngine(
  scene: Scene,
  door: Door,
  moment: number,
  random: Random,
  options: SuiteOptions,
  tally: CancelTally,
): Promise<Complaint[]> {
  return withRunFolder(async folder => {
    const model = modelOf(scene)
    const engine = await startEngineStandIn({
      hasApi: hasSocket(scene),
      folder,
      model,
      delay: () => random.below(60),
      // Some clients heed no SIGTERM.
      fault: ({command}) =>
        /^(?:cp|pull|export) /.test(command) && random.oneIn(20) ? {kind: 'hang', deaf: true} : undefined,
    })
    try {
      const start: ProgramStart = {...startOf(scene, door, engine, {...options, speed: 1}), limit: 60_000}
      const end = await cancelled(folder, start, moment, random)
      // What is told to a client that is gone, an engine may do all the same.
      await wait(100)
      const complaints = [...judgeCancelled(end, moment, tally)]
      if (end.signal === undefined) complaints.push(...judgeEngine(model, 'before post'))
      if (door === 'action') {
        const post = await runPost(folder, start)
        if (post.exitCode !== 0) complaints.push(`post ends with ${post.exitCode}: ${post.stdout}${post.stderr}`)
      }
      complaints.push(...judgeEngine(model, 'at the end'), ...(await judgeProcesses(folder)))
      if (engine.running() > 0) complaints.push(`${engine.running()} docker commands still run`)
      return complaints
    } finally {
      await engine.stop()
    }
  })
}

/** Runs the program, and sends both signals, the first at a moment in milliseconds. */
export async function cancelled(
  folder: string,
  start: ProgramStart,
  moment: number,
  random: Random,
): Promise<ProgramEnd> {
  const between = random.below(400)
  return runProgram(folder, {
    ...start,
    started: kill => {
      setTimeout(() => kill('SIGINT'), moment)
      setTimeout(() => kill('SIGTERM'), moment + between)
    },
  })
}

/** It ends by the first signal that it hears, or it was over already; and it says that it was cancelled. */
export function judgeCancelled(end: ProgramEnd, moment: number, tally: CancelTally): Complaint[] {
  const {exitCode, signal, milliseconds, stdout, stderr} = end
  const late = milliseconds - moment
  const complaints = [
    ...(end.inTime && late <= LIMIT ? [] : [`took ${Math.round(late)} ms to end after SIGINT`]),
    ...judgeLeft(end),
  ]
  const isKilled = signal !== undefined
  const isOver = [...end.files.keys()].some(path => path.endsWith('report.json'))
  const how = isKilled ? 'before it listens' : isOver ? 'over already' : 'by itself'
  tally.set(how, (tally.get(how) ?? 0) + 1)
  // Before it has begun to listen, node itself ends it.
  if (signal === 'SIGINT' || signal === 'SIGTERM') return complaints
  if (exitCode === 130 || exitCode === 143) {
    const said = end.door === 'command' ? stderr : stdout
    // A signal may come when all that there is to say is said.
    return isOver || /the run was cancelled/.test(said)
      ? complaints
      : [...complaints, `says nothing of a signal: ${said}`]
  }
  const outcome = outcomeOf(end)
  if (outcome === 'verified' || outcome === 'findings') return complaints
  return [...complaints, `ended with ${exitCode ?? signal}: ${stdout}${stderr}`]
}

/** Every process of a run has its folder in its environment. */
export async function judgeProcesses(folder: string): Promise<Complaint[]> {
  const left: Complaint[] = []
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    if (!environ.includes(`TMPDIR=${folder}/temp`)) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')
    left.push(`a process is left: ${line.replaceAll('\0', ' ')}`)
  }
  return left
}
