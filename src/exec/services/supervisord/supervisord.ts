import {posix} from 'node:path'
import {defined} from '../../../lib/defined.ts'
import {type Credentials, resolveUser} from '../../credentials.ts'
import {cleanPath, joinPath, type Process, resolve} from '../../resolved-path.ts'
import {ends, type Outcome} from '../../world/call.ts'
import {viewWorld, type WorldView} from '../../world/view.ts'
import {LIKELY_ID} from '../../wrappers/change-user.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {type ParsedOptions, parseOptions} from '../../wrappers/options.ts'
import {doubtOfUsers} from '../../wrappers/user-doubt.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {runServices, type ServiceStart} from '../run-services.ts'
import type {ScriptSupervisor} from '../supervisor.ts'
import {ConfigError} from './config-error.ts'
import {UNKNOWN} from './percent-format.ts'
import {MAX_PROGRAMS} from './programs.ts'
import {type Configuration, readConfiguration} from './read-configuration.ts'
import {startProgram} from './start-program.ts'
import {checkLevel, checkSize, toInteger, toOctal} from './values.ts'

const GRAMMAR = {
  short: 'h?c:vnu:m:d:l:y:z:e:j:i:q:a:kts',
  long: [
    ...['help', 'configuration=', 'version', 'nodaemon', 'user=', 'umask=', 'directory=', 'logfile='],
    ...['logfile_maxbytes=', 'logfile_backups=', 'loglevel=', 'pidfile=', 'identifier=', 'childlogdir=', 'minfds='],
    ...['minprocs=', 'nocleanup', 'strip_ansi', 'profile_options=', 'silent'],
  ],
}

/** `supervisord [-n] [-c FILE]`: supervisor 4.2, a script of Python. */
export const SUPERVISORD: ScriptSupervisor = {
  names: ['supervisord'],
  interpreter: /^(python|pypy)[\d.]*$/,
  marks: [/\bsupervisor\b/],
  reads: 'its configuration, of `-c` or where it looks for one, with `[include]`',
  starts: 'the `command` of each `[program:]`, `[eventlistener:]` and `[fcgi-program:]`, by its own search in PATH',
  async follow(runner, process) {
    const {options, words, unknown, lacking} = parseOptions(process.argv, GRAMMAR)
    const named = (...names: readonly string[]) => options.find(([name]) => names.includes(name))
    if (unknown !== undefined) return endUnknown(runner, `the option ${unknown} of supervisord is not understood`)
    if (named('h', '?', 'help', 'v', 'version')) return ends(runner, 'success')
    if (lacking !== undefined) return endRefused(runner, 'supervisord', `the option ${lacking} wants a value`)
    if (words.length > 0)
      return endRefused(runner, 'supervisord', `it takes options alone, and not ${JSON.stringify(words[0])}`)
    try {
      return await followConfigured(runner, process, options)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return error.isSure
        ? endRefused(runner, 'supervisord', error.message)
        : endUnknown(runner, `supervisord may fail: ${error.message}`)
    }
  },
}

async function followConfigured(runner: Runner, process: Process, options: ParsedOptions['options']): Promise<Outcome> {
  const {view} = runner
  const value = (...names: readonly string[]) => options.find(([name]) => names.includes(name))?.[1]
  const found = await findConfiguration(view, process, value('c', 'configuration'))
  if (found === 'perhaps') return endUnknown(runner, 'supervisord has no configuration that is surely there')
  const configuration = await readSafely(view, process, found)
  if (configuration === undefined)
    return endUnknown(runner, `${found.path}, or what it includes, is not read as a text`)
  const users = await doubtOfUsers(view)
  const asUser = async (spec: string | undefined) => {
    if (spec === undefined || spec.includes(UNKNOWN)) return undefined
    const user = await userOf(view, spec, users.users !== undefined)
    return {...user, ...defined({maybe: users.ids})}
  }
  checkOptions(options, configuration.demands)
  await checkDirectories(view, process, configuration)
  for (const spec of configuration.demands.users) await asUser(spec)
  const own = value('u', 'user') ?? configuration.user
  const daemon = (await asUser(own)) ?? process.user
  if (process.user.uid !== 0 && daemon.uid !== process.user.uid) {
    throw new ConfigError(`it is not root, and cannot change to the user ${own}`)
  }
  const isSure = configuration.isSure && found.isSure
  const services: ServiceStart[] = []
  let {world} = view
  for (const program of configuration.programs) {
    const isUserKnown = !program.user?.includes(UNKNOWN) && !own?.includes(UNKNOWN)
    const handover = await startProgram(program, {
      view,
      process: {...process, user: daemon},
      environment: configuration.environment,
      user: await asUser(program.user),
      certainty: isSure && isUserKnown ? 'certain' : 'likely',
    })
    if (handover.kind === 'program') services.push(handover)
    else ({world} = await runner.run(handover, world))
  }
  if (configuration.programs.length > MAX_PROGRAMS) {
    await runner.run({kind: 'unknown', reason: 'supervisord starts more programs than are followed'}, world)
  }
  const outcome = await runServices({...runner, view: viewWorld(view.image, world)}, services)
  const isDaemon =
    configuration.isForeground === false && !options.some(([name]) => name === 'n' || name === 'nodaemon')
  return isDaemon ? {...outcome, status: 'success'} : outcome
}

/** The values of options are checked as those of the configuration are. */
function checkOptions(options: ParsedOptions['options'], {directories, files}: Configuration['demands']): void {
  for (const [name, text = ''] of options) {
    if (/^(d|directory|q|childlogdir)$/.test(name)) directories.push(text)
    if (/^(l|logfile|j|pidfile)$/.test(name)) files.push(text)
    if (/^(z|logfile_backups|a|minfds|minprocs)$/.test(name)) toInteger(text)
    if (/^(y|logfile_maxbytes)$/.test(name)) checkSize(text)
    if (/^(e|loglevel)$/.test(name)) checkLevel(text)
    if (/^(m|umask)$/.test(name)) toOctal(text)
  }
}

interface Found {
  readonly path: string
  readonly isSure: boolean
}

/** The configuration that is named, or the first that is there: `searchpaths` of supervisor/options.py. */
async function findConfiguration(
  view: WorldView,
  process: Process,
  named: string | undefined,
): Promise<Found | 'perhaps'> {
  // Of a name without two slashes that is the directory that it is called in.
  const above = posix.dirname(posix.dirname(process.argv[0] ?? ''))
  const beside = ['etc/supervisord.conf', 'supervisord.conf'].map(name => posix.join(above, name))
  const searched = [
    ...[...beside, 'supervisord.conf', 'etc/supervisord.conf'],
    ...['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'],
  ]
  let isSure = true
  for (const path of named === undefined ? searched : [named]) {
    const {node, maybe} = await resolve(view, process, path)
    if (maybe) isSure = false
    if (node) return {path: path.startsWith('/') ? path : joinPath(process.cwd, path), isSure}
  }
  if (!isSure) return 'perhaps'
  throw new ConfigError(named === undefined ? 'it finds no configuration' : `its configuration ${named} is not there`)
}

async function readSafely(
  view: WorldView,
  process: Process,
  {path, isSure}: Found,
): Promise<Configuration | undefined> {
  try {
    return await readConfiguration(view, process, path)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(`of its configuration ${path}: ${error.message}`, isSure && error.isSure)
  }
}

/** Throws ConfigError where a directory that supervisord wants is not there. */
async function checkDirectories(view: WorldView, process: Process, {demands}: Configuration): Promise<void> {
  const above = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
  const sockets = demands.sockets.map(path => above(cleanPath(joinPath(process.cwd, path).replace(/^.*\/(?=\/)/, ''))))
  for (const path of new Set([...demands.directories, ...demands.files.map(above), ...sockets])) {
    if (path === '' || path.startsWith('~') || path.includes(UNKNOWN)) continue
    const {node, maybe} = await resolve(view, process, path)
    if (node?.kind !== 'directory' && !maybe) {
      throw new ConfigError(`the directory ${path} of its configuration is not there`)
    }
  }
}

/** Throws ConfigError where /etc/passwd does not have the user, by name or number, and nothing may have added it. */
async function userOf(view: WorldView, spec: string, mayBeMade: boolean): Promise<Credentials> {
  const found = spec.includes(':') ? undefined : await resolveUser(view, spec.trim())
  if (found?.ok && found.value.home !== undefined) return found.value
  if (!mayBeMade) throw new ConfigError(`there is no user ${spec}`)
  return found?.ok ? found.value : {uid: LIKELY_ID, gid: LIKELY_ID, groups: [], home: undefined}
}
