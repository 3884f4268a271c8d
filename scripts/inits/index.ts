import {BUSYBOX_INIT} from './busybox-init/module.ts'
import {CRON, CRONIE, SUPERCRONIC} from './cron/module.ts'
import {EXECLINE} from './execline/module.ts'
import type {InitModule} from './module.ts'
import {OPENRC} from './openrc/module.ts'
import {FOREMAN} from './procfile/module.ts'
import {RUNIT, RUNIT_INIT, S6, S6_OVERLAY} from './supervision/module.ts'
import {SUPERVISORD} from './supervisord/module.ts'
import {SYSTEMD} from './systemd/module.ts'

/** What `npm run test:inits` tries. */
export const INIT_MODULES: readonly InitModule[] = [
  EXECLINE,
  RUNIT,
  RUNIT_INIT,
  S6,
  S6_OVERLAY,
  SUPERVISORD,
  BUSYBOX_INIT,
  CRON,
  CRONIE,
  SUPERCRONIC,
  FOREMAN,
  OPENRC,
  SYSTEMD,
]
