import {baseName} from '../../lib/paths.ts'
import {INIT} from './busybox-init.ts'
import {CRON} from './cron/cron.ts'
import {SUPERCRONIC} from './cron/supercronic.ts'
import {GO_SUPERVISORD} from './go-supervisord/go-supervisord.ts'
import {LAUNCHER} from './launcher/launcher.ts'
import {OPENRC} from './openrc/openrc.ts'
import {OPENRC_RUN, RC_SERVICE} from './openrc/openrc-run.ts'
import {S6_OVERLAY} from './overlay/overlay-3.ts'
import {PROCFILE_PROGRAMS} from './procfile/procfile.ts'
import {RUNSV, RUNSVDIR, RUNSVINIT} from './runit.ts'
import {RUNIT, RUNIT_INIT} from './runit-stages.ts'
import {S6_SUPERVISE, S6_SVSCAN} from './s6.ts'
import {SCRIPT_SUPERVISORS} from './script-supervisor.ts'
import type {Supervisor} from './supervisor.ts'
import {SYSTEMD} from './systemd/systemd.ts'

export {findScriptSupervisor} from './script-supervisor.ts'

/** Inits and supervisors, with what they start. From each one's source or manual. */
const SUPERVISORS: readonly Supervisor[] = [
  RUNSVDIR,
  RUNSV,
  RUNSVINIT,
  RUNIT_INIT,
  RUNIT,
  S6_SVSCAN,
  S6_SUPERVISE,
  S6_OVERLAY,
  LAUNCHER,
  SYSTEMD,
  INIT,
  OPENRC,
  OPENRC_RUN,
  RC_SERVICE,
  ...PROCFILE_PROGRAMS,
  CRON,
  SUPERCRONIC,
  GO_SUPERVISORD,
]

/** All of them, with those that are scripts, for docs/execve.md. */
export const ALL_SUPERVISORS: readonly Supervisor[] = [...SUPERVISORS, ...SCRIPT_SUPERVISORS]

/** Whether one of the paths may be a supervisor, or the script of one: some change the user. */
export function isSupervisor(paths: readonly string[]): boolean {
  return paths.some(path => ALL_SUPERVISORS.some(({names}) => names.includes(baseName(path))))
}

/** The supervisor that is known by a name. */
export function findSupervisor(name: string): Supervisor | undefined {
  return SUPERVISORS.find(({names}) => names.includes(name))
}
