import {judgeProcesses} from './cancel-suite.ts'
import {mayLeave} from './engine-kinds.ts'
import {type EngineFault, startEngineStandIn} from './engine-stand-in.ts'
import {cleanSites, hasSocket, judgeClients, judgeEngine, modelOf, type Scene, startOf} from './engine-suite.ts'
import {GOOD_IMAGE} from './image.ts'
import {type Complaint, judge} from './judge.ts'
import {DOORS, type Door, type ProgramEnd, runPost, runProgram, SLOW_MACHINE, withRunFolder} from './program-run.ts'
import {type RegistryStage, type Site, startRegistryStage} from './registry-stage.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'

/**
 * The input `timeout`: shorter than the 30 s for which a registry may be silent. In seconds, by the program's clock.
 */
const TIMEOUT = 20
/**
 * In milliseconds, by the program's clock: the timeout, 30 s for docker to remove what was made, and an end by force.
 */
const LIMIT = (TIMEOUT + 30 + 10) * 1000
const SCENES: readonly Scene[] = ['good, whole', 'wrong', 'good, by socket', 'good, whole, by socket']

const OPTIONS = {timeout: `${TIMEOUT}s`} as const
/**
 * How many times slower time passes than in the other suites, one try after the other: on a machine that does much
 * else the time may be up before the program asks for what never comes, and then nothing was tried.
 */
const SLOWER = [1, 4, 10] as const

/** What one try of a trial showed. */
interface Tried {
  /** Whether what never comes was asked for at all. */
  readonly isReached: boolean
  readonly complaints: readonly Complaint[]
}

/** Tries with a slower clock until the program gets as far as what never comes. */
async function untilReached(
  options: SuiteOptions,
  attempt: (options: SuiteOptions) => Promise<Tried>,
): Promise<readonly Complaint[]> {
  for (const slower of SLOWER) {
    const {isReached, complaints} = await attempt({...options, speed: Math.max(1, options.speed / slower)})
    // What never ends, or leaves something, is wrong however far it came.
    if (isReached || complaints.length > 0) return complaints
  }
  return ['the time was up before it was asked for, three times']
}

/** Each docker command, and each request to a registry, that never ends, with an input `timeout`. */
export async function timeLimitTrials(options: SuiteOptions): Promise<Trial[]> {
  return [...(await engineHangs(options)), ...(await registryHangs(options))]
}

async function engineHangs(options: SuiteOptions): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const scene of SCENES) {
    for (const site of await cleanSites(scene, options)) {
      for (const deaf of [false, true]) {
        for (const door of DOORS) {
          trials.push({
            name: `timeout, engine (${scene}), ${door}: docker ${site.command} (${site.count}) never ends${deaf ? ', not by SIGTERM either' : ''}`,
            run: () =>
              untilReached(options, slowed =>
                tryEngine(slowed, scene, door, site.command, site.count, {kind: 'hang', deaf}),
              ),
          })
        }
      }
    }
  }
  return trials
}

async function tryEngine(
  options: SuiteOptions,
  scene: Scene,
  door: Door,
  command: string,
  from: number,
  hang: EngineFault,
): Promise<Tried> {
  return withRunFolder(async folder => {
    const model = modelOf(scene)
    let isHealed = false
    const engine = await startEngineStandIn({
      hasApi: hasSocket(scene),
      folder,
      model,
      fault: site => (!isHealed && site.command === command && site.count >= from ? hang : undefined),
    })
    try {
      const whole = startOf(scene, door, engine, options)
      const start = {...whole, limit: LIMIT / options.speed + SLOW_MACHINE, options: {...whole.options, ...OPTIONS}}
      const end = await runProgram(folder, start)
      const isReached = engine.sites.some(site => site.command === command && site.count >= from)
      const complaints = [...judgeTimedOut(end, isReached), ...judgeClients(engine), ...(await judgeProcesses(folder))]
      if (mayLeave(command)) complaints.push(...(isReached ? judgeWarned(end) : []))
      else complaints.push(...judgeEngine(model, 'before post'))
      if (door === 'command') return {isReached, complaints}
      // The engine is well again by the end of the job.
      isHealed = true
      const post = await runPost(folder, start)
      if (post.exitCode !== 0) complaints.push(`post ends with ${post.exitCode}: ${post.stdout}${post.stderr}`)
      return {isReached, complaints: [...complaints, ...judgeEngine(model, 'after post')]}
    } finally {
      await engine.stop()
    }
  })
}

async function registryHangs(options: SuiteOptions): Promise<Trial[]> {
  const sites = await registrySites(options)
  return sites.flatMap(site =>
    (['hang', 'drip'] as const).flatMap(kind =>
      DOORS.map(door => ({
        name: `timeout, registry, ${door}: ${kind === 'hang' ? 'no answer' : 'one byte a second'} for ${site.role} ${site.url}`,
        run: () => untilReached(options, slowed => tryRegistry(slowed, door, site, kind)),
      })),
    ),
  )
}

async function registrySites(options: SuiteOptions): Promise<readonly Site[]> {
  const stage = await startRegistryStage({image: GOOD_IMAGE, speed: 1})
  try {
    // Nothing is waited for: time need not pass faster, and a machine that does much else is not out of it.
    const start = registryStart(stage, 'command', {...options, speed: 1})
    const end = await withRunFolder(folder => runProgram(folder, start))
    if (end.exitCode !== 0) throw new Error(`a run without a fault fails: ${end.stderr}`)
    return stage.sites()
  } finally {
    await stage.stop()
  }
}

async function tryRegistry(options: SuiteOptions, door: Door, site: Site, kind: 'hang' | 'drip'): Promise<Tried> {
  const stage = await startRegistryStage({
    image: GOOD_IMAGE,
    speed: options.speed,
    fault: ({url, count}) => {
      if (url !== site.url || count < site.count) return undefined
      return kind === 'hang' ? {kind} : {kind, pause: 1000 / options.speed}
    },
  })
  try {
    return await withRunFolder(async folder => {
      const end = await runProgram(folder, registryStart(stage, door, options))
      const isReached = stage.sites().some(({url, count}) => url === site.url && count >= site.count)
      return {isReached, complaints: [...judgeTimedOut(end, isReached, stage), ...(await judgeProcesses(folder))]}
    })
  } finally {
    await stage.stop()
  }
}

function registryStart({image, dockerConfig}: RegistryStage, door: Door, {program, speed}: SuiteOptions) {
  return {
    ...{door, program, image, dockerConfig, speed, limit: LIMIT / speed + SLOW_MACHINE},
    options: {source: 'registry', cache: 'true', ...OPTIONS},
  }
}

/** One message that says for how long was waited, and for what, where it was waiting. */
function judgeTimedOut(end: ProgramEnd, isReached: boolean, stage?: RegistryStage): Complaint[] {
  const said = end.door === 'command' ? end.stderr : end.stdout
  const waited = `the check was not over after ${TIMEOUT} s; it was ${isReached ? 'waiting for ' : ''}`
  const secrets = {secrets: stage?.secrets ?? [], given: stage?.given() ?? []}
  return [
    ...judge(end, {outcomes: ['could-not-check'], ...secrets}),
    ...(said.includes(waited) ? [] : [`does not say ${JSON.stringify(waited)}: ${said}`]),
  ]
}

/** What an engine that hangs does not let go is told, with how to find it. */
function judgeWarned({door, stdout, stderr}: ProgramEnd): Complaint[] {
  const said = door === 'command' ? stderr : stdout
  return /may be left in the engine\. Its containers carry the label io\.github\.verify-image-arch\.run=/.test(said)
    ? []
    : [`does not say that something may be left: ${said}`]
}
