import {LIMITS} from '../../lib/limits.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {judgeModule, startOf} from '../configured-module.ts'
import {matchingPaths} from '../matching-files.ts'
import {optionsBehind, optionValue} from '../server-command.ts'
import {settingsReader} from '../settings-reader.ts'
import {parseMainDirectives} from './main-directives.ts'
import {readNginxBuild} from './nginx-build.ts'

export const NGINX = /^(?:nginx(?:-debug)?|openresty)$/

export interface ServerAddonInput extends NativeFiles {
  /** The words of the image's entrypoint and command. */
  readonly command: readonly string[]
}

/** A `load_module` of a configuration. */
interface LoadModule {
  readonly name: string
  readonly file: string
}

/**
 * Modules that the configuration of each nginx names (`load_module`, also in files that it includes) and that it would
 * not load: it does not start then. https://nginx.org/en/docs/ngx_core_module.html#load_module
 */
export async function findNginxAddons({natives, files, command}: ServerAddonInput): Promise<readonly AddonProblem[]> {
  const options = optionsBehind(command, NGINX) ?? []
  const named = optionValue(options, 'c')
  const problems = new Map<string, AddonProblem>()
  for (const [program, {fit}] of natives) {
    if (fit !== 'own' || !NGINX.test(baseName(program)) || !/\/s?bin\/[^/]+$/.test(program)) continue
    if (!(await mayLoad(files, named))) continue
    const build = await readNginxBuild(files, program)
    if (build === undefined) continue
    const prefix = (optionValue(options, 'p') ?? build.prefix).replace(/\/+$/, '')
    const configuration = named ?? build.configuration
    const path = configuration.startsWith('/') ? configuration : `${prefix}/${configuration}`
    for (const {name, file} of await readLoads(files, path)) {
      const module = {
        language: 'nginx',
        name,
        configuredIn: file,
        paths: [name.startsWith('/') ? name : `${prefix}/${name}`],
        starts: [startOf(program, named)],
      } as const
      const problem = await judgeModule(module, {natives, files})
      if (problem !== undefined) problems.set(`${program} ${file} ${name}`, problem)
    }
  }
  return [...problems.values()]
}

/** Where packagers put the configuration: without one that loads something the program is not read. */
const USUAL = [
  '/etc/nginx/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
  '/opt/bitnami/nginx/conf/nginx.conf',
]

async function mayLoad(files: NativeFiles['files'], named: string | undefined): Promise<boolean> {
  for (const path of named?.startsWith('/') ? [named] : USUAL)
    if ((await readLoads(files, path)).length > 0) return true
  return false
}

/** Each `load_module` of a configuration, and of what it includes outside of every block. */
async function readLoads(files: NativeFiles['files'], configuration: string): Promise<readonly LoadModule[]> {
  const loads: LoadModule[] = []
  const settings = settingsReader(files)
  const read = async (file: string, level: number): Promise<void> => {
    const text = await settings.read(file)
    for (const [directive, argument = ''] of parseMainDirectives(text ?? '')) {
      if (directive === 'load_module') loads.push({name: argument, file})
      if (directive !== 'include' || argument === '' || level >= LIMITS['configuration-levels'].most) continue
      const pattern = argument.startsWith('/') ? argument : `${directoryOf(configuration)}/${argument}`
      const included = await matchingPaths(files, pattern)
      settings.ahead(included)
      for (const path of included) await read(path, level + 1)
    }
  }
  await read(configuration, 0)
  return loads.slice(0, LIMITS['judged-packages'].most)
}
