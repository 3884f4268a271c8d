import {type Process, readStartup, type Startup, type StartupInput} from '../../src/exec/index.ts'

/** A program that the model starts: its file, and what process it is then. */
export interface StartedProcess {
  readonly path: string
  readonly process: Process
}

/** All that the model says of one command line. */
export interface Answer {
  readonly startup: Startup
  readonly processes: readonly StartedProcess[]
}

/** Whoever is asked what a container starts: src/exec, or a mutant of it. */
export type Model = (input: StartupInput) => Promise<Answer>

/** Asks src/exec. */
export const askModel: Model = async input => {
  const processes: StartedProcess[] = []
  const startup = await readStartup({...input, onStart: (path, process) => processes.push({path, process})})
  return {startup, processes}
}
