import {baseName} from '../../../lib/paths.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import {findEffect} from '../../world/commands/index.ts'
import {textOf} from '../../world/text.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import {type Runner, refusal} from '../../wrappers/handover.ts'
import {asRoot, callBy} from '../environment-directory.ts'
import {type OrderedStart, runOrdered} from '../run-ordered.ts'
import {programStart, type ServiceStart, serviceStart} from '../run-services.ts'
import {fixAttributes} from './fix-attrs.ts'
import {copyAsRoot, type LegacyWay, runContInit, runLegacyServices} from './legacy.ts'
import {type Ordered, orderServices} from './s6-rc-order.ts'
import {readS6RcSources, type S6RcSource} from './s6-rc-source.ts'
import type {OverlaySettings} from './settings.ts'
import {upCommandLine} from './up-command-line.ts'

/** Where s6-rc keeps the directories of its services. */
const SERVICES = '/run/s6-rc/servicedirs'

interface Overlay {
  readonly runner: Runner
  readonly process: Process
  readonly settings: OverlaySettings
  /** Where its own files are: /package/admin/s6-overlay-3.2.1.0. */
  readonly base: string
}

/** What the second stage brings up; a failure where it ends the container. */
export async function startTop(
  runner: Runner,
  process: Process,
  settings: OverlaySettings,
  base: string,
  rcInit: string | undefined,
  world: World,
): Promise<Outcome> {
  const overlay = {runner, process, settings, base}
  const view = viewWorld(runner.view.image, world)
  const own = joinPath(base, 'etc/s6-rc/sources')
  if (rcInit === undefined || !(await view.directory(own))) {
    const reason = 's6-overlay has no second stage or no services of its own where they are looked for'
    return runner.run({kind: 'unknown', reason}, world)
  }
  const sources = [...(await userSources(view, settings, rcInit)), {directory: own}]
  const read = await readS6RcSources(view, sources)
  const order = orderServices(read, 'top')
  if ('problem' in order) {
    if (read.maybe) return runner.run({kind: 'unknown', reason: `s6-rc-compile refuses: ${order.problem}`}, world)
    return runner.run(refusal('s6-rc-compile', `s6-rc-compile refuses its services: ${order.problem}`), world)
  }
  if (read.maybe) {
    const reason = `which services there are hangs on ${read.maybe.by.name}`
    await runner.run({kind: 'unknown', reason}, world)
  }
  const {world: after, failed} = await runOrdered(
    runner,
    order.map(ordered => startOf(overlay, ordered)),
    await copyLongruns(overlay, order, world),
  )
  return {world: after, status: failed.size > 0 && settings.ifFails >= 2 ? 'failure' : 'unknown'}
}

/** Since 3.2.3 the bundles are in a directory of their own, unless they are where they were before. */
async function userSources(
  view: ReturnType<typeof viewWorld>,
  {etc, bundleDirectory}: OverlaySettings,
  rcInit: string,
): Promise<readonly S6RcSource[]> {
  const profile = `${etc}/s6-overlay`
  const directory = `${profile}/s6-rc.d`
  if (!rcInit.includes('user-bundles.d')) return [{directory}]
  const isOld = (await view.directory(`${directory}/user`)) !== undefined
  if (isOld) return [{directory, bundles: ['user', 'user2']}]
  return [{directory}, {directory: bundleDirectory ?? `${profile}/user-bundles.d`}]
}

function startOf(overlay: Overlay, {service, after}: Ordered): OrderedStart {
  const {name, kind} = service
  const isOnce = kind === 'oneshot'
  return {
    name,
    after,
    isOnce,
    start: world => (isOnce ? runOneshot(overlay, service, world) : startLongrun(overlay, service, world)),
  }
}

/** The command line of `up`; the overlay's own scripts are known. */
async function runOneshot(overlay: Overlay, {name, directory}: Ordered['service'], world: World): Promise<Outcome> {
  const {runner, process, settings, base} = overlay
  const view = viewWorld(runner.view.image, world)
  const text = await textOf(view, await view.place(`${directory}/up`))
  const words = text === undefined ? undefined : upCommandLine(text, world.budget)
  if (words === undefined) {
    await runner.run(
      {kind: 'unknown', reason: `the command line of the service ${name} of s6-rc is not followed`},
      world,
    )
    return {world, status: 'unknown'}
  }
  const [program] = words
  if (program === undefined) return {world, status: 'success'}
  const own = program.startsWith(`${base}/etc/s6-rc/scripts/`) ? baseName(program) : ''
  const inside = {...process, cwd: '/run/s6-rc/servicedirs/s6rc-oneshot-runner'}
  const known = await runOwnScript(overlay, inside, own, world)
  if (known) return known
  const more = {search: 'execvp', isFollowed: true, isLast: false} as const
  const run = {...inside, argv: words}
  // A container that goes on without the service, or does not.
  const start =
    settings.ifFails >= 2
      ? programStart(run, `up of the service ${name} of s6-rc`, more)
      : serviceStart(run, {name, of: 's6-rc'}, more)
  return runner.run(start, world)
}

async function runOwnScript(
  {runner, settings, base}: Overlay,
  process: Process,
  script: string,
  world: World,
): Promise<Outcome | undefined> {
  const {etc, ifFails} = settings
  const way: LegacyWay = {etc, runsText: true, isFatal: ifFails >= 2, servicesIn: '/run/s6/legacy-services'}
  if (!['fix-attrs', 'cont-init', 'services-up'].includes(script)) return undefined
  const program = {...process, argv: [`${base}/etc/s6-rc/scripts/${script}`]}
  await runner.run(programStart(program, 's6-overlay', {isOpaque: true, isFollowed: true, isLast: false}), world)
  switch (script) {
    case 'fix-attrs':
      return {world: await fixAttributes(runner, process, etc, world), status: 'unknown'}
    case 'cont-init':
      return runContInit(runner, process, way, world)
    default: {
      const started = await runLegacyServices(runner, {...process, cwd: '/'}, way, world)
      return {...started, status: 'unknown'}
    }
  }
}

/**
 * The directories that longruns are started in. s6-rc-compile copies `run` and `finish`, and makes them executable, and
 * of all else what it knows: `data` and `env`.
 */
async function copyLongruns({runner, process}: Overlay, order: readonly Ordered[], first: World): Promise<World> {
  const {image} = runner.view
  let world = first
  for (const {service} of order) {
    if (service.kind !== 'longrun') continue
    const {name, directory} = service
    for (const file of ['run', 'finish', 'data', 'env']) {
      if (!(await viewWorld(image, world).place(`${directory}/${file}`)).node) continue
      const isProgram = file === 'run' || file === 'finish'
      const to = `${SERVICES}/${name}/${isProgram ? programOf(service, file) : file}`
      world = await copyAsRoot(runner, process, isProgram ? ['-T'] : ['-aT'], `${directory}/${file}`, to, world)
      const chmod = callBy(runner, asRoot(process), 'chmod', ['755', to], world)
      if (isProgram) world = (await findEffect('chmod')?.run(chmod))?.world ?? world
    }
  }
  return world
}

/** What takes part in a pipeline is started by a script of s6-rc, which becomes the service's own. */
function programOf(service: Ordered['service'], file: 'run' | 'finish'): string {
  const isPiped = service.kind === 'longrun' && (service.producerFor !== undefined || service.consumerFor.length > 0)
  return isPiped ? `${file}.user` : file
}

async function startLongrun({runner, process}: Overlay, service: Ordered['service'], world: World): Promise<Outcome> {
  const {name} = service
  const cwd = `${SERVICES}/${name}`
  const start = (file: 'run' | 'finish', more: Partial<ServiceStart> = {}) =>
    serviceStart(
      {...process, cwd, argv: [`./${programOf(service, file)}`, ...(file === 'run' ? [name] : [])]},
      {name, of: 's6-rc'},
      {search: 'path', ...more},
    )
  const outcome = await runner.run(start('run'), world)
  if ((await viewWorld(runner.view.image, world).place(`${cwd}/${programOf(service, 'finish')}`)).node) {
    const via = `finish of the service ${name} of s6-rc`
    const {process: own, ...finish} = start('finish', {via, certainty: 'likely', tolerated: true})
    await runner.run(
      {...finish, process: {...own, unknownWord: `how ${name} has ended`, isOpenEnded: true}},
      outcome.world,
    )
  }
  return outcome
}
