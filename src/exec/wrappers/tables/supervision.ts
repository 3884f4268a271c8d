import type {Wrapper} from '../wrapper.ts'

const LIMITS = 'a:c:d:f:l:m:o:p:r:s:t:'

/** daemontools and runit. They execute by code of their own, which runs no text as a shell script. */
const DAEMONTOOLS: readonly Wrapper[] = [
  {
    names: ['chpst'],
    becomes: true,
    short: 'u:U:b:e:/:n:l:L:m:d:o:p:f:c:t:r:vVP012',
    userOptions: ['u'],
    userForm: 'chpst',
    accountOption: 'U',
    variables: {of: 'runit', option: 'e'},
    dropsGroups: true,
    refusesText: true,
    roots: ['/'],
    ends: ['V'],
  },
  {names: ['softlimit'], becomes: true, short: LIMITS, refusesText: true},
  {
    names: ['envdir'],
    becomes: true,
    operands: 1,
    variables: {of: 'daemontools'},
    plain: true,
    refusesText: true,
  },
  {
    names: ['setuidgid'],
    becomes: true,
    operands: 1,
    user: 0,
    userForm: 'name',
    dropsGroups: true,
    plain: true,
    refusesText: true,
  },
  {names: ['envuidgid'], becomes: true, operands: 1, account: 0, plain: true, refusesText: true},
  {names: ['setlock'], becomes: true, short: 'nNxX', operands: 1, refusesText: true},
  {names: ['pgrphack'], becomes: true, plain: true, refusesText: true},
  {names: ['fghack'], plain: true, refusesText: true},
]

/** skarnet's s6. */
const S6: readonly Wrapper[] = [
  {
    names: ['s6-setuidgid'],
    becomes: true,
    operands: 1,
    user: 0,
    userForm: 's6',
    short: '',
    unsureOfDashes: true,
    refusesText: true,
  },
  {names: ['s6-softlimit'], becomes: true, short: LIMITS, refusesText: true},
  {
    names: ['s6-envdir'],
    becomes: true,
    short: 'IinfLc:',
    operands: 1,
    variables: {of: 's6'},
    refusesText: true,
  },
  {names: ['s6-setsid'], short: 'sbfgiIqd:', refusesText: true},
  {names: ['s6-setlock'], becomes: true, short: 'nNrwt:d:', operands: 1, refusesText: true},
  {
    names: ['s6-notifyoncheck'],
    short: 'd3:s:T:t:w:n:c:',
    long: [
      ...['doublefork', 'notification-fd=', 'initial-sleep=', 'global-timeout=', 'local-timeout=', 'waiting-time='],
      ...['tries=', 'check-program='],
    ],
    refusesText: true,
  },
  {names: ['s6-maximumtime'], short: '0abikqtx12', operands: 1, refusesText: true},
  {names: ['s6-fghack'], plain: true, refusesText: true},
  {names: ['with-contenv'], becomes: true, short: '', long: []},
]

export const SUPERVISION: readonly Wrapper[] = [...DAEMONTOOLS, ...S6]
