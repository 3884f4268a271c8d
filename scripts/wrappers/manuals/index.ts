import type {Manual} from '../manual.ts'
import {COREUTILS} from './coreutils.ts'
import {INITS} from './inits.ts'
import {OTHERS} from './others.ts'
import {SHELLS} from './shells.ts'
import {SUPERVISION} from './supervision.ts'
import {USERS} from './users.ts'
import {UTIL_LINUX} from './util-linux.ts'

/** The command lines of wrappers as their manuals have them. */
export const MANUALS: readonly Manual[] = [
  ...INITS,
  ...USERS,
  ...UTIL_LINUX,
  ...COREUTILS,
  ...SUPERVISION,
  ...SHELLS,
  ...OTHERS,
]
