import type {ScriptSupervisor, Supervisor} from '../supervisor.ts'
import {followProcfile} from './follow-procfile.ts'
import {NODE_FOREMAN} from './node-foreman.ts'
import {FOREMAN, HIVEMIND, HONCHO, OVERMIND, type ProcfileRunner} from './runners.ts'

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
  return {
    names: [own.name],
    reads: 'the `Procfile` (`-f`), and `.env`',
    starts:
      own === FOREMAN
        ? 'each command, or those that are named, by `/bin/sh -c` where a shell has to read it; they end together'
        : 'each command, or those that are named, by `/bin/sh -c`; they end together',
    follow: (runner, process) => followProcfile(own, runner, process),
  }
}
