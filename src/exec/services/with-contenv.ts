import {ends} from '../world/call.ts'
import {importEnvironment} from './environment-directory.ts'
import {programStart} from './run-services.ts'
import type {ScriptSupervisor} from './supervisor.ts'

const DIRECTORIES = ['/run/s6/container_environment', '/var/run/s6/container_environment']

/** `with-contenv PROGRAM…` of s6-overlay: a script of execline that gives a program the container's own variables. */
export const WITH_CONTENV: ScriptSupervisor = {
  names: ['with-contenv'],
  interpreter: /^execlineb$/,
  marks: [/container_environment/],
  reads: '`/run/s6/container_environment`',
  starts: 'the next word, by `execvp` but no text without `#!`, with the variables that the container was started with',
  async follow(runner, process) {
    const argv = process.argv.slice(1)
    if (argv.length === 0 && process.unknownWord === undefined) return ends(runner, 'success')
    const {view} = runner
    let {env} = process
    const keepsEnv = /[1-9]/.test(env.get('S6_KEEP_ENV') ?? '')
    for (const directory of keepsEnv ? [] : DIRECTORIES) {
      if (!(await view.directory(directory))) continue
      const PATH = env.get('PATH')
      const own = await importEnvironment(view, process, directory)
      env = new Map([...(PATH === undefined ? [] : [['PATH', PATH] as const]), ...own])
      break
    }
    return runner.run(programStart({...process, argv, env}, 'argument of with-contenv'), view.world)
  },
}
