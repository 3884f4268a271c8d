import {defined} from '../../lib/defined.ts'
import type {Process} from '../resolved-path.ts'
import type {Call} from '../world/call.ts'
import type {Runner} from './handover.ts'

/** A command that a process runs, for what it does to the files. */
export function callOf(runner: Runner, process: Process, name: string, words: Call['words']): Call {
  return {
    name,
    words,
    view: runner.view,
    cwd: process.unknownCwd ? undefined : process.cwd,
    user: process.user,
    umask: runner.umask,
    platform: runner.platform,
    env: process.env,
    by: runner.by,
    ...defined({input: runner.input}),
  }
}
