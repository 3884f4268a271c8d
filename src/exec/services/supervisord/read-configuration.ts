import {baseName, directoryOf} from '../../../lib/paths.ts'
import {Budget} from '../../budget.ts'
import {joinPath, type Process, resolve} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import {ConfigError} from './config-error.ts'
import {globPaths} from './glob.ts'
import {addIni, emptyIni, expandHere, getOption, type Ini} from './ini.ts'
import {UNKNOWN} from './percent-format.ts'
import {type Program, readPrograms} from './programs.ts'
import {type Context, checkServers, format, readSettings, type Settings} from './settings.ts'

/** What the files of a configuration say. */
export interface Configuration extends Pick<Context, 'demands'>, Settings {
  readonly programs: readonly Program[]
  /** Nothing may have made the files, or what they include, others than they are here. */
  readonly isSure: boolean
}

/**
 * Reads a configuration with all that it includes: `read_config` of supervisor/options.py. Undefined where a file of it
 * is not read as a text. Throws ConfigError where supervisord would end.
 */
export async function readConfiguration(
  view: WorldView,
  process: Process,
  file: string,
): Promise<Configuration | undefined> {
  const absolute = file.startsWith('/') ? file : joinPath(process.cwd, file)
  const here = directoryOf(absolute)
  const ini = emptyIni()
  const text = await readText(view, process, absolute)
  if (text === undefined) return undefined
  addIni(ini, text, baseName(absolute))
  const context: Context = {
    ini,
    here,
    variables: new Map(process.env),
    budget: view.world.budget ?? new Budget(),
    demands: {directories: [], files: [], sockets: [], users: []},
  }
  let isSure = (await resolve(view, process, absolute)).maybe === undefined
  if (ini.sections.has('include')) {
    const included = await addIncluded(view, process, context)
    if (included === undefined) return undefined
    isSure &&= included
  }
  try {
    const settings = readSettings(context)
    const programs = readPrograms(context)
    checkServers(context)
    return {...settings, programs, demands: context.demands, isSure}
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.message, isSure)
  }
}

/** `[include]`: whether it is sure which files are included; undefined where one is not read as a text. */
async function addIncluded(view: WorldView, process: Process, context: Context): Promise<boolean | undefined> {
  const {ini, here} = context
  expandHere(ini, here)
  const patterns = getOption(ini, 'include', 'files')
  if (patterns === undefined) throw new ConfigError('[include] has no files')
  const names = new Map([['host_node_name', UNKNOWN]])
  let isSure = true
  for (const pattern of format(context, patterns, names).split(/\s+/)) {
    if (pattern === '') continue
    if (pattern.includes(UNKNOWN)) {
      isSure = false
      continue
    }
    const matches = await globPaths(view, pattern.startsWith('/') ? pattern : joinPath(here, pattern))
    isSure &&= matches.isSure
    for (const path of matches.paths) {
      const {node, maybe, obstacle} = await resolve(view, process, path)
      if (maybe) isSure = false
      // What cannot be opened is passed over.
      if (obstacle || node?.kind !== 'file') continue
      const text = await readText(view, process, path)
      if (text === undefined) return undefined
      addFile(ini, text, path)
    }
  }
  return isSure
}

function addFile(ini: Ini, text: string, path: string): void {
  addIni(ini, text, path)
  expandHere(ini, directoryOf(path))
}
