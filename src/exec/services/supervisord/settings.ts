import type {Budget} from '../../budget.ts'
import type {Environment} from '../../command.ts'
import {ConfigError} from './config-error.ts'
import {getOption, type Ini} from './ini.ts'
import {formatPercent, UNKNOWN} from './percent-format.ts'
import {parsePairs} from './shlex.ts'
import {checkLevel, checkSize, toBoolean, toInteger, toOctal} from './values.ts'

/** What else a configuration says must be there, or supervisord ends. */
export interface Demands {
  /** Directories. */
  readonly directories: string[]
  /** Files whose directory must be there. */
  readonly files: string[]
  /** Sockets: supervisord opens them itself. */
  readonly sockets: string[]
  /** Users, by name or number. */
  readonly users: string[]
}

/** What reading a configuration goes by. */
export interface Context {
  readonly ini: Ini
  /** The directory of the configuration. */
  readonly here: string
  /** The variables that `%(ENV_X)s` may name. */
  readonly variables: Map<string, string>
  readonly budget: Budget
  readonly demands: Demands
}

export type Extra = ReadonlyMap<string, string | number>

/** An option of a section as it is used; the default is formatted as well. */
export function option(context: Context, section: string, name: string, extra: Extra = new Map()): string | undefined {
  const value = getOption(context.ini, section, name)
  return value === undefined ? undefined : format(context, value, extra)
}

/** Puts what is known in the place of `%(name)s`. */
export function format(context: Context, text: string, extra: Extra): string {
  if (!text.includes('%')) return text
  const {variables, budget} = context
  const formatted = formatPercent(text, name => {
    const given = name === 'here' ? context.here : extra.get(name)
    if (given !== undefined) return given
    if (!name.startsWith('ENV_')) return undefined
    // One that the image does not set is given to the container when it is run, or nothing starts.
    return variables.get(name.slice('ENV_'.length)) ?? UNKNOWN
  })
  budget.chargeValue(formatted.length)
  return formatted
}

/** What `[supervisord]` says. */
export interface Settings {
  readonly isForeground: boolean | undefined
  readonly user: string | undefined
  readonly environment: Environment
}

/** Reads `[supervisord]`: `read_config` of supervisor/options.py. */
export function readSettings(context: Context): Settings {
  const {demands} = context
  if (!context.ini.sections.has('supervisord')) throw new ConfigError('it has no section [supervisord]')
  const get = (name: string) => option(context, 'supervisord', name)
  const check = (name: string, convert: (text: string) => unknown) => {
    const text = get(name)
    if (text !== undefined) convert(text)
  }
  for (const name of ['minfds', 'minprocs', 'logfile_backups']) check(name, toInteger)
  for (const name of ['silent', 'nocleanup', 'strip_ansi']) check(name, toBoolean)
  for (const name of ['directory', 'childlogdir']) check(name, text => demands.directories.push(text))
  for (const name of ['logfile', 'pidfile']) check(name, text => demands.files.push(text))
  check('umask', toOctal)
  check('logfile_maxbytes', checkSize)
  check('loglevel', checkLevel)
  // It is formatted twice.
  const names = new Map([['host_node_name', UNKNOWN]])
  const environment = parsePairs(format(context, get('environment') ?? '', names))
  for (const [name, value] of environment) context.variables.set(name, value)
  return {isForeground: toBoolean(get('nodaemon') ?? 'false'), user: get('user'), environment}
}

/** Checks the sections of supervisord's own servers, which are opened when it starts. */
export function checkServers(context: Context): void {
  for (const [section, options] of context.ini.sections) {
    if (section.startsWith('rpcinterface:')) {
      for (const name of options.keys()) option(context, section, name)
      if (getOption(context.ini, section, 'supervisor.rpcinterface_factory') === undefined) {
        throw new ConfigError(`[${section}] has no supervisor.rpcinterface_factory`)
      }
    }
    const isInet = section.startsWith('inet_http_server')
    if (!isInet && !section.startsWith('unix_http_server')) continue
    const [username, password] = [option(context, section, 'username'), option(context, section, 'password')]
    if ((username === undefined) !== (password === undefined)) {
      throw new ConfigError(`[${section}] has a username or a password, and not both`)
    }
    const place = option(context, section, isInet ? 'port' : 'file')
    if (place === undefined) throw new ConfigError(`[${section}] has no ${isInet ? 'port' : 'file'}`)
    if (isInet) checkPort(place)
    else {
      context.demands.sockets.push(place.trim())
      const mode = option(context, section, 'chmod')
      if (mode !== undefined) toOctal(mode)
      const owner = option(context, section, 'chown')
      const [user] = owner?.split(':') ?? []
      if (user !== undefined) context.demands.users.push(user)
    }
  }
}

function checkPort(text: string): void {
  const port = toInteger(text.slice(text.lastIndexOf(':') + 1))
  if (port !== undefined && (port < 1 || port > 65535)) throw new ConfigError(`${text} is not a port`)
}
