import {baseName} from '../../../lib/paths.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import {ends, type Outcome} from '../../world/call.ts'
import {viewWorld} from '../../world/view.ts'
import type {World} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart} from '../run-services.ts'
import type {Supervisor} from '../supervisor.ts'
import {cleanProcess, findLibrary} from './environment.ts'
import {servicesIn, servicesInBoot} from './runlevels.ts'
import {providersOf, readTree} from './service-tree.ts'
import {startInOrder} from './start-in-order.ts'
import {hasLocks, isNotBooted, isStarted, readLevel, withStarted} from './state.ts'

const COMMON = 'ChqVvU'
const LONG = ['help', 'nocolor', 'nocolour', 'version', 'verbose', 'quiet', 'user']

const RUN = {
  short: `dDsSvl:Z${COMMON}`,
  long: ['debug', 'dry-run', 'ifstarted', 'ifstopped', 'nodeps', 'lockfd=', ...LONG],
  permutes: true,
}

/** Commands that start nothing, or end what was started. */
const QUIET = /^(stop|pause|zap|status|describe|help|depend|i?(need|use|want|after|before|provide)s?me?)$/

/** What interprets the scripts of services: OpenRC src/openrc-run/openrc-run.c. */
export const OPENRC_RUN: Supervisor = {
  names: ['openrc-run', 'runscript'],
  reads: 'the script of a service that it is given, `/etc/conf.d`, `/etc/rc.conf`',
  starts: '`openrc-run.sh` with it, once what it needs is started; where openrc has not run yet, nothing',
  async follow(runner, process) {
    const [, script, ...rest] = process.argv
    if (script === undefined) return endRefused(runner, 'openrc-run', 'it is not run without a script')
    const {options, words, unknown} = parseOptions(['', ...rest], RUN)
    if (unknown !== undefined) return endRefused(runner, 'openrc-run', `it has no option ${unknown}`)
    const has = (...names: readonly string[]) => options.some(([name]) => names.includes(name))
    if (has('h', 'help', 'V', 'version', 'Z', 'dry-run')) return ends(runner, 'unknown')
    if (words.length === 0) return endRefused(runner, 'openrc-run', 'it wants a command, such as start')
    const library = await findLibrary(runner.view, process)
    if (library === undefined)
      return endUnknown(runner, 'openrc-run starts services by its own scripts, which the image does not have')
    const name = baseName(script)
    const path = (await runner.view.place(script.startsWith('/') ? script : joinPath(process.cwd, script))).at
    const isWithin = process.env.has('RC_RUNLEVEL')
    const level = process.env.get('RC_RUNLEVEL') ?? (await readLevel(runner.view))
    const clean = isWithin ? process : await cleanProcess(runner.view, process, library, level)
    let {world} = runner.view
    let outcome: Outcome = ends(runner, 'success')
    for (const command of words) {
      const isStart = /^(start|restart)$/.test(command)
      if (QUIET.test(command) || /^(cond|conditional)restart$/.test(command)) continue
      if (isStart && !isWithin && (await isNotBooted(viewWorld(runner.view.image, world)))) {
        const reason = `openrc has not started the system: there is no /run/openrc/softlevel, and ${name} is not started`
        const fix =
          'Run "openrc default" before, or make /run/openrc/softlevel and the directory /run/openrc/exclusive.'
        return runner.run({kind: 'refused', via: 'command line of openrc-run', reason, fix}, world)
      }
      if (isStart && !isWithin) {
        const before = await isStarted(viewWorld(runner.view.image, world), name)
        if (before === true && command === 'start') continue
        const needed = has('D', 'nodeps') ? undefined : await startNeeded(runner, clean, name, level, world)
        if (needed) world = needed.world
        // It says so, and starts nothing.
        if (needed?.isLacking) {
          outcome = {...ends(runner, 'failure'), world}
          continue
        }
      }
      const env = new Map([...clean.env, ['RC_SVCNAME', name] as const])
      const own = {...clean, env, argv: [`${library}/sh/openrc-run.sh`, path, isStart ? 'start' : command]}
      const isSure = isWithin || (await hasLocks(viewWorld(runner.view.image, world)))
      const start = programStart(own, 'argument of openrc-run', {
        search: 'path',
        isFollowed: true,
        isLast: false,
        certainty: isSure ? 'certain' : 'likely',
      })
      const ran = await runner.run(start, world)
      outcome = isSure ? ran : {...ran, status: 'unknown'}
      world = outcome.world
      if (isStart && outcome.status !== 'failure') world = withStarted(world, name, outcome.status, runner.by)
    }
    return {...outcome, world}
  },
}

/** What it needs, wants, and uses where that is in the runlevel. */
async function startNeeded(
  runner: Runner,
  process: Process,
  name: string,
  level: string,
  world: World,
): Promise<{readonly world: World; readonly isLacking: boolean}> {
  const view = viewWorld(runner.view.image, world)
  const tree = await readTree(view, process)
  const own = tree.services.get(name)
  const inLevel = [...(await servicesIn(view, level)), ...(await servicesInBoot(view, level))]
  const names = [...(own?.need ?? []), ...(own?.want ?? []), ...(own?.use ?? []).filter(one => inLevel.includes(one))]
  const isInLevel = (one: string) => inLevel.includes(one)
  const wanted = {tree, names: names.filter(one => one !== name), isInLevel, process, isSure: false}
  const started = await startInOrder(runner, wanted, world)
  const isLacking = (own?.need ?? []).some(need =>
    providersOf(tree.services, need).some(one => started.failed.has(one)),
  )
  return {world: started.world, isLacking}
}

const SERVICE = {
  short: `cdDe:ilr:INsSZ${COMMON}`,
  long: [
    ...['debug', 'nodeps', 'exists=', 'ifcrashed', 'ifexists', 'ifinactive', 'ifnotstarted', 'ifstarted', 'ifstopped'],
    ...['list', 'resolve=', 'dry-run', ...LONG],
  ],
  permutes: true,
}

/** `rc-service NAME COMMAND`: it becomes the script of the service. OpenRC src/rc-service/rc-service.c. */
export const RC_SERVICE: Supervisor = {
  names: ['rc-service'],
  reads: '`/etc/init.d`',
  starts: 'the script of the service, with the command',
  async follow(runner, process) {
    const {options, words, unknown} = parseOptions(process.argv, SERVICE)
    if (unknown !== undefined) return endRefused(runner, 'rc-service', `it has no option ${unknown}`)
    const has = (...names: readonly string[]) => options.some(([name]) => names.includes(name))
    if (has('h', 'help', 'V', 'version', 'Z', 'dry-run', 'l', 'list', 'r', 'resolve', 'e', 'exists'))
      return ends(runner, 'unknown')
    if (has('c', 'ifcrashed', 'I', 'ifinactive', 's', 'ifstarted')) return ends(runner, 'unknown')
    const [name, ...commands] = words
    if (name === undefined) return endRefused(runner, 'rc-service', 'it wants the name of a service')
    const path = name.startsWith('/') ? name : joinPath('/etc/init.d', name)
    const {node, maybe} = await runner.view.place(path)
    if (node === undefined && maybe === undefined) {
      return has('i', 'ifexists')
        ? ends(runner, 'success')
        : endRefused(runner, 'rc-service', `the image has no service ${name}: ${path} is missing`)
    }
    const library = await findLibrary(runner.view, process)
    const {env} = library ? await cleanProcess(runner.view, process, library, await readLevel(runner.view)) : process
    // It is not openrc that calls it.
    const own = new Map([...env].filter(([one]) => one !== 'RC_RUNLEVEL'))
    const argv = [path, ...(has('D', 'nodeps') ? ['--nodeps'] : []), ...commands]
    // Newer ones of Debian execute openrc-run themselves, which needs no execute bit.
    const isSure = node?.kind === 'file' && (node.mode & 0o111) !== 0
    const certainty = isSure ? 'certain' : 'likely'
    const start = programStart({...process, env: own, argv}, 'argument of rc-service', {search: 'path', certainty})
    const outcome = await runner.run(start, runner.view.world)
    if (isSure) return outcome
    const by = ['/sbin/openrc-run', '/usr/sbin/openrc-run']
    for (const path of by) {
      if ((await runner.view.place(path)).node === undefined) continue
      const more = {search: 'path', certainty} as const
      return runner.run(programStart({...start.process, argv: [path, ...argv]}, start.via, more), outcome.world)
    }
    return outcome
  },
}
