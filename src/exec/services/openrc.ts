import {joinPath, type Process} from '../resolved-path.ts'
import {unknownEffect} from '../world/commands/index.ts'
import type {Runner} from '../wrappers/handover.ts'
import {readText} from '../wrappers/shells.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'
import type {Supervisor} from './supervisor.ts'

const RUNLEVELS = '/etc/runlevels'
/** What openrc-init goes through when a system starts. */
const STARTED = ['sysinit', 'boot', 'default']

/** `openrc RUNLEVEL`, and `openrc-init`, which goes through them: https://github.com/OpenRC/openrc */
export const OPENRC: Supervisor = {
  names: ['openrc', 'openrc-init'],
  reads: '`/etc/runlevels`: links to the scripts of services',
  starts: 'each script with `start`, and the program of its `command=`, as likely',
  async follow(runner, process) {
    const isInit = process.argv[0]?.endsWith('openrc-init') ?? false
    const [, level] = process.argv.filter(word => !word.startsWith('-'))
    const levels = isInit ? STARTED : [level ?? 'default']
    const starts: ServiceStart[] = []
    for (const one of levels) {
      const listing = await runner.view.directory(joinPath(RUNLEVELS, one))
      for (const name of listing?.names ?? []) starts.push(...(await startsOf(runner, process, name)))
    }
    const outcome = await runServices(runner, starts)
    return {...outcome, world: unknownEffect(runner).world}
  },
}

/** The script, which `openrc-run` interprets, and what it names to be started. */
async function startsOf(runner: Runner, process: Process, name: string): Promise<readonly ServiceStart[]> {
  const service = {name, of: 'openrc'}
  const path = `/etc/init.d/${name}`
  const likely = {search: 'path', certainty: 'likely'} as const
  const script = serviceStart({...process, argv: [path, 'start']}, service, likely)
  const text = (await readText(runner.view, process, path)) ?? ''
  const command = /^command=(["']?)([^"'\n]+)\1\s*$/m.exec(text)?.[2]?.replace(/\$(\{RC_SVCNAME\}|RC_SVCNAME\b)/g, name)
  if (command === undefined || /[$`\\]/.test(command)) return [script]
  return [script, serviceStart({...process, argv: [command.trim()]}, service, {...likely, search: 'execvp'})]
}
