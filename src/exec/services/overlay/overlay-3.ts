import {defined} from '../../../lib/defined.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import {ends, type Outcome} from '../../world/call.ts'
import {textOf} from '../../world/text.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import {passOn, type Runner} from '../../wrappers/handover.ts'
import {endRefused} from '../end-early.ts'
import {dumpEnvironment} from '../environment-directory.ts'
import {programStart, serviceStart} from '../run-services.ts'
import type {Supervisor} from '../supervisor.ts'
import {runContFinish} from './legacy.ts'
import {startTop} from './services.ts'
import {type OverlaySettings, readOverlaySettings} from './settings.ts'

/** Where it puts the container's variables. */
const ENVIRONMENT = '/run/s6/container_environment'

/**
 * s6-overlay 3 from the last line of its `/init` on: `s6-overlay-suexec PREINIT '' STAGE0 COMMAND…`. Its own scripts
 * make an init in /run and become it; what these start is known. https://github.com/just-containers/s6-overlay and
 * https://github.com/just-containers/s6-overlay-helpers (s6-overlay-suexec.c)
 */
export const S6_OVERLAY: Supervisor = {
  names: ['s6-overlay-suexec'],
  reads:
    '`/etc/s6-overlay/s6-rc.d`, `user-bundles.d`, `/etc/cont-init.d`, `/etc/services.d`, `/etc/fix-attrs.d`; `S6_…` variables',
  starts:
    'its first stages, the services that s6-rc finds in the bundles `user` and `user2`, and what these depend on, start ' +
    'scripts in their order, older services, then the command',
  async follow(runner, {unknownWord, ...process}) {
    const stages = readStages(process.argv)
    if (typeof stages === 'string') return endRefused(runner, 's6-overlay-suexec', stages)
    const {preinit, stage0, command} = stages
    const base = /^(\/.*)\/libexec\/stage0$/.exec(stage0)?.[1]
    const first = runner.view.world
    if (base === undefined) return becomeOther(runner, {...process, ...defined({unknownWord})}, stages)
    for (const argv of [preinit, [stage0, ...command]]) {
      const outcome = await runner.run(ownProgram(process, argv), first)
      if (outcome.status === 'failure') return outcome
    }
    for (const name of BY_PATH) await runner.run(ownProgram(process, [name]), first)
    for (const name of ELSEWHERE) await runner.run({...ownProgram(process, [name]), guarded: true}, first)
    const settings = readOverlaySettings(process.env)
    const made = await dumpEnvironment(runner, process, settings.keepsEnv ? undefined : ENVIRONMENT)
    const PATH = process.env.get('PATH')
    const env = settings.keepsEnv ? process.env : new Map(PATH === undefined ? [] : [['PATH', PATH]])
    const inside: Process = {...process, cwd: '/', env}
    const hooked = await runHook(runner, inside, settings, made)
    if (hooked.status === 'failure' && settings.ifFails >= 2) return hooked
    const rcInit = await readRcInit(runner, base, hooked.world)
    const started = await startTop(runner, inside, settings, base, rcInit, hooked.world)
    if (started.status === 'failure') return started
    const outcome = await runCommand(
      runner,
      {...inside, cwd: process.cwd, ...defined({unknownWord})},
      settings,
      command,
      started.world,
    )
    const way = {etc: settings.etc, runsText: true, isFatal: false, servicesIn: ''}
    await runContFinish(runner, inside, way, started.world)
    return outcome
  },
}

/** Programs that its scripts start by PATH, and those that are started from where they were installed. */
const BY_PATH = ['s6-linux-init-maker', 's6-rc-compile', 's6-rc-init', 's6-rc']
const ELSEWHERE = ['s6-linux-init', 's6-svscan', 's6-supervise']

function ownProgram(process: Process, argv: readonly string[]) {
  return programStart({...process, argv}, 's6-overlay', {isOpaque: true, isFollowed: true})
}

interface Stages {
  readonly preinit: readonly string[]
  readonly stage0: string
  readonly command: readonly string[]
}

/** A block of execline, which the preinit's command line is in, then the second command line. */
function readStages(argv: readonly string[]): Stages | string {
  const words = argv.slice(1)
  const end = words.findIndex(word => !word.startsWith(' '))
  if (words[end] !== '') return 'its block does not end'
  const preinit = words.slice(0, end).map(word => word.slice(1))
  const [stage0, ...command] = words.slice(end + 1)
  if (preinit.length === 0) return 'its block is empty'
  return stage0 === undefined ? 'it has nothing to become' : {preinit, stage0, command}
}

/** Stages of somebody's own are followed like any program. */
async function becomeOther(runner: Runner, process: Process, {preinit, stage0, command}: Stages): Promise<Outcome> {
  const caller = {name: 's6-overlay-suexec', process}
  let {world} = runner.view
  for (const argv of [preinit, [stage0, ...command]]) {
    for (const handover of passOn(caller, argv, {runsText: false})) ({world} = await runner.run(handover, world))
  }
  const reason = `s6-overlay-suexec becomes ${stage0}, which is not the first stage of s6-overlay`
  return runner.run({kind: 'unknown', reason}, world)
}

/** `S6_STAGE2_HOOK`, split by the shell, before the services are read. */
async function runHook(
  runner: Runner,
  process: Process,
  {hook, ifFails}: OverlaySettings,
  world: World,
): Promise<Outcome> {
  if (hook.length === 0) return {world, status: 'success'}
  const more = {search: 'shell', runsText: true, isFollowed: true, isLast: false} as const
  const own = {...process, argv: hook}
  const start =
    ifFails >= 2
      ? programStart(own, 'S6_STAGE2_HOOK', more)
      : serviceStart(own, {name: 'S6_STAGE2_HOOK', of: 's6-overlay'}, more)
  return runner.run(start, world)
}

/** The container's command, by the shell that its second stage is. */
async function runCommand(
  runner: Runner,
  process: Process,
  {commandPrefix}: OverlaySettings,
  command: readonly string[],
  world: World,
): Promise<Outcome> {
  const nothing: Outcome = {...ends(runner, 'unknown'), world}
  if (command.length === 0) {
    const {unknownWord} = process
    if (unknownWord === undefined) return nothing
    return runner.run({kind: 'unknown', reason: `s6-overlay starts ${unknownWord}, which only the run knows`}, world)
  }
  const argv = [...commandPrefix, ...command]
  const more = {search: 'shell', runsText: true} as const
  return runner.run(programStart({...process, argv}, 'command of s6-overlay', more), world)
}

/** The text of its second stage, which shows what its version reads. */
async function readRcInit(runner: Runner, base: string, world: World): Promise<string | undefined> {
  const view = viewWorld(runner.view.image, world)
  return textOf(view, await view.place(joinPath(base, 'etc/s6-linux-init/skel/rc.init')))
}
