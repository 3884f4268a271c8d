import type {InitModule} from '../module.ts'
import {serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {BUSYBOX_INIT_FILES, makeInittabCase, WAITED} from './generate.ts'

/** busybox init, as process 1, over random tables: what it starts, with which words, and in which order. */
export const BUSYBOX_INIT: InitModule = serviceModule({
  name: 'busybox-init',
  suites: ['bookworm', 'trixie', 'sid'],
  packages: ['busybox'],
  files: BUSYBOX_INIT_FILES,
  make: makeInittabCase,
  cwd: '/srv',
  compare: compareStarts,
  isWaited: label => WAITED.test(label),
})
