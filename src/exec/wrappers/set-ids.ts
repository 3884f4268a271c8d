import type {Credentials} from '../credentials.ts'
import {noSuchUser, resolveGroup} from './change-user.ts'
import {becomes, type Caller, type Handover, lacksProgram, refuse} from './handover.ts'
import {parseOptions} from './options.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const SETPRIV = {
  short: 'hVd',
  long: [
    ...['ambient-caps=', 'apparmor-profile=', 'bounding-set=', 'clear-groups', 'dump', 'egid=', 'euid=', 'groups='],
    ...['help', 'inh-caps=', 'init-groups', 'keep-groups', 'landlock-access=', 'landlock-rule=', 'list-caps'],
    ...['no-new-privs', 'nnp', 'pdeathsig=', 'ptracer=', 'regid=', 'reset-env', 'reuid=', 'rgid=', 'ruid='],
    ...['seccomp-filter=', 'securebits=', 'selinux-label=', 'version'],
  ],
} as const

const GROUPS = ['clear-groups', 'groups', 'init-groups', 'keep-groups']
const GIDS = ['regid', 'rgid', 'egid']
const ONCE = [
  ...['no-new-privs', 'inh-caps', 'ambient-caps', 'bounding-set', 'securebits', 'pdeathsig', 'selinux-label'],
  'apparmor-profile',
]

/** setpriv(1), util-linux sys-utils/setpriv.c: each id is changed by an option of its own. */
export async function setpriv(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(SETPRIV, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (...names: string[]) => options.some(([name]) => names.includes(name))
  if (has('d', 'dump') && options.length + words.length > 1)
    return refuse(caller, '--dump does not go with another option')
  if (has('h', 'V', 'd', 'help', 'version', 'dump', 'list-caps')) return []
  const nameless = options.find(([name, value]) => value === '' && /^(re|r|e)[ug]id$/.test(name))
  if (nameless) return refuse(caller, `it does not take "" as --${nameless[0]}`)
  const groupOptions = options.filter(([name]) => GROUPS.includes(name))
  if (groupOptions.length > 1) return refuse(caller, 'of the options for groups only one may stand')
  if (has(...GIDS) && groupOptions.length === 0) {
    return refuse(caller, '--regid, --rgid and --egid want --clear-groups, --keep-groups, --init-groups or --groups')
  }
  if (has('init-groups') && !has('reuid', 'ruid')) return refuse(caller, '--init-groups wants --reuid or --ruid')
  for (const name of ['reuid', 'ruid', 'euid', ...GIDS]) {
    const both = name.startsWith('re') ? [name, `r${name.slice(2)}`, `e${name.slice(2)}`] : [name]
    if (options.filter(([other]) => both.includes(other)).length > (has(name) ? 1 : both.length)) {
      return refuse(caller, `--${name} may stand only once`)
    }
  }
  for (const name of ONCE) {
    const given = options.filter(([other]) => (other === 'nnp' ? 'no-new-privs' : other) === name)
    // `--pdeathsig keep` is as good as none.
    const isTwice = given.slice(0, -1).some(([, value]) => name !== 'pdeathsig' || value !== 'keep')
    if (isTwice) return refuse(caller, `--${name} may stand only once`)
  }
  const lacking = lacksProgram(caller, words)
  if (lacking) return lacking
  const {user} = caller.process
  const uidSpec = lastValue(options, ['reuid', 'euid'])
  const realSpec = lastValue(options, ['reuid', 'ruid'])
  const changed = uidSpec === undefined ? undefined : await caller.resolveUser(uidSpec)
  const real = realSpec === undefined ? undefined : await caller.resolveUser(realSpec)
  if (uidSpec !== undefined && !changed) return noSuchUser(caller, uidSpec)
  if (realSpec !== undefined && !real) return noSuchUser(caller, realSpec)
  const gidSpec = lastValue(options, ['regid', 'egid'])
  const gid = gidSpec === undefined ? user.gid : await resolveGroup(caller, gidSpec)
  const groups = await groupsOf(caller, options, real)
  if (gid === undefined || groups === undefined) {
    return [{kind: 'unknown', reason: `a group that ${caller.name} changes to is not in the image`}]
  }
  const realGid = lastValue(options, ['regid', 'rgid'])
  const realIds = [real?.uid ?? user.uid, realGid === undefined ? user.gid : await resolveGroup(caller, realGid)]
  // A shell gives the effective ids back, and others do not.
  if (realIds[0] !== (changed?.uid ?? user.uid) || realIds[1] !== gid)
    return [{kind: 'unknown', reason: `${caller.name} starts a program whose real ids are not its effective ones`}]
  const {home, shell} = changed ?? user
  const next: Credentials = {uid: changed?.uid ?? user.uid, gid, groups, home, ...(shell === undefined ? {} : {shell})}
  const resets = has('reset-env')
  const env = resets
    ? new Map([
        ['HOME', home ?? '/'],
        ['PATH', ''],
        ['SHELL', shell ?? '/bin/sh'],
      ])
    : caller.process.env
  // The ids change, and capabilities stay until execve: who comes from root starts what only root may.
  const asRoot = user.uid === 0
  const process = {...caller.process, user: asRoot ? user : next, env, ...(resets ? {unknownPath: true} : {})}
  return becomes({...caller, process}, words, asRoot ? {after: {user: next}} : {})
}

async function groupsOf(
  caller: Caller,
  options: readonly (readonly [string, string | undefined])[],
  real: Credentials | undefined,
): Promise<readonly number[] | undefined> {
  const [kind, value = ''] = options.find(([name]) => GROUPS.includes(name)) ?? []
  if (kind === 'clear-groups') return []
  if (kind === 'init-groups') return real ? [...real.groups, real.gid] : undefined
  if (kind !== 'groups') return caller.process.user.groups
  const gids: number[] = []
  for (const name of value.split(',')) {
    const gid = await resolveGroup(caller, name)
    if (gid === undefined) return undefined
    gids.push(gid)
  }
  return gids
}

/** s6-applyuidgid(8): ids in numbers, or with `-U` from UID, GID and GIDLIST. */
export async function applyUidGid(caller: Caller): Promise<readonly Handover[]> {
  const {options, words, unknown, lacking} = parseOptions(caller.process.argv, {short: 'zu:g:G:U'})
  if (unknown !== undefined || lacking !== undefined) {
    return [{kind: 'unknown', reason: `the option ${unknown ?? lacking} of ${caller.name} is not understood`}]
  }
  const lacks = lacksProgram(caller, words)
  if (lacks) return lacks
  const {env, user} = caller.process
  const fromEnv = options.some(([name]) => name === 'U')
  const isOpen = ['UID', 'GID', 'GIDLIST'].some(name => caller.process.unknownEnv?.has(name))
  if (fromEnv && isOpen) return [{kind: 'unknown', reason: `${caller.name} takes ids that only the run knows`}]
  const read = (option: string, variable: string) =>
    lastValue(options, [option]) ?? (fromEnv ? env.get(variable) : undefined)
  const [uid, gid, list] = [read('u', 'UID'), read('g', 'GID'), read('G', 'GIDLIST')]
  if (!/^\d+$/.test(uid ?? '0') || !/^\d+$/.test(gid ?? '0') || !/^(\d+(,\d+)*)?$/.test(list ?? '')) {
    return refuse(caller, 'it takes numbers only')
  }
  const next: Credentials = {
    ...user,
    uid: uid === undefined ? user.uid : Number(uid),
    gid: gid === undefined ? user.gid : Number(gid),
    groups:
      list === undefined
        ? user.groups
        : list
            .split(',')
            .filter(text => text !== '')
            .map(Number),
  }
  return becomes({...caller, process: {...caller.process, user: next}}, words, {runsText: false})
}
