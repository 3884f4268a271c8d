import type {InitModule} from '../module.ts'
import {type ServiceKind, serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {CLOCK, CRON_FILES, makeCronCase, makeSupercronicCase} from './generate.ts'

/** Nothing happens until the minute is over. */
const AT_ONCE = 20

const moduleOf = (kind: Omit<ServiceKind, 'cwd' | 'compare' | 'files'>): InitModule =>
  serviceModule({...kind, cwd: '/srv', files: CRON_FILES, atOnce: AT_ONCE, compare: compareStarts})

/** cron of Debian over random tables: the jobs of its first minute, as whom, where and with which variables. */
export const CRON = moduleOf({
  name: 'cron',
  suites: ['bookworm'],
  packages: ['cron', 'libfaketime'],
  unseen: CLOCK,
  make: random => makeCronCase(random, '/usr/sbin/cron'),
})

/** crond of cronie, over the same. */
export const CRONIE = moduleOf({
  name: 'cronie',
  suites: ['sid'],
  packages: ['cronie', 'libfaketime'],
  unseen: CLOCK,
  make: random => makeCronCase(random, '/usr/sbin/crond'),
})

/** supercronic, by jobs of each second: it is static, so that nothing sets its clock. */
export const SUPERCRONIC = moduleOf({
  name: 'supercronic',
  suites: ['sid'],
  packages: ['supercronic'],
  make: makeSupercronicCase,
})
