import {baseName} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {judgeModule, startOf} from '../configured-module.ts'
import {optionsBehind, optionValue} from '../server-command.ts'
import {readServer} from './read-server.ts'

export const HTTPD = /^(?:apache2|httpd)$/
/** A script of Debian's, and one of httpd's own, that start it with the options that they are given. */
const STARTERS = /^(?:apache2|httpd|apache2ctl|apachectl|httpd-foreground)$/

/** One layout of packagers: SERVER_CONFIG_FILE and HTTPD_ROOT, which are compiled in. */
interface Layout {
  readonly program: RegExp
  readonly configuration: string
  /** Undefined where only the configuration says it. */
  readonly root?: string
}

/** Debian's and its like, httpd's own, Alpine's, Fedora's, Bitnami's. */
const LAYOUTS: readonly Layout[] = [
  {program: /^\/usr\/sbin\/apache2$/, configuration: '/etc/apache2/apache2.conf', root: '/etc/apache2'},
  {
    program: /^\/usr\/local\/apache2\/bin\/httpd$/,
    configuration: '/usr/local/apache2/conf/httpd.conf',
    root: '/usr/local/apache2',
  },
  {program: /^\/usr\/s?bin\/httpd$/, configuration: '/etc/apache2/httpd.conf'},
  {program: /^\/usr\/s?bin\/httpd$/, configuration: '/etc/httpd/conf/httpd.conf', root: '/etc/httpd'},
  {
    program: /^\/opt\/bitnami\/apache2?\/bin\/httpd$/,
    configuration: '/opt/bitnami/apache/conf/httpd.conf',
    root: '/opt/bitnami/apache',
  },
]

export interface HttpdAddonInput extends NativeFiles {
  /** The words of the image's entrypoint and command. */
  readonly command: readonly string[]
}

/**
 * Modules that the configuration of each httpd names (`LoadModule`, also in files that it includes) and that it would
 * not load: it does not start then.
 */
export async function findHttpdAddons({natives, files, command}: HttpdAddonInput): Promise<readonly AddonProblem[]> {
  const options = optionsBehind(command, STARTERS) ?? []
  const named = optionValue(options, 'f')
  const problems = new Map<string, AddonProblem>()
  for (const [program, {fit}] of natives) {
    if (fit !== 'own' || !HTTPD.test(baseName(program))) continue
    for (const layout of LAYOUTS.filter(one => one.program.test(program))) {
      const root = optionValue(options, 'd') ?? layout.root
      const written = named ?? layout.configuration
      const configuration = written.startsWith('/') ? written : root && `${root}/${written}`
      for (const {name, path, file} of configuration ? await readServer(files, configuration, root) : []) {
        const starts = [startOf(program, named)]
        const module = {language: 'httpd', name, configuredIn: file, paths: [path], starts} as const
        const problem = await judgeModule(module, {natives, files})
        if (problem !== undefined) problems.set(`${file} ${path}`, problem)
      }
    }
  }
  return [...problems.values()]
}
