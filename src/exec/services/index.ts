import {RUNSV, RUNSVDIR, RUNSVINIT} from './runit.ts'
import {S6_SUPERVISE, S6_SVSCAN} from './s6.ts'
import type {Supervisor} from './supervisor.ts'

/** Inits and supervisors, with what they start. From each one's source or manual. */
export const SUPERVISORS: readonly Supervisor[] = [RUNSVDIR, RUNSV, RUNSVINIT, S6_SVSCAN, S6_SUPERVISE]

/** The supervisor that is known by a name. */
export function findSupervisor(name: string): Supervisor | undefined {
  return SUPERVISORS.find(({names}) => names.includes(name))
}
