import {defined} from '../../lib/defined.ts'
import {mayExecute} from '../permission.ts'
import {joinPath, type Process} from '../resolved-path.ts'
import {ends} from '../world/call.ts'
import {viewWorld, type WorldView} from '../world/view.ts'
import type {World} from '../world/world.ts'
import type {Runner} from '../wrappers/handover.ts'
import {endRefused} from './end-early.ts'
import {exportEnvironment, importEnvironment} from './environment-directory.ts'
import {readMyInitArguments} from './my-init-arguments.ts'
import {programStart, runServices, type ServiceStart} from './run-services.ts'
import type {ScriptSupervisor} from './supervisor.ts'

const ENVIRONMENT = '/etc/container_environment'
/** It does not write these to the directory, and so they are gone once a start script has run. */
const PRIVATE = ['HOME', 'USER', 'GROUP', 'UID', 'GID', 'SHELL']

/**
 * my_init of phusion's baseimage: start scripts one after the other, then runit's services, and beside them its
 * command. https://github.com/phusion/baseimage-docker (image/bin/my_init)
 */
export const MY_INIT: ScriptSupervisor = {
  names: ['my_init'],
  interpreter: /^python[\d.]*$/,
  marks: [/my_init\.d/, /runsvdir/],
  reads: 'executable files of `/etc/my_init.d` (`ENV_INIT_DIRECTORY`), `/etc/rc.local`, `/etc/container_environment`',
  starts: 'these one after the other, each of which must succeed; `/usr/bin/runsvdir /etc/service`; its command',
  async follow(runner, {unknownWord, ...process}) {
    const parsed = readMyInitArguments(process.argv)
    if (parsed.kind === 'help') return ends(runner, 'success')
    if (parsed.kind === 'refused') return endRefused(runner, 'my_init', parsed.reason)
    const {options, command} = parsed
    const env = new Map([...(await importEnvironment(runner.view, process, ENVIRONMENT)), ...process.env])
    const kept = new Map([...env].filter(([name]) => !PRIVATE.includes(name)))
    const first: State = {
      process: {...process, env},
      world: await exportEnvironment(runner, process, ENVIRONMENT, kept),
      failed: false,
    }
    const files = [
      ...(options.has('enable-insecure-key') ? ['/usr/sbin/enable_insecure_key'] : []),
      ...(options.has('skip-startup-files') ? [] : await startupFiles(runner.view, process)),
    ]
    const started = await runInOrder(runner, first, files)
    if (started.failed) return {...ends(runner, 'failure'), world: started.world}
    const outcome = await runServices(
      runner,
      [
        ...(options.has('skip-runit') ? [] : [runit(started.process, command.length > 0)]),
        ...(command.length > 0
          ? [
              programStart({...started.process, ...defined({unknownWord}), argv: command}, 'argument of my_init', {
                isLast: true,
              }),
            ]
          : []),
      ],
      started.world,
    )
    if (!options.has('skip-runit')) await runAtEnd(runner, started.process, outcome.world)
    return outcome
  },
}

interface State {
  readonly process: Process
  readonly world: World
  readonly failed: boolean
}

/** Without a command of its own my_init ends with runsvdir. */
function runit(process: Process, isBeside: boolean): ServiceStart {
  const argv = ['/usr/bin/runsvdir', '-P', '/etc/service']
  const service = isBeside ? {service: {name: 'runit', of: 'my_init'}} : {}
  return programStart({...process, argv}, 'runit of my_init', {search: 'path', isLast: true, ...service})
}

/** Each must end with success before the next; then the environment is what the directory holds. */
async function runInOrder(runner: Runner, first: State, files: readonly string[]): Promise<State> {
  let state = first
  for (const file of files) {
    const start = programStart({...state.process, argv: [file]}, 'start script of my_init', {
      search: 'path',
      isFollowed: true,
    })
    const {world, status} = await runner.run(start, state.world)
    if (status === 'failure') return {...state, world, failed: true}
    const view = viewWorld(runner.view.image, world)
    const isThere = (await view.directory(ENVIRONMENT)) !== undefined
    const env = isThere ? await importEnvironment(view, state.process, ENVIRONMENT) : state.process.env
    state = {process: {...state.process, env}, world, failed: false}
  }
  return state
}

/** What is not executable is passed over. */
async function startupFiles(view: WorldView, process: Process): Promise<readonly string[]> {
  const directory = process.env.get('ENV_INIT_DIRECTORY') ?? '/etc/my_init.d'
  const inside = await executables(view, process, directory)
  return [...inside, ...((await isExecutable(view, process, '/etc/rc.local')) ? ['/etc/rc.local'] : [])]
}

async function executables(view: WorldView, process: Process, directory: string): Promise<readonly string[]> {
  const listing = await view.directory(directory.startsWith('/') ? directory : joinPath(process.cwd, directory))
  const files: string[] = []
  for (const name of listing?.names ?? []) {
    const path = joinPath(directory, name)
    if (await isExecutable(view, process, path)) files.push(path)
  }
  return files
}

async function isExecutable(view: WorldView, process: Process, path: string): Promise<boolean> {
  const {node} = await view.place(path.startsWith('/') ? path : joinPath(process.cwd, path))
  return node?.kind === 'file' && mayExecute(node, process.user)
}

async function runAtEnd(runner: Runner, process: Process, world: World): Promise<void> {
  for (const directory of ['/etc/my_init.pre_shutdown.d', '/etc/my_init.post_shutdown.d']) {
    for (const file of await executables(viewWorld(runner.view.image, world), process, directory)) {
      const more = {search: 'path', certainty: 'likely', tolerated: true} as const
      await runner.run(programStart({...process, argv: [file]}, 'script of my_init at its end', more), world)
    }
  }
}
