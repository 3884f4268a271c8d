import {APPLICATION_SYSTEMS} from './application-systems.ts'
import {RELEASE_SYSTEMS} from './release-systems.ts'
import type {System} from './system.ts'
import {TOOLCHAIN_SYSTEMS} from './toolchain-systems.ts'

/** All systems, in the order of the page. */
export const SYSTEMS: readonly System[] = [...TOOLCHAIN_SYSTEMS, ...APPLICATION_SYSTEMS, ...RELEASE_SYSTEMS]
