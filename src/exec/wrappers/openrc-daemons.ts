import {joinPath, type Process} from '../resolved-path.ts'
import {noSuchUser} from './change-user.ts'
import {daemonUser, type Lacking} from './daemon-user.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'
import type {ParsedOptions} from './options.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const COMMON = ['help', 'nocolor', 'nocolour', 'version', 'verbose', 'quiet', 'user']
const LIMITS = ['capabilities=', 'secbits=', 'no-new-privs', 'ionice=', 'nicelevel=', 'oom-score-adj=', 'umask=']

const START_STOP = {
  short: 'I:KN:PR:Sa:bc:d:e:Gg:ik:mn:op:s:tu:r:w:x:0:1:2:3:4:ChqVv',
  long: [
    ...['stop', 'retry=', 'start', 'startas=', 'background', 'chuid=', 'chdir=', 'env=', 'group=', 'stop-group'],
    ...['interpreted', 'make-pidfile', 'name=', 'oknodo', 'pidfile=', 'signal=', 'test', 'user=', 'chroot=', 'wait='],
    ...['exec=', 'stdin=', 'stdout=', 'stderr=', 'stdout-logger=', 'stderr-logger=', 'progress', 'scheduler='],
    ...['scheduler-priority=', 'notify=', ...LIMITS, ...COMMON.slice(0, -1)],
  ],
  permutes: 'getopt_long',
} as const

/** start-stop-daemon(8) of OpenRC, src/start-stop-daemon/start-stop-daemon.c: by execvp(3) what `--exec` names. */
export async function openrcStartStop(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(START_STOP, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (...names: readonly string[]) => options.some(([name]) => names.includes(name))
  if (has('K', 'stop', 's', 'signal', 'h', 'help', 'V', 'version', 't', 'test')) return []
  const named = lastValue(options, ['x', 'exec']) ?? lastValue(options, ['a', 'startas'])
  const name =
    lastValue(options, ['n', 'name']) ?? (has('x', 'exec') ? lastValue(options, ['a', 'startas']) : undefined)
  const program = named ?? words[0] ?? name
  if (program === undefined) return refuse(caller, 'it has nothing to start')
  if (has('m', 'make-pidfile') && !has('p', 'pidfile')) return refuse(caller, '--make-pidfile wants --pidfile')
  const isBackground = has('b', 'background')
  const redirected = ['1', 'stdout', '2', 'stderr', '3', 'stdout-logger', '4', 'stderr-logger'].filter(one => has(one))
  if (!isBackground && redirected[0] !== undefined)
    return refuse(caller, 'what redirects its output wants --background')
  const rest = named === undefined ? words.slice(1) : words
  return startDaemon(caller, options, {program, argv0: name, rest, isBackground})
}

const SUPERVISE = {
  short: 'A:a:D:d:e:Gg:I:Kk:m:N:p:P:R:r:s:Su:0:1:2:3ChqVv',
  long: [
    ...['healthcheck-timer=', 'healthcheck-delay=', 'respawn-delay=', 'respawn-delay-step=', 'respawn-delay-cap='],
    ...['chdir=', 'env=', 'group=', 'stop-group', 'stop', 'respawn-max=', 'pidfile=', 'respawn-period=', 'retry='],
    ...['chroot=', 'signal=', 'start', 'user=', 'stdin=', 'stdout=', 'stderr=', 'stdout-logger=', 'stderr-logger='],
    ...['reexec', 'notify=', ...LIMITS, ...COMMON.slice(0, -1)],
  ],
  permutes: 'getopt_long',
} as const

/** supervise-daemon(8), OpenRC src/supervise-daemon/supervise-daemon.c: it goes on, and starts its program again. */
export async function superviseDaemon(caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  const service = process.env.get('RC_SVCNAME')
  if (service === undefined) return refuse(caller, 'RC_SVCNAME is not set')
  if (process.argv[1] !== service) return refuse(caller, `its first word is not ${service}`)
  const parsed = parse(SUPERVISE, {...caller, process: {...process, argv: process.argv.slice(1)}})
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (...names: readonly string[]) => options.some(([name]) => names.includes(name))
  if (has('K', 'stop', 's', 'signal', 'h', 'help', 'V', 'version', '3', 'reexec')) return []
  const [program, ...rest] = words
  if (program === undefined && process.unknownWord !== undefined) {
    const reason = `what ${caller.name} starts of ${process.unknownWord} only the run knows`
    return [{kind: 'unknown', reason, isWord: true, isLast: true}]
  }
  if (program === undefined) return refuse(caller, 'it has nothing to start')
  return startDaemon(caller, options, {program, argv0: undefined, rest, isBackground: true})
}

interface Daemon {
  readonly program: string
  /** What it is called, where that is not its own name. */
  readonly argv0: string | undefined
  readonly rest: readonly string[]
  readonly isBackground: boolean
}

async function startDaemon(
  caller: Caller,
  options: ParsedOptions['options'],
  {program, argv0, rest, isBackground}: Daemon,
): Promise<readonly Handover[]> {
  if (lastValue(options, ['r', 'chroot']) !== undefined)
    return [{kind: 'unknown', reason: `${caller.name} starts a program in another root directory`}]
  const as = await userOf(caller, options)
  if ('kind' in as) return noSuchUser(caller, as.spec, as.kind)
  const directory = lastValue(options, ['d', 'chdir'])
  const {process} = caller
  const cwd = directory === undefined ? process.cwd : inHome(as.user.home, directory, process.cwd)
  const own: Process = {...process, ...as, env: daemonEnvironment(as.env, options), cwd}
  const words = [inHome(as.user.home, program, ''), ...rest]
  if (argv0 !== undefined && argv0 !== program)
    return [{kind: 'unknown', reason: `${caller.name} calls ${program} by another name, ${argv0}`}]
  if (directory !== undefined && (await caller.isMissing(cwd)))
    return refuse(caller, `it cannot change to ${cwd}, which is missing`)
  // Both look for the file before they go to the background.
  return passOn({...caller, process: own}, words, await foundDaemonOf(caller, isBackground, words[0] ?? ''))
}

/**
 * How the daemon of a service is started: nothing waits for what it does in the end. One that whoever starts it does
 * not wait for ends with the container, where that is all that it does.
 */
function daemonOf(
  {process}: Pick<Caller, 'process'>,
  isBackground: boolean,
): Partial<Extract<Handover, {kind: 'program'}>> {
  const isService = process.env.has('RC_SVCNAME')
  return {
    ...(isBackground && !isService ? {certainty: 'likely'} : {}),
    ...(isService ? {isLast: true} : {}),
    ...(isBackground ? {isDetached: true} : {}),
  }
}

/** Of a program whose path is looked for before: where that is missing, whoever starts it fails. */
export async function foundDaemonOf(
  caller: Caller,
  isBackground: boolean,
  path: string,
): Promise<ReturnType<typeof daemonOf>> {
  const {isDetached, ...daemon} = daemonOf(caller, isBackground)
  const isMissing = path.startsWith('/') && (await caller.isMissing(path))
  return isDetached && !isMissing ? {...daemon, isDetached} : daemon
}

function inHome(home: string | undefined, path: string, cwd: string): string {
  if (path.startsWith('~')) return `${home ?? ''}${path.slice(1)}`
  return cwd === '' || path.startsWith('/') ? path : joinPath(cwd, path)
}

/** With HOME and USER of the user. */
async function userOf(
  caller: Caller,
  options: ParsedOptions['options'],
): Promise<Pick<Process, 'user' | 'env'> | Lacking> {
  const spec = lastValue(options, ['u', 'user', 'c', 'chuid'])
  const found = await daemonUser(caller, spec, lastValue(options, ['g', 'group']), true)
  if ('kind' in found) return found
  const {user, account} = found
  const {env, user: before} = caller.process
  const more: readonly (readonly [string, string])[] = account
    ? [
        ['HOME', account.home],
        ['USER', account.name],
      ]
    : env.has('HOME')
      ? []
      : [['HOME', before.home ?? '/']]
  return {user, env: new Map([...env, ...more])}
}

/** Without what is OpenRC's own, and with what `--env` sets. */
function daemonEnvironment(env: Process['env'], options: ParsedOptions['options']): Process['env'] {
  const kept = new Map([...env].filter(([name]) => !/^(RC_|SSD_|EINFO_)/.test(name) && name !== 'SVCNAME'))
  for (const [name, value = ''] of options) {
    if (name !== 'e' && name !== 'env') continue
    const equals = value.indexOf('=')
    if (equals > 0) kept.set(value.slice(0, equals), value.slice(equals + 1))
  }
  const directories = (kept.get('PATH') ?? '').split(':').filter(one => !/\/rc\/s?bin$/.test(one))
  return kept.has('PATH') ? kept.set('PATH', directories.join(':')) : kept
}
