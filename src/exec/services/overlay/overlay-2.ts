import {defined} from '../../../lib/defined.ts'
import type {Process} from '../../resolved-path.ts'
import {ends, type Outcome} from '../../world/call.ts'
import {findEffect} from '../../world/commands/index.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {callBy, dumpEnvironment, importEnvironment} from '../environment-directory.ts'
import {programStart} from '../run-services.ts'
import type {ScriptSupervisor} from '../supervisor.ts'
import {fixAttributes} from './fix-attrs.ts'
import {type LegacyWay, namesIn, runContFinish, runContInit, runLegacyServices} from './legacy.ts'
import {readOverlaySettings} from './settings.ts'

const ENVIRONMENT = '/var/run/s6/container_environment'
const STAGE1 = '/etc/s6/init/init-stage1'
/** What its `/init` takes PATH for where there is none. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * s6-overlay 1 and 2: `/init` and the stages that it becomes are scripts of execline.
 * https://github.com/just-containers/s6-overlay/tree/v2.2.0.3
 */
export const S6_OVERLAY_2: ScriptSupervisor = {
  names: ['init', 'init-stage1'],
  interpreter: /^execlineb$/,
  marks: [/\/etc\/s6\/init[-/]/],
  reads: 's6-overlay 2: `/etc/cont-init.d`, `/etc/services.d`, `/etc/fix-attrs.d`; `S6_…` variables',
  starts:
    'its stages, start scripts in their order, services, then the command with its words; makes scripts executable',
  async follow(runner, {unknownWord, ...process}) {
    const [script, ...command] = process.argv
    const env = process.env.has('PATH') ? process.env : new Map([...process.env, ['PATH', PATH]])
    const outside = {...process, env}
    if (!script?.endsWith('/init-stage1')) await runOwn(runner, outside, [STAGE1, ...command])
    await runOwn(runner, outside, ['/etc/s6/init/init-stage2', ...command])
    const settings = readOverlaySettings(env)
    const {etc, keepsEnv} = settings
    const dumped = await dumpEnvironment(runner, outside, keepsEnv ? undefined : ENVIRONMENT)
    const own = await importEnvironment(runner.view, outside, '/etc/s6/init/env')
    const inside = {...outside, env: keepsEnv ? env : own}
    await runner.run({...ownStart(inside, ['s6-svscan', '-t0']), guarded: true}, dumped)
    const way: LegacyWay = {
      etc,
      runsText: false,
      isFatal: settings.ifFails >= 1,
      servicesIn: '/var/run/s6/services',
    }
    const executable = await makeExecutable(runner, inside, way, dumped)
    const fixed = await fixAttributes(runner, inside, etc, executable)
    const initialised = await runContInit(runner, inside, way, fixed)
    if (initialised.status === 'failure') return initialised
    const started = await runLegacyServices(runner, inside, way, initialised.world)
    const outcome = await runCommand(
      runner,
      {...inside, ...defined({unknownWord})},
      env,
      keepsEnv,
      command,
      started.world,
    )
    await runContFinish(runner, inside, way, started.world)
    return outcome
  },
}

function ownStart(process: Process, argv: readonly string[]) {
  return programStart({...process, argv}, 's6-overlay', {isOpaque: true, isFollowed: true})
}

function runOwn(runner: Runner, process: Process, argv: readonly string[]): Promise<Outcome> {
  return runner.run({...ownStart(process, argv), search: 'path'}, runner.view.world)
}

/** Start scripts and services need no execute bit: it sets it. */
async function makeExecutable(runner: Runner, process: Process, {etc}: LegacyWay, first: World): Promise<World> {
  const paths: string[] = []
  for (const directory of ['cont-init.d', 'cont-finish.d']) {
    for (const name of await namesIn(runner, `${etc}/${directory}`, first)) paths.push(`${etc}/${directory}/${name}`)
  }
  for (const name of await namesIn(runner, `${etc}/services.d`, first)) {
    for (const file of ['run', 'finish', 'log/run', 'log/finish']) paths.push(`${etc}/services.d/${name}/${file}`)
  }
  let world = first
  for (const path of paths) {
    if (!(await viewWorld(runner.view.image, world).place(path)).node) continue
    const outcome = await findEffect('chmod')?.run(callBy(runner, process, 'chmod', ['0755', path], world))
    world = outcome?.world ?? world
  }
  return world
}

/** By `with-contenv`; `S6_CMD_ARG0` has one word a line. */
async function runCommand(
  runner: Runner,
  process: Process,
  outside: Process['env'],
  keepsEnv: boolean,
  command: readonly string[],
  world: World,
): Promise<Outcome> {
  const prefix = (outside.get('S6_CMD_ARG0') ?? '').split('\n').filter(word => word !== '')
  if (command.length === 0) {
    const {unknownWord} = process
    if (unknownWord === undefined) return {...ends(runner, 'unknown'), world}
    return runner.run({kind: 'unknown', reason: `s6-overlay starts ${unknownWord}, which only the run knows`}, world)
  }
  const env = keepsEnv
    ? process.env
    : await importEnvironment(viewWorld(runner.view.image, world), process, ENVIRONMENT)
  const start = programStart({...process, env, argv: [...prefix, ...command]}, 'command of s6-overlay')
  return runner.run(start, world)
}
