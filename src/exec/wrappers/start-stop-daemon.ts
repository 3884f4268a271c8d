import {changeUser, noSuchUser} from './change-user.ts'
import {daemonUser} from './daemon-user.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'
import {foundDaemonOf, openrcStartStop} from './openrc-daemons.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const DAEMON = {
  short: 'HKSVTa:bc:d:g:hik:mn:op:qr:R:s:tu:vx:N:I:P:CO:',
  long: [
    ...['start', 'stop', 'status', 'help', 'version', 'startas=', 'background', 'chuid=', 'chdir=', 'group='],
    ...['chroot=', 'umask=', 'make-pidfile', 'name=', 'oknodo', 'pidfile=', 'quiet', 'retry=', 'signal=', 'test'],
    ...['user=', 'verbose', 'exec=', 'nicelevel=', 'iosched=', 'procsched=', 'no-close', 'output=', 'pid=', 'ppid='],
    ...['remove-pidfile', 'notify-await', 'notify-timeout='],
  ],
  permutes: 'getopt_long',
} as const

/**
 * start-stop-daemon(8), dpkg utils/start-stop-daemon.c: `--start` with `--exec` or `--startas`, which execv(3) takes.
 */
export async function startStopDaemon(caller: Caller): Promise<readonly Handover[]> {
  if (caller.isApplet) return [{kind: 'unknown', reason: "busybox' start-stop-daemon is not followed"}]
  if ((await caller.version())?.name === 'openrc') return openrcStartStop(caller)
  const parsed = parse(DAEMON, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (...names: string[]) => options.some(([name]) => names.includes(name))
  if (!has('S', 'start', 'K', 'stop', 'T', 'status', 'H', 'help', 'h', 'V', 'version')) {
    return refuse(caller, 'it wants one of --start, --stop and --status')
  }
  if (!has('S', 'start') || has('K', 'stop', 'T', 'status', 'H', 'help', 'h', 'V', 'version', 't', 'test')) return []
  if (has('r', 'chroot'))
    return [{kind: 'unknown', reason: `${caller.name} starts a program in another root directory`}]
  const exec = lastValue(options, ['x', 'exec'])
  const program = lastValue(options, ['a', 'startas']) ?? exec
  if (program === undefined) return refuse(caller, 'it wants --exec or --startas')
  if (!has('x', 'exec', 'p', 'pidfile', 'pid', 'P', 'ppid', 'u', 'user', 'n', 'name')) {
    return refuse(caller, 'it wants one of --exec, --pidfile, --pid, --ppid, --user and --name')
  }
  // It looks at the file, whatever it starts instead.
  if (exec !== undefined && exec !== program && exec.startsWith('/') && (await caller.isMissing(exec)))
    return refuse(caller, `${exec}, which --exec names, is missing`)
  const owner = lastValue(options, ['u', 'user'])
  if (owner !== undefined && !/^\d/.test(owner) && !(await changeUser(caller, owner, 'name')))
    return noSuchUser(caller, owner)
  const found = await daemonUser(caller, lastValue(options, ['c', 'chuid']), lastValue(options, ['g', 'group']), false)
  if ('kind' in found) return noSuchUser(caller, found.spec, found.kind)
  const {user, account} = found
  const cwd = lastValue(options, ['d', 'chdir']) ?? '/'
  if (cwd.startsWith('/') && (await caller.isMissing(cwd)))
    return refuse(caller, `it cannot change to ${cwd}, which is missing`)
  const hasHome = account !== undefined && !(await caller.isMissing(account.home))
  const env = hasHome ? new Map([...caller.process.env, ['HOME', account.home] as const]) : caller.process.env
  const ready = {...caller, process: {...caller.process, user, env, cwd}}
  const background = has('b', 'background')
  const path = program.includes('/') ? program : `/${program}`
  return passOn(ready, [path, ...words], {
    search: 'path',
    runsText: false,
    ...(await foundDaemonOf(caller, background, exec ?? '')),
  })
}
