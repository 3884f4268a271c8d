import {APPLICATION_SYSTEMS} from './application-systems.ts'
import {DESKTOP_SYSTEMS} from './desktop-systems.ts'
import {DEVELOPMENT_SYSTEMS} from './development-systems.ts'
import {PORT_SYSTEMS} from './port-systems.ts'
import {RELEASE_SYSTEMS} from './release-systems.ts'
import {SCIENCE_SYSTEMS} from './science-systems.ts'
import type {System} from './system.ts'
import {TOOLCHAIN_SYSTEMS} from './toolchain-systems.ts'

/** All systems, in the order of the page. */
export const SYSTEMS: readonly System[] = [
  ...TOOLCHAIN_SYSTEMS,
  ...APPLICATION_SYSTEMS,
  ...DESKTOP_SYSTEMS,
  ...DEVELOPMENT_SYSTEMS,
  ...SCIENCE_SYSTEMS,
  ...RELEASE_SYSTEMS,
  ...PORT_SYSTEMS,
]
