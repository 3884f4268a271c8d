import type {InitModule} from '../module.ts'
import {serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {makeOpenrcCase, OPENRC_FILES} from './generate.ts'

/** OpenRC over random services and runlevels: what it starts, with which words and variables, as whom and where. */
export const OPENRC: InitModule = serviceModule({
  name: 'openrc',
  suites: ['bookworm', 'trixie', 'sid'],
  packages: ['openrc', 'sed', 'grep', 'dpkg', 'libpam-modules'],
  // Its own services are for a machine.
  removed: ['etc/init.d', 'etc/conf.d', 'etc/runlevels'],
  files: OPENRC_FILES,
  make: makeOpenrcCase,
  cwd: '/',
  compare: (answer, trace, labels) =>
    compareStarts(answer, trace, labels).filter(
      // What is not there start-stop-daemon and shells do not ask the kernel for.
      ({kind, about}) => !(/not tried/.test(kind) && /: (missing|not-in-path)\)/.test(about)),
    ),
})
