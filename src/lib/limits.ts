import {ADDON_LIMITS} from './limits/addon-limits.ts'
import {IMAGE_LIMITS} from './limits/image-limits.ts'
import type {Limit} from './limits/limit.ts'
import {PROGRAM_LIMITS} from './limits/program-limits.ts'
import {RUN_LIMITS} from './limits/run-limits.ts'
import {SCRIPT_LIMITS} from './limits/script-limits.ts'

/**
 * The one table of limits: what is beyond one of them is not looked at, and never passes for it. All code reads its
 * limits here; docs/threat-model.md shows the table. What is kept in memory to be quick (src/rootfs/content) is no
 * limit: beyond it things are read again.
 */
export const LIMITS = {...IMAGE_LIMITS, ...PROGRAM_LIMITS, ...ADDON_LIMITS, ...SCRIPT_LIMITS, ...RUN_LIMITS}

export type LimitName = keyof typeof LIMITS

/** Those that the input `limits` raises. */
export type RaisableLimit = {
  [N in LimitName]: (typeof LIMITS)[N]['raisable'] extends true ? N : never
}[LimitName]

/** The limits of a run that may have been raised, by their names. */
export type Limits = Readonly<Record<RaisableLimit, number>>

// The names of an object's keys are those of its type here: it is written out above.
export const LIMIT_NAMES = Object.keys(LIMITS) as readonly LimitName[]

/** What a run has where nothing is raised. */
// Complete by construction: every name that can be raised, and no other.
export const DEFAULT_LIMITS = Object.fromEntries(
  LIMIT_NAMES.filter(isRaisable).map(name => [name, LIMITS[name].most]),
) as Limits

export function isRaisable(name: LimitName): name is RaisableLimit {
  return LIMITS[name].raisable
}

/** The limits that are not as in the table, in the order of their names. */
export function raisedLimits(limits: Limits): Partial<Limits> {
  const raised = LIMIT_NAMES.filter(isRaisable).filter(name => limits[name] !== LIMITS[name].most)
  return Object.fromEntries(raised.toSorted().map(name => [name, limits[name]]))
}

/** A limit by its name; undefined where there is none of that name. */
export function findLimit(name: string): Limit | undefined {
  return Object.hasOwn(LIMITS, name) ? LIMITS[name as LimitName] : undefined
}
