import type {Answer} from '../model.ts'
import type {InitModule} from '../module.ts'
import {type ServiceKind, serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {compareSupervision} from './compare.ts'
import {makeOverlayCase, makeSupervisionCase} from './generate.ts'
import {OVERLAY_STAGES} from './overlay-stages.ts'
import {makeStagesCase, STAGE} from './stages.ts'

const UNSAID = 'it fails, and nothing is said of it'

function hasFinish({startup}: Answer): boolean {
  return startup.steps.some(({argv}) => argv?.[0] === './finish')
}

const moduleOf = (kind: Omit<ServiceKind, 'suites' | 'compare'>): InitModule =>
  serviceModule({
    ...kind,
    suites: ['bookworm', 'trixie'],
    compare: ({startup}, trace, labels) => compareSupervision(startup, trace, labels),
  })

/** runsvdir and runsv over random directories of services: which programs they start. */
export const RUNIT = moduleOf({
  name: 'runit',
  packages: ['runit', 'daemontools'],
  make: random => makeSupervisionCase(random, 'runit'),
  cwd: '/srv/service',
})

/** s6-svscan and s6-supervise over the same. */
export const S6 = moduleOf({
  name: 's6',
  packages: ['s6'],
  make: random => makeSupervisionCase(random, 's6'),
  cwd: '/srv/service',
})

/** s6-overlay 2 by stages of our own, which do with Debian's s6 and execline what its own do. */
export const S6_OVERLAY = moduleOf({
  name: 's6-overlay',
  packages: ['s6', 'execline'],
  files: OVERLAY_STAGES,
  make: makeOverlayCase,
  cwd: '/',
  isWaited: label => /^\d\d$/.test(label),
})

/** runit-init, as process 1: its stages, and the services of the directory that the second one has scanned. */
export const RUNIT_INIT: InitModule = serviceModule({
  name: 'runit-init',
  suites: ['trixie'],
  packages: ['runit-init', 'daemontools'],
  removed: ['etc/runit', 'etc/sv', 'etc/service'],
  make: makeStagesCase,
  cwd: '/srv/service',
  compare: (answer, trace, labels) =>
    // How a service has ended, which its `finish` is given, only the run knows; a last stage need not be there. What is
    // missing that such a one would start is not said.
    compareStarts(answer, trace, labels).filter(
      ({kind, about}) =>
        !/^\["(\.\/finish",|\/etc\/runit\/3"\])/.test(about) &&
        !(kind === UNSAID && /^\["\/opt\/bin\/none"\]/.test(about) && hasFinish(answer)),
    ),
  isWaited: label => STAGE.test(label),
})
