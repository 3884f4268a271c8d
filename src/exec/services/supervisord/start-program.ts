import type {Credentials} from '../../credentials.ts'
import {mayExecute} from '../../permission.ts'
import {joinPath, type Process, resolve} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import type {Handover} from '../../wrappers/handover.ts'
import {serviceStart} from '../run-services.ts'
import {ConfigError} from './config-error.ts'
import {UNKNOWN} from './percent-format.ts'
import type {Program} from './programs.ts'
import {splitCommand} from './shlex.ts'

/** What a program is started with. */
export interface Setting {
  readonly view: WorldView
  /** supervisord itself, as the user that it runs as. */
  readonly process: Process
  /** What [supervisord] sets for all programs. */
  readonly environment: ReadonlyMap<string, string>
  /** The user of the program; undefined where it has none of its own. */
  readonly user: Credentials | undefined
  readonly certainty: 'certain' | 'likely'
}

/**
 * How supervisord starts a program, or why it does not: `get_execv_args` and `_spawn_as_child` of
 * supervisor/process.py. There is no shell; the program is looked for by supervisord, in its own
 * directory, and executed in the program's.
 */
export async function startProgram(program: Program, setting: Setting): Promise<Handover> {
  const {view, process, user} = setting
  const service = {name: nameOf(program), of: 'supervisord'}
  const certainty = program.isStarted === true ? setting.certainty : 'likely'
  const refused = (reason: string): Handover => ({
    kind: 'refused',
    via: `service ${service.name} of supervisord`,
    reason,
    service,
    certainty,
  })
  if (user && process.user.uid !== 0 && process.user.uid !== user.uid) {
    return refused(`supervisord is not root, and cannot change to the user ${program.user}`)
  }
  const words = wordsOf(program.command)
  if (words instanceof ConfigError) return refused(words.message)
  const {argv, unknownWord} = words
  const [name] = argv
  if (name === undefined) {
    if (unknownWord === undefined) return refused('its command is empty')
    return {kind: 'unknown', reason: `the command of ${service.name}, ${shown(program.command)}, only the run knows`}
  }
  const {env, path} = environmentOf(program, setting)
  if (path === undefined && !name.includes('/')) {
    return {kind: 'unknown', reason: `${name} is looked for in a PATH that only the run knows`}
  }
  const own = {...process, env, ...(user ? {user} : {}), ...(unknownWord === undefined ? {} : {unknownWord})}
  const guarded = program.isStarted !== true
  const umask = program.umask === undefined ? {} : {umask: program.umask & 0o777}
  const start = (file: string, cwd: string, search: 'path' | 'execvp'): Handover =>
    serviceStart({...own, cwd, argv: [file, ...argv.slice(1)]}, service, {search, certainty, guarded, ...umask})
  const file = name.includes('/') ? name : await locate(view, process, name, path ?? [])
  if (file === undefined) return start(name, process.cwd, 'execvp')
  // It must be there from supervisord's directory as well as from its own.
  const found = await resolve(view, process, file)
  const isFound = found.node !== undefined && found.node.kind !== 'directory' && mayExecute(found.node, process.user)
  if (!isFound || program.directory === undefined) return start(file, process.cwd, 'path')
  if (program.directory.includes(UNKNOWN)) {
    return file.startsWith('/') ? start(file, process.cwd, 'path') : {kind: 'unknown', reason: inUnknown(service.name)}
  }
  const directory = await resolve(view, own, program.directory)
  if (!directory.maybe && directory.node?.kind !== 'directory') {
    return refused(`supervisord cannot change to its directory ${program.directory}`)
  }
  return start(file, directory.node?.path ?? directory.path, 'path')
}

/** The first of that name in PATH, whatever it is; undefined where there is none. */
async function locate(
  view: WorldView,
  process: Process,
  name: string,
  path: readonly string[],
): Promise<string | undefined> {
  for (const element of path) {
    const candidate = element === '' ? name : joinPath(element, name)
    // What is there and may be gone, or may be there, is left to who looks it up.
    const {node} = await resolve(view, process, candidate)
    if (node) return candidate.includes('/') ? candidate : `./${candidate}`
  }
  return undefined
}

/** The variables of the program, and the PATH in which it is looked for: undefined where only the run knows it. */
function environmentOf(
  program: Program,
  {process, environment}: Setting,
): {readonly env: ReadonlyMap<string, string>; readonly path: readonly string[] | undefined} {
  const given = new Map([...environment, ...program.environment])
  const env = new Map<string, string>([
    ...process.env,
    ['SUPERVISOR_ENABLED', '1'],
    ['SUPERVISOR_PROCESS_NAME', program.name],
    ['SUPERVISOR_GROUP_NAME', program.group],
  ])
  for (const [name, value] of given) {
    if (value.includes(UNKNOWN)) env.delete(name)
    else env.set(name, value)
  }
  const own = given.get('PATH')
  if (own?.includes(UNKNOWN) || (own === undefined && process.unknownPath)) return {env, path: undefined}
  const path = own ?? (process.env.get('PATH') || '/bin:/usr/bin:/usr/local/bin')
  return {env, path: path.split(':')}
}

/** The words of a command up to one that only the run knows. */
function wordsOf(
  command: string,
): {readonly argv: readonly string[]; readonly unknownWord: string | undefined} | ConfigError {
  try {
    const words = splitCommand(command)
    const at = words.findIndex(word => word.includes(UNKNOWN))
    const argv = at < 0 ? words : words.slice(0, at)
    return {argv, unknownWord: at < 0 ? undefined : shown(words[at] ?? '')}
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

function shown(text: string): string {
  return JSON.stringify(text.replaceAll(UNKNOWN, '…'))
}

function inUnknown(name: string): string {
  return `${name} is started in a directory that only the run knows`
}

/** As `supervisorctl` shows it. */
function nameOf({name, group}: Program): string {
  const shownName = name.replaceAll(UNKNOWN, '…')
  return group === name ? shownName : `${group}:${shownName}`
}
