import {baseName} from '../../lib/paths.ts'
import {joinPath, type Process} from '../resolved-path.ts'
import {ends, type Outcome} from '../world/call.ts'
import {passOn, type Runner, refusal} from '../wrappers/handover.ts'
import {parseOptions} from '../wrappers/options.ts'
import {runServices, serviceStart} from './run-services.ts'
import {pathIn, serviceDirectories, superviseDirectory} from './service-directory.ts'
import type {Supervisor} from './supervisor.ts'

/** `runsvdir [-P] DIR [LOG]`: starts `runsv NAME` in DIR for each service directory. runit 2.1.2 runsvdir.c. */
export const RUNSVDIR: Supervisor = {
  names: ['runsvdir'],
  reads: 'the service directories of the directory that it is given',
  starts: '`runsv NAME` for each, by `execvp`',
  async follow(runner, process) {
    const {words, unknown} = parseOptions(process.argv, {short: 'P'})
    const [directory] = words
    if (unknown !== undefined || directory === undefined || words.length > 2)
      return refused(runner, process, 'it wants one directory')
    const at = pathIn(process, directory)
    const names = await serviceDirectories(runner.view, at)
    if (!names) return refused(runner, process, `it cannot change to ${at}, which is not a directory`)
    const inside = {...process, cwd: (await runner.view.place(at)).at}
    const services = names.map(name =>
      serviceStart({...inside, argv: ['runsv', name]}, {name, of: 'runsvdir'}, {runsText: false}),
    )
    return runServices(runner, services)
  },
}

/** `runsv SERVICE`: supervises `SERVICE/run`, and `SERVICE/log/run` beside it. runit 2.1.2 runsv.c. */
export const RUNSV: Supervisor = {
  names: ['runsv'],
  reads: 'the service directory that it is given, and `log` in it',
  starts: '`./run` in it, unless there is a file `down`; then `./finish`',
  async follow(runner, process) {
    const [, directory] = process.argv
    if (directory === undefined || process.argv.length > 2) return refused(runner, process, 'it wants one directory')
    const at = pathIn(process, directory)
    const named = baseName(directory.replace(/\/+$/, ''))
    const name = ['', '.', '..'].includes(named) ? baseName((await runner.view.place(at)).at) : named
    const outcome = await superviseDirectory(runner, process, {directory: at, name, of: 'runsv'})
    if (outcome === 'no-directory')
      return refused(runner, process, `it cannot change to ${at}, which is not a directory`)
    const log = joinPath(at, 'log')
    if (await runner.view.directory(log)) {
      await superviseDirectory(runner, process, {directory: log, name: `${name}/log`, of: 'runsv'})
    }
    return outcome
  },
}

function refused(runner: Runner, process: Process, reason: string): Promise<Outcome> {
  return runner.run(refusal(baseName(process.argv[0] ?? ''), reason), runner.view.world)
}

/** `runsvinit`: peterbourgon's init for `runsvdir /etc/service`. */
export const RUNSVINIT: Supervisor = {
  names: ['runsvinit'],
  reads: 'nothing itself',
  starts: '`runsvdir /etc/service`, by PATH',
  async follow(runner, process) {
    const caller = {name: 'runsvinit', process}
    const [handover] = passOn(caller, ['runsvdir', '/etc/service'], {search: 'go', runsText: false})
    return handover ? runner.run(handover, runner.view.world) : ends(runner, 'unknown')
  },
}
