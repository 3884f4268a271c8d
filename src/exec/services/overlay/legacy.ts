import {baseName} from '../../../lib/paths.ts'
import {mayExecute} from '../../permission.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import {withDoubts} from '../../shell/race.ts'
import type {Outcome} from '../../world/call.ts'
import {findEffect} from '../../world/commands/index.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {asRoot, callBy} from '../environment-directory.ts'
import {programStart, runServices, type ServiceStart, serviceStart} from '../run-services.ts'
import {superviseDirectory} from '../service-directory.ts'

/** What the two versions of s6-overlay do otherwise with the directories that both know. */
export interface LegacyWay {
  /** Where the user's directories are: /etc. */
  readonly etc: string
  /** A text without `#!` is run by the shell that starts it. */
  readonly runsText: boolean
  /** A start script that fails ends the container. */
  readonly isFatal: boolean
  /** The directory that services are copied to. */
  readonly servicesIn: string
}

const VIA = 'start script of s6-overlay'

/** Runs the files of `cont-init.d` in their order, each to its end. A failure counts where that is fatal. */
export async function runContInit(runner: Runner, process: Process, way: LegacyWay, first: World): Promise<Outcome> {
  let world = first
  let failed = false
  for (const name of await namesIn(runner, `${way.etc}/cont-init.d`, first)) {
    const start = await scriptStart(runner, process, `${way.etc}/cont-init.d/${name}`, way, world)
    const outcome = await runner.run(start, world)
    world = outcome.world
    if (outcome.status === 'failure' && way.isFatal) {
      failed = true
      if (!way.runsText) break
    }
  }
  return {world, status: failed ? 'failure' : 'unknown'}
}

async function scriptStart(
  runner: Runner,
  process: Process,
  path: string,
  {runsText, isFatal}: LegacyWay,
  world: World,
): Promise<ServiceStart> {
  const view = viewWorld(runner.view.image, world)
  const {node} = await view.place(path)
  const more: Partial<ServiceStart> = {
    search: 'path',
    isFollowed: true,
    isLast: false,
    runsText,
    via: VIA,
    // A README among them fails at each start, and harms nothing.
    ...(node?.kind === 'file' && !mayExecute(node, process.user) && !(await isScript(view, node))
      ? {certainty: 'likely'}
      : {}),
  }
  const own = {...process, argv: [path]}
  const name = baseName(path)
  return isFatal ? programStart(own, VIA, more) : serviceStart(own, {name, of: 's6-overlay'}, more)
}

async function isScript(
  view: ReturnType<typeof viewWorld>,
  node: Parameters<ReturnType<typeof viewWorld>['open']>[0],
): Promise<boolean> {
  const found = await view.lookup(node.path)
  if (found.outcome !== 'found') return false
  const [first, second, third] = await (await view.open(found.node)).read(0, Math.min(4, found.node.size))
  return (first === 0x23 && second === 0x21) || (first === 0x7f && second === 0x45 && third === 0x4c)
}

/** What runs when the container ends. */
export async function runContFinish(runner: Runner, process: Process, way: LegacyWay, world: World): Promise<void> {
  for (const name of await namesIn(runner, `${way.etc}/cont-finish.d`, world)) {
    const argv = [`${way.etc}/cont-finish.d/${name}`]
    const more = {search: 'path', certainty: 'likely', tolerated: true} as const
    await runner.run(programStart({...process, argv}, 'script of s6-overlay at its end', more), world)
  }
}

/** Copies the directories of `services.d`, and starts a supervisor for each, and for the `log` in it. */
export async function runLegacyServices(
  runner: Runner,
  process: Process,
  way: LegacyWay,
  first: World,
): Promise<Outcome> {
  const names: string[] = []
  let world = first
  const from = `${way.etc}/services.d`
  for (const name of await namesIn(runner, from, first)) {
    const view = viewWorld(runner.view.image, world)
    if ((await view.place(`${from}/${name}`)).node?.kind !== 'directory') continue
    names.push(name)
    world = await copyAsRoot(runner, process, ['-aT'], `${from}/${name}`, `${way.servicesIn}/${name}`, world)
  }
  const view = viewWorld(runner.view.image, world)
  const services: ServiceStart[] = []
  for (const name of names) {
    for (const own of [name, `${name}/log`]) {
      const directory = joinPath(way.servicesIn, own)
      if (!(await view.directory(directory))) continue
      services.push(...(await startsOf(runner, process, directory, own, world)))
    }
  }
  return runServices(runner, services, world)
}

/** The programs of one service directory, as they would be started one by one. */
async function startsOf(
  runner: Runner,
  process: Process,
  directory: string,
  name: string,
  world: World,
): Promise<readonly ServiceStart[]> {
  const starts: ServiceStart[] = []
  const collector: Runner = {
    ...runner,
    view: viewWorld(runner.view.image, world),
    run: async (handover, before) => {
      if (handover.kind === 'program') starts.push(handover)
      return {world: before, status: 'unknown'}
    },
    rehearse: async () => undefined,
  }
  await superviseDirectory(collector, process, {directory, name, of: 's6-overlay', args: [name]})
  return starts
}

/**
 * As root: what cannot be written to is seen to before. Start scripts that may make anything have made none of the
 * directories that are the init's own.
 */
export async function copyAsRoot(
  runner: Runner,
  process: Process,
  options: readonly string[],
  from: string,
  to: string,
  world: World,
): Promise<World> {
  const made = world.doubts.filter(({grade}) => grade === 'made')
  const sure = {...world, doubts: world.doubts.filter(({grade}) => grade !== 'made')}
  const parent = to.slice(0, to.lastIndexOf('/'))
  const call = (name: string, words: readonly string[], before: World) =>
    callBy(runner, asRoot(process), name, words, before)
  const inside = await findEffect('mkdir')?.run(call('mkdir', ['-p', parent], sure))
  const copied = await findEffect('cp')?.run(call('cp', [...options, from, to], inside?.world ?? sure))
  return copied ? withDoubts(copied.world, made) : world
}

/** Their names in order, without those that begin with a dot. */
export async function namesIn(runner: Runner, directory: string, world: World): Promise<readonly string[]> {
  const listing = await viewWorld(runner.view.image, world).directory(directory)
  return (listing?.names ?? []).filter(name => !name.startsWith('.'))
}
