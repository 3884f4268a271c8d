import {COREUTILS} from './tables/coreutils.ts'
import {INITS} from './tables/inits.ts'
import {OTHERS} from './tables/others.ts'
import {SUPERVISION} from './tables/supervision.ts'
import {USERS} from './tables/users.ts'
import {UTIL_LINUX} from './tables/util-linux.ts'
import type {Wrapper} from './wrapper.ts'

/** The programs that hand over to another, with their own command lines. From each one's source or manual. */
export const WRAPPERS: readonly Wrapper[] = [...INITS, ...USERS, ...UTIL_LINUX, ...COREUTILS, ...SUPERVISION, ...OTHERS]

/** The wrapper that is known by a name. */
export function findWrapper(name: string): Wrapper | undefined {
  return WRAPPERS.find(({names}) => names.includes(name))
}

/** Whether the wrapper of this name may make files anywhere, before it starts its program or instead. */
export function mayMakeFiles(name: string, argv: readonly string[]): boolean {
  const {makesFiles, afterDashes, alone} = findWrapper(name) ?? {}
  return makesFiles?.(argv) ?? (afterDashes === true && alone !== undefined && !argv.includes('--'))
}
