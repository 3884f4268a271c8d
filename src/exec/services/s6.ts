import {baseName} from '../../lib/paths.ts'
import {joinPath, type Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import type {WorldView} from '../world/view.ts'
import {type Runner, refusal} from '../wrappers/handover.ts'
import {parseOptions} from '../wrappers/options.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'
import {pathIn, serviceDirectories, superviseDirectory} from './service-directory.ts'
import type {Supervisor} from './supervisor.ts'

/** `s6-svscan [options] [SCANDIR]`: skarnet s6 2.11 src/supervision/s6-svscan.c. */
export const S6_SVSCAN: Supervisor = {
  names: ['s6-svscan'],
  reads: 'the service directories of its scan directory, and `log` in them',
  starts: '`s6-supervise NAME` for each, by `execvp`',
  async follow(runner, process) {
    const {words, unknown} = parseOptions(process.argv, {short: 'SsCL:d:X:t:c:'})
    if (unknown !== undefined || words.length > 1) return refused(runner, process, 'it takes options and one directory')
    const at = pathIn(process, words[0] ?? '.')
    const {view} = runner
    const names = await serviceDirectories(view, at)
    if (!names) return refused(runner, process, `it cannot change to ${at}, which is not a directory`)
    const inside = {...process, cwd: (await view.place(at)).at}
    const services: ServiceStart[] = []
    const dangling = await findDangling(view, inside.cwd)
    if (dangling !== undefined) {
      // 2.11 passes it over, 2.13 starts nothing.
      const reason = `whether s6-svscan starts services beside the dangling symlink ${dangling} depends on its version`
      await runner.run({kind: 'unknown', reason}, view.world)
    }
    const more = dangling === undefined ? {} : ({certainty: 'likely'} as const)
    for (const name of names) {
      const start = (argument: string) =>
        serviceStart({...inside, argv: ['s6-supervise', argument]}, {name: argument, of: 's6-svscan'}, more)
      services.push(start(name))
      if (await view.directory(joinPath(inside.cwd, `${name}/log`))) services.push(start(`${name}/log`))
    }
    return runServices(runner, services)
  },
}

/** `s6-supervise SERVICE`: skarnet s6 2.11 src/supervision/s6-supervise.c. */
export const S6_SUPERVISE: Supervisor = {
  names: ['s6-supervise'],
  reads: 'the service directory that it is given',
  starts: '`./run` in it, unless there is a file `down`; then `./finish`',
  async follow(runner, process) {
    const [, directory] = process.argv
    if (directory === undefined) return refused(runner, process, 'it wants one directory')
    const at = pathIn(process, directory)
    const outcome = await superviseDirectory(runner, process, {
      directory: at,
      name: directory,
      of: 's6-supervise',
      args: [directory],
    })
    return outcome === 'no-directory'
      ? refused(runner, process, `it cannot change to ${at}, which is not a directory`)
      : outcome
  },
}

async function findDangling(view: WorldView, directory: string): Promise<string | undefined> {
  const listing = await view.directory(directory)
  for (const name of listing?.names ?? []) {
    if (!name.startsWith('.') && !(await view.place(joinPath(directory, name))).node) return joinPath(directory, name)
  }
  return undefined
}

function refused(runner: Runner, process: Process, reason: string): Promise<Outcome> {
  return runner.run(refusal(baseName(process.argv[0] ?? ''), reason), runner.view.world)
}
