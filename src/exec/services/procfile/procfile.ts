import type {ScriptSupervisor, Supervisor} from '../supervisor.ts'
import {followProcfile} from './follow-procfile.ts'
import {NODE_FOREMAN} from './node-foreman.ts'
import {FOREMAN, HIVEMIND, HONCHO, OVERMIND, type ProcfileRunner} from './runners.ts'

/** For docs/execve.md. */
const STARTS = 'each command, or those that are named, by `/bin/sh -c`'

/** Runners that are scripts, of Ruby, of Python and of node. */
export const PROCFILE_SCRIPTS: readonly ScriptSupervisor[] = [
  scripted(FOREMAN, /^ruby[\d.]*$/),
  scripted(HONCHO, /^(python|pypy)[\d.]*$/),
  NODE_FOREMAN,
]

/** Runners that are programs. */
export const PROCFILE_PROGRAMS: readonly Supervisor[] = [HIVEMIND, OVERMIND].map(supervisorOf)

function scripted(runner: ProcfileRunner, interpreter: RegExp): ScriptSupervisor {
  return {...supervisorOf(runner), interpreter, marks: [new RegExp(`\\b${runner.name}\\b`)]}
}

function supervisorOf(own: ProcfileRunner): Supervisor {
  const how = own === FOREMAN ? `${STARTS} where a shell has to read it` : STARTS
  return {
    names: [own.name],
    reads: 'the `Procfile` (`-f`), and `.env`',
    starts: `${how}; they end together${own.run ? `; \`${own.name} run\` one command line` : ''}`,
    follow: (runner, process) => followProcfile(own, runner, process),
  }
}
