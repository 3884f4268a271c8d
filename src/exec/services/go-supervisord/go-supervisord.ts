import {defined} from '../../../lib/defined.ts'
import {baseName, directoryOf} from '../../../lib/paths.ts'
import {resolveUser} from '../../credentials.ts'
import {cleanPath, joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {doubtOfUsers} from '../../wrappers/user-doubt.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {runServices, type ServiceStart, serviceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import type {Supervisor} from '../supervisor.ts'
import {expand, parseEnvironment, splitCommand} from './expressions.ts'
import {type Ini, type IniValue, readIni} from './read-ini.ts'

/** Where it looks for its configuration: main.go, findSupervisordConf. */
const PLACES = [
  ...['./supervisord.ini', './etc/supervisord.conf', '/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'],
  ...['../etc/supervisord.conf', '../supervisord.conf', './supervisord.conf'],
]
const GRAMMAR = {short: 'c:d', long: ['configuration=', 'daemon', 'env-file=']}
/** More processes of one kind add nothing. */
const MOST = 3

/**
 * A supervisord that is a program and no script of Python: https://github.com/ochinchina/supervisord. What every
 * supervisord reads so is certain, and likely what hangs on its own ways.
 */
export const GO_SUPERVISORD: Supervisor = {
  names: ['supervisord'],
  reads: 'compiled: its configuration, of `-c` or where it looks for one, with `[include]`',
  starts: 'the `command` of each `[program:]` and `[eventlistener:]`, looked up as Go does',
  async follow(runner, process) {
    const {options, words, unknown: odd} = parseOptions(process.argv, GRAMMAR)
    if (odd !== undefined) return endUnknown(runner, `the option ${odd} of supervisord is not understood`)
    if (words.length > 0) return endUnknown(runner, `supervisord ${words[0]} is not followed`)
    const named = options.find(([name]) => name === 'c' || name === 'configuration')?.[1]
    const path = await findConfiguration(runner.view, process, named)
    if (path === undefined) return endUnknown(runner, 'supervisord has no configuration that is surely there')
    const ini = await readConfiguration(runner.view, process, path)
    if (ini === undefined) return endUnknown(runner, `${path}, or what it includes, is not read as a text`)
    if (ini.size === 0) {
      return endRefused(runner, 'supervisord', `${path} has no section`)
    }
    const starts: ServiceStart[] = []
    for (const [section, values] of ini) starts.push(...(await startsOf(runner.view, process, path, section, values)))
    return runServices(runner, starts)
  },
}

async function findConfiguration(
  view: WorldView,
  process: Process,
  named: string | undefined,
): Promise<string | undefined> {
  for (const place of named === undefined ? PLACES : [named]) {
    const path = cleanPath(pathIn(process, place))
    const {node, maybe} = await view.place(path)
    if (node?.kind === 'file') return maybe ? undefined : path
  }
  return undefined
}

async function readConfiguration(view: WorldView, process: Process, path: string): Promise<Ini | undefined> {
  const text = await readText(view, process, path)
  const ini: Ini = new Map()
  if (text === undefined || !readIni(text, ini)) return undefined
  const here = directoryOf(path)
  for (const pattern of (ini.get('include')?.get('files')?.text ?? '').split(/\s+/).filter(Boolean)) {
    const own = expand(pattern, new Map([...variablesOf(process), ['here', here]]))
    if (own === undefined) continue
    const whole = cleanPath(pathIn({cwd: here}, own))
    const listing = await view.directory(directoryOf(whole))
    const name = patternOf(baseName(whole))
    for (const file of listing?.names.filter(one => name.test(one)) ?? []) {
      const included = await readText(view, process, joinPath(listing?.at ?? here, file))
      if (included === undefined || !readIni(included, ini)) return undefined
    }
  }
  const defaults = ini.get('program-default') ?? new Map<string, IniValue>()
  for (const [section, values] of ini) {
    if (section.startsWith('program:')) for (const pair of defaults) if (!values.has(pair[0])) values.set(...pair)
  }
  return ini
}

/** `*` and `?` of a name, which may match a part of it alone. */
function patternOf(name: string): RegExp {
  return new RegExp(
    name
      .replace(/[\\^$+()[\]{}|.]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  )
}

async function startsOf(
  view: WorldView,
  process: Process,
  path: string,
  section: string,
  values: ReadonlyMap<string, IniValue>,
): Promise<readonly ServiceStart[]> {
  const program = /^(?:program|eventlistener):(.*)$/s.exec(section)?.[1]
  const value = (name: string) => values.get(name)?.text
  const isStarted = (value('autostart') ?? 'true') === 'true' || section.startsWith('eventlistener:')
  const count = Number(value('numprocs') ?? 1)
  if (program === undefined || !isStarted) return []
  const isPlain = ['command', 'environment', 'directory', 'user', 'autostart', 'numprocs'].every(
    name => values.get(name)?.isPlain ?? true,
  )
  const environment = parseEnvironment(value('environment') ?? '')
  const starts: ServiceStart[] = []
  for (let index = 1; index <= (Number.isNaN(count) ? 1 : Math.min(count, MOST)); index++) {
    const meanings = new Map([
      ...variablesOf(process),
      ...[...environment].map(([name, said]) => [`ENV_${name}`, said] as const),
      ...Object.entries({program_name: program, group_name: program, process_num: String(index)}),
      ['here', directoryOf(path)] as const,
    ])
    // What cannot be said of a program is written to its log, and the program left out.
    const command = expand(value('command') ?? '', meanings)
    const argv = splitCommand(command ?? '')
    const directory = expand(value('directory') ?? '', meanings) || process.cwd
    const own = await asUser(view, process, value('user') ?? '')
    if (argv.length === 0 || own === undefined) continue
    const env = new Map(own.env)
    for (const [name, said] of environment) env.set(name, expand(said, meanings) ?? said)
    const isOdd = /["'\\]/.test(command ?? '') && !/^[^"'\\]*("[^"'\\]*"|'[^"'\\]*')$/.test(command ?? '')
    const start = {...own, env, cwd: pathIn(process, directory), argv}
    const certainty = isPlain && !isOdd ? 'certain' : 'likely'
    starts.push(serviceStart(start, {name: program, of: 'supervisord'}, {search: 'go', certainty}))
  }
  return starts
}

/** Versions differ in which variables they give a user; undefined where there is no such user. */
async function asUser(view: WorldView, process: Process, spec: string): Promise<Process | undefined> {
  if (spec === '') return process
  const found = await resolveUser(view, spec)
  const {users, ids} = await doubtOfUsers(view)
  if (!found.ok) return users ? process : undefined
  const unknownEnv = new Set([...(process.unknownEnv ?? []), 'HOME', 'USER', 'LOGNAME'])
  return {...process, user: {...found.value, ...defined({maybe: ids})}, unknownEnv, unknownPath: true}
}

function variablesOf({env}: Process): readonly (readonly [string, string])[] {
  return [...env].map(([name, value]) => [`ENV_${name}`, value] as const)
}
