import {baseName, directoryOf} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {judgeModule, startOf} from '../configured-module.ts'
import {namesIn} from '../files.ts'
import {optionsBehind} from '../server-command.ts'
import {parseLibraries} from './postgresql-settings.ts'
import {type FoundSetting, readSettings} from './read-settings.ts'
import {readServerOptions} from './server-options.ts'

export interface PostgresqlAddonInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
  /** The words of the image's entrypoint and command. */
  readonly command: readonly string[]
}

/** One installation: its program, and `$libdir`. */
interface Installation {
  readonly program: string
  readonly libdir: string
}

/** Settings of one server, with the start that reads them, where it is known. */
interface Configuration {
  readonly settings: ReadonlyMap<string, FoundSetting>
  readonly start?: string
}

export const POSTGRES = /^(?:postgres|postmaster)$/
/** Those who run servers write their configuration here. */
const CLUSTERS = '/etc/postgresql'

/** The lists of libraries that a server, or each of its sessions, cannot do without. */
const LISTS = ['shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries']

/**
 * Libraries that the configuration of each PostgreSQL names to be loaded before anything else, and that it would not
 * load: without a shared one the server does not start, without another no session does.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#RUNTIME-CONFIG-CLIENT-PRELOAD
 */
export async function findPostgresqlAddons(input: PostgresqlAddonInput): Promise<readonly AddonProblem[]> {
  const {natives, files} = input
  const all = installationsOf(natives)
  const problems = new Map<string, AddonProblem>()
  for (const installation of all) {
    for (const {settings, start} of await configurationsOf(installation, all.length === 1, input)) {
      for (const list of LISTS) {
        const found = settings.get(list)
        for (const name of parseLibraries(found?.value ?? '')) {
          const paths = pathsOf(name, list, installation.libdir, settings.get('dynamic_library_path')?.value)
          const starts = start !== undefined && list === LISTS[0] ? [start] : []
          const configuredIn = found?.file ?? ''
          const module = {language: 'postgresql', name, configuredIn, paths, starts} as const
          const problem = await judgeModule(module, {natives, files})
          if (problem !== undefined) problems.set(`${configuredIn} ${list} ${name}`, problem)
        }
      }
    }
  }
  return [...problems.values()]
}

/** Each has the same library of its own in `$libdir`, and its program in a directory beside that. */
function installationsOf(natives: NativeFiles['natives']): readonly Installation[] {
  const programs = [...natives].flatMap(([path, {fit}]) =>
    fit === 'own' && baseName(path) === 'postgres' ? [path] : [],
  )
  return [...natives].flatMap(([path, {fit}]) => {
    if (fit !== 'own' || baseName(path) !== 'dict_snowball.so') return []
    const libdir = directoryOf(path)
    const program = programs.find(one => rootOf(directoryOf(one), /\/[^/]+$/) === rootOf(libdir, LIBRARIES))
    const only = programs.length === 1 ? programs[0] : undefined
    return program === undefined && only === undefined ? [] : [{program: program ?? only ?? '', libdir}]
  })
}

const LIBRARIES = /\/lib(?:64|exec)?(?:\/(?:postgresql|pgsql))?$/

function rootOf(directory: string, end: RegExp): string {
  return directory.replace(end, '')
}

/** What its servers read: that of the command, those of Debian's clusters, and what `initdb` gives new ones. */
async function configurationsOf(
  {program, libdir}: Installation,
  isOnly: boolean,
  {files, env, command}: PostgresqlAddonInput,
): Promise<readonly Configuration[]> {
  const found: Configuration[] = []
  const words = optionsBehind(command, POSTGRES) ?? optionsBehind(command, /^docker-entrypoint\.sh$/) ?? []
  const options = readServerOptions(words)
  const named = options.get('config_file')
  const data = options.get('data_directory') ?? env.get('PGDATA')
  if (isOnly) {
    const file = named ?? (data === undefined ? undefined : `${data}/postgresql.conf`)
    const ofFile = file?.startsWith('/') ? await readSettings(files, file) : undefined
    const given = [...options].map(([name, value]): [string, FoundSetting] => [name, {value, file: program}])
    const settings = new Map([...(ofFile ?? []), ...given])
    found.push({settings, start: startOf(program, words.join(' '))})
    if (named !== undefined && ofFile !== undefined) return found
  }
  const [, version] = /\/([0-9.]+)\/lib$/.exec(libdir) ?? []
  for (const name of version === undefined ? [] : await namesIn(files, `${CLUSTERS}/${version}`)) {
    const settings = await readSettings(files, `${CLUSTERS}/${version}/${name}/postgresql.conf`)
    if (settings !== undefined) found.push({settings})
  }
  const settings = await readSettings(files, `${sharedOf(libdir)}/postgresql.conf.sample`)
  if (settings !== undefined) found.push({settings})
  return found
}

/** `pg_config --sharedir`, as packagers set it beside `--pkglibdir`. */
function sharedOf(libdir: string): string {
  const [, version] = /^\/usr\/lib\/postgresql\/([0-9.]+)\/lib$/.exec(libdir) ?? []
  if (version !== undefined) return `/usr/share/postgresql/${version}`
  return libdir.replace(/\/lib(?:64)?(?=\/(?:postgresql[0-9]*|pgsql)$|$)/, '/share')
}

/** `internal_load_library` and `expand_dynamic_library_name` of src/backend/utils/fmgr/dfmgr.c. */
function pathsOf(written: string, list: string, libdir: string, searched = '$libdir'): readonly string[] {
  const name = list === 'local_preload_libraries' && !written.includes('/') ? `$libdir/plugins/${written}` : written
  const places = name.includes('/') ? [''] : searched.split(':').map(place => `${place.replace(/\/+$/, '')}/`)
  const paths = ['', '.so'].flatMap(suffix =>
    places.map(place => `${place}${name}${suffix}`.replace(/^\$libdir(?=\/)/, libdir)),
  )
  return paths.every(path => path.startsWith('/')) ? paths : []
}
