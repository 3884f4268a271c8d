import {baseName} from '../../../lib/paths.ts'
import type {Process} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import {ends} from '../../world/call.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart} from '../run-services.ts'
import type {Supervisor} from '../supervisor.ts'
import {cleanProcess, findLibrary} from './environment.ts'
import {chainOf, isRunlevel, servicesIn, servicesInBoot} from './runlevels.ts'
import {readTree} from './service-tree.ts'
import {readSettings, settingFiles} from './settings.ts'
import {startInOrder} from './start-in-order.ts'
import {readLevel, withLevel} from './state.ts'

/** OpenRC src/openrc-init/openrc-init.c, path_default. */
const INIT_PATH = '/sbin:/usr/sbin:/bin:/usr/bin'

const GRAMMAR = {
  short: 'a:no:s:SChqVvU',
  long: [
    ...['no-stop', 'override=', 'service=', 'sys', 'help', 'nocolor', 'nocolour', 'version', 'verbose', 'quiet'],
    'user',
  ],
  permutes: true,
}

/** `openrc RUNLEVEL`, and `openrc-init`, which goes through them: https://github.com/OpenRC/openrc */
export const OPENRC: Supervisor = {
  names: ['openrc', 'openrc-init', 'rc'],
  reads: '`/etc/runlevels`: links to the scripts of services, runlevels in them, `depend` of all scripts',
  starts: 'each script with `start`, in the order of what it needs and comes after',
  isFile: ({file}) => file !== 'rc' && file !== 'busybox',
  async follow(runner, process) {
    if (baseName(process.argv[0] ?? '') === 'openrc-init') return followInit(runner, process)
    const {options, words, unknown} = parseOptions(process.argv, GRAMMAR)
    if (unknown !== undefined) return endRefused(runner, 'openrc', `it has no option ${unknown}`)
    if (options.some(([name]) => /^[oSshVa]$|^(override|sys|service|help|version)$/.test(name)))
      return ends(runner, 'unknown')
    const [level = await readLevel(runner.view)] = words
    if (level === 'shutdown' || level === 'reboot' || level === 'single') return ends(runner, 'unknown')
    if (!(await isRunlevel(runner.view, level)) && level !== (await readLevel(runner.view)))
      return endRefused(runner, 'openrc', `${level} is not a valid runlevel`)
    return startLevel(runner, process, level, runner.view.world)
  },
}

/** `openrc-init` as process 1: sysinit, boot and the runlevel that its word or its configuration names. */
async function followInit(runner: Runner, process: Process): Promise<Outcome> {
  const {view} = runner
  const settings = await readSettings(view, process, await settingFiles(view))
  const wanted = process.argv[1] ?? settings.get('rc_default_runlevel') ?? 'default'
  const last = (await isRunlevel(view, wanted)) ? wanted : 'default'
  let {world} = view
  for (const level of ['sysinit', 'boot', last]) {
    // A runlevel that is not there has no service; that openrc refuses its name ends nothing.
    if (level !== last && !(await isRunlevel(view, level))) continue
    const start = {...process, env: new Map([...process.env, ['PATH', INIT_PATH] as const]), argv: ['openrc', level]}
    const service = {name: `runlevel ${level}`, of: 'openrc-init'}
    const more = {isFollowed: true, isLast: false, service} as const
    const outcome = await runner.run(programStart(start, `runlevel ${level} of openrc-init`, more), world)
    world = outcome.world
  }
  return {...ends(runner, 'unknown'), world}
}

async function startLevel(runner: Runner, process: Process, level: string, first: World): Promise<Outcome> {
  const library = await findLibrary(runner.view, process)
  if (library === undefined)
    return endUnknown(runner, 'openrc starts services by its own scripts, which the image does not have')
  const view = runner.view
  const tree = await readTree(view, process)
  const inBoot = await servicesInBoot(view, level)
  let world = withLevel(first, level, runner.by)
  for (const one of await chainOf(view, level)) {
    const names = await servicesIn(view, one)
    const isInLevel = (name: string) => names.includes(name) || inBoot.includes(name)
    const clean = await cleanProcess(viewWorld(view.image, world), process, library, level)
    // What comes first there mounts file systems, which most containers may not.
    const isSure = tree.isKnown && level !== 'sysinit'
    ;({world} = await startInOrder(runner, {tree, names, isInLevel, process: clean, isSure}, world))
  }
  return {...ends(runner, 'unknown'), world}
}
