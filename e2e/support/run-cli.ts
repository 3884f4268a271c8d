import {join} from 'node:path'
import type {Engine} from '../ground/engine.ts'
import type {Stand} from './stand.ts'
import {marksOf, type ProgramRun, type RunningProgram, startProgram} from './tested-program.ts'

/** Runs the command to its end. */
export async function runCli(stand: Stand, engine: Engine, args: readonly string[]): Promise<ProgramRun> {
  return startCli(stand, engine, args).ended
}

/** Starts the command, with nothing of this process's environment. */
export function startCli(stand: Stand, engine: Engine, args: readonly string[]): RunningProgram {
  return startProgram(join(stand.dist, 'cli.mjs'), args, {
    cwd: stand.scratch,
    env: {...engine.env(), HOME: stand.scratch, ...marksOf(stand.folder)},
  })
}
