import {LIMITS} from '../../../lib/limits.ts'
import type {Environment} from '../../command.ts'
import {ConfigError} from './config-error.ts'
import {getOption} from './ini.ts'
import {UNKNOWN} from './percent-format.ts'
import {type Context, type Extra, format, option} from './settings.ts'
import {parsePairs} from './shlex.ts'
import {checkExitCodes, checkSignal, checkSize, toBoolean, toInteger, toList, toName, toOctal} from './values.ts'

/** One process that supervisord starts. What only the run knows is UNKNOWN in the texts. */
export interface Program {
  readonly name: string
  readonly group: string
  readonly command: string
  readonly directory: string | undefined
  readonly user: string | undefined
  readonly environment: Environment
  readonly umask: number | undefined
  /** Undefined where only the run knows it. */
  readonly isStarted: boolean | undefined
}

/** The most programs that are followed. */
export const MAX_PROGRAMS = LIMITS['start-files'].most

/** Reads all sections of programs: `process_groups_from_parser` of supervisor/options.py. */
export function readPrograms(context: Context): readonly Program[] {
  const {sections} = context.ini
  const programs: Program[] = []
  const grouped = new Set<string>()
  const add = (section: string, group: string) =>
    programs.push(...readSection(context, section, group, programs.length))
  for (const section of sections.keys()) {
    if (!section.startsWith('group:')) continue
    const group = toName(section.slice('group:'.length))
    for (const name of toList(option(context, section, 'programs'))) {
      const found = [`program:${name}`, `fcgi-program:${name}`].filter(one => sections.has(one))
      const [own] = found
      if (own === undefined) throw new ConfigError(`[${section}] names the program ${name}, which is not there`)
      if (found.length > 1) throw new ConfigError(`[${section}] names ${name}, of which there are two`)
      grouped.add(own)
      add(own, group)
    }
    toInteger(option(context, section, 'priority') ?? '999')
  }
  for (const section of sections.keys()) {
    const kind = /^(program|eventlistener|fcgi-program):/.exec(section)?.[1]
    if (kind === undefined || (kind !== 'eventlistener' && grouped.has(section))) continue
    const name = section.slice(kind.length + 1)
    if (kind === 'eventlistener') checkListener(context, section)
    if (kind === 'fcgi-program') checkSocket(context, section, toName(name))
    add(section, kind === 'eventlistener' ? name : toName(name))
  }
  return programs
}

/** One section: `_processes_from_section`. */
function readSection(context: Context, section: string, group: string, before: number): readonly Program[] {
  const name = toName(section.slice(section.indexOf(':') + 1))
  const names = new Map<string, string | number>([
    ['program_name', name],
    ['host_node_name', UNKNOWN],
    ['group_name', group],
  ])
  const get = (key: string): string | undefined => option(context, section, key, names)
  const isStarted = toBoolean(get('autostart') ?? 'true')
  checkOptions(get)
  const user = get('user')
  if (user !== undefined) context.demands.users.push(user)
  const umask = get('umask')
  const processName = toName(getOption(context.ini, section, 'process_name') ?? '%(program_name)s')
  const count = toInteger(get('numprocs') ?? '1') ?? 1
  const first = toInteger(get('numprocs_start') ?? '0') ?? 0
  if (count > 1 && !processName.includes('%(process_num)')) {
    throw new ConfigError(`the process_name of [${section}] has no %(process_num), and it starts ${count}`)
  }
  const programs: Program[] = []
  for (let number = first; number < first + count; number++) {
    if (before + programs.length > MAX_PROGRAMS) break
    // What a process sets the next one of its section sees, unless supervisord's own variables have it.
    names.set('process_num', number).set('numprocs', count)
    for (const [key, value] of context.variables) names.set(`ENV_${key}`, value)
    const environment = parsePairs(format(context, getOption(context.ini, section, 'environment') ?? '', names))
    for (const [key, value] of environment) names.set(`ENV_${key}`, value)
    checkLogs(context, section, names)
    const command = get('command')
    if (command === undefined) throw new ConfigError(`[${section}] has no command`)
    programs.push({
      name: format(context, processName, names),
      group,
      command,
      directory: get('directory'),
      user,
      environment,
      umask: umask === undefined ? undefined : toOctal(umask),
      isStarted,
    })
  }
  return programs
}

/** What is of no account here, and ends supervisord where it is wrong. */
function checkOptions(get: (name: string) => string | undefined): void {
  const check = (name: string, convert: (text: string) => unknown) => {
    const text = get(name)
    return text === undefined ? undefined : convert(text)
  }
  for (const name of ['priority', 'startsecs', 'startretries', 'stopwaitsecs']) check(name, toInteger)
  for (const name of ['redirect_stderr', 'stdout_events_enabled', 'stderr_events_enabled']) check(name, toBoolean)
  for (const name of ['stdout_capture_maxbytes', 'stderr_capture_maxbytes']) check(name, checkSize)
  check('autorestart', text => toBoolean(text, ['unexpected']))
  check('stopsignal', checkSignal)
  check('exitcodes', checkExitCodes)
  const asGroup = check('stopasgroup', toBoolean) === true
  const kills = check('killasgroup', toBoolean)
  if (asGroup && kills === false) throw new ConfigError('stopasgroup is true and killasgroup is false')
}

function checkLogs(context: Context, section: string, names: Extra): void {
  for (const stream of ['stdout', 'stderr']) {
    const get = (key: string) => option(context, section, `${stream}_${key}`, names)
    const file = get('logfile')
    const path = file === undefined ? 'auto' : format(context, file, names)
    if (!/^(none|off|auto|syslog)$/i.test(path)) context.demands.files.push(path)
    toInteger(get('logfile_backups') ?? '10')
    checkSize(get('logfile_maxbytes') ?? '50MB')
    toBoolean(get('syslog') ?? 'false')
  }
}

/** supervisor/events.py EventTypes. */
const EVENTS = [
  ...['EVENT', 'PROCESS_STATE', 'PROCESS_COMMUNICATION', 'PROCESS_LOG', 'REMOTE_COMMUNICATION', 'TICK'],
  ...['STOPPED', 'EXITED', 'STARTING', 'STOPPING', 'BACKOFF', 'FATAL', 'RUNNING', 'UNKNOWN'].map(
    state => `PROCESS_STATE_${state}`,
  ),
  ...['PROCESS_COMMUNICATION_STDOUT', 'PROCESS_COMMUNICATION_STDERR', 'PROCESS_LOG_STDOUT', 'PROCESS_LOG_STDERR'],
  ...['SUPERVISOR_STATE_CHANGE', 'SUPERVISOR_STATE_CHANGE_RUNNING', 'SUPERVISOR_STATE_CHANGE_STOPPING'],
  ...['PROCESS_GROUP', 'PROCESS_GROUP_ADDED', 'PROCESS_GROUP_REMOVED', 'TICK_5', 'TICK_60', 'TICK_3600'],
]

function checkListener(context: Context, section: string): void {
  const size = toInteger(option(context, section, 'buffer_size') ?? '10')
  if (size !== undefined && size < 1) throw new ConfigError(`the buffer_size of [${section}] is ${size}`)
  const events = toList(option(context, section, 'events')).map(event => event.toUpperCase())
  if (events.length === 0) throw new ConfigError(`[${section}] has no events`)
  const odd = events.find(event => !EVENTS.includes(event) && !event.includes(UNKNOWN))
  if (odd !== undefined) throw new ConfigError(`[${section}] names ${odd}, which is not an event`)
  if (toBoolean(option(context, section, 'redirect_stderr') ?? 'false')) {
    throw new ConfigError(`redirect_stderr of [${section}] is true, which no eventlistener may have`)
  }
}

function checkSocket(context: Context, section: string, name: string): void {
  const socket = option(context, section, 'socket', new Map([['program_name', name]]))
  if (!socket) throw new ConfigError(`[${section}] has no socket`)
  const isKnown = /^unix:\/\/\//.test(socket) || /^tcp:\/\/[^\s:]+:\d+\n?$/.test(socket) || socket.includes(UNKNOWN)
  if (!isKnown) throw new ConfigError(`the socket of [${section}] is neither unix:///PATH nor tcp://HOST:PORT`)
  const hasUnixOnly = ['socket_owner', 'socket_mode'].some(key => option(context, section, key) !== undefined)
  if (hasUnixOnly && socket.startsWith('tcp:')) {
    throw new ConfigError(`[${section}] has socket_owner or socket_mode, and a socket of TCP`)
  }
}
