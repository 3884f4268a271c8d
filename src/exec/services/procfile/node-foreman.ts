import {cleanPath, type Process, resolve} from '../../resolved-path.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart, runServices, type ServiceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import type {ScriptSupervisor} from '../supervisor.ts'
import {parseProcfile} from './entries.ts'

const GRAMMAR = {
  short: 'j:e:p:sx:f:i:rt:whV',
  long: [
    ...['procfile=', 'env=', 'port=', 'showenvs', 'proxy=', 'ssl-key=', 'ssl-cert=', 'forward=', 'intercept=', 'raw'],
    ...['trim=', 'wrap', 'help', 'version'],
  ],
  permutes: true,
}

/** More of one kind are no news. */
const MOST = 3

/** `nf start`, of npm's package foreman 3: https://github.com/strongloop/node-foreman */
export const NODE_FOREMAN: ScriptSupervisor = {
  names: ['nf', 'nf.js'],
  interpreter: /^(node|nodejs)$/,
  marks: [/foreman/i],
  reads: 'the `Procfile` (`-j`), `.env`, and `package.json` where there is none',
  starts: 'each command, or those that are named, by `/bin/sh -c`; they end together',
  async follow(runner, process) {
    const {options, words, unknown} = parseOptions(process.argv, GRAMMAR)
    if (unknown !== undefined) return endUnknown(runner, `the option ${unknown} of nf is not understood`)
    const value = (...names: readonly string[]) => options.findLast(([option]) => names.includes(option))?.[1]
    const [verb, chosen] = words
    if (verb !== 'start') return endUnknown(runner, `nf ${verb ?? ''} is not followed`)
    const file = cleanPath(pathIn(process, value('j', 'procfile') ?? 'Procfile'))
    const place = await resolve(runner.view, process, file)
    if (place.maybe) return endUnknown(runner, `${file} may be made when the container runs`)
    const procfile = await readProcfile(runner, file, process)
    if (procfile === undefined) return endRefused(runner, 'nf', `there is no ${file}, and no package.json`)
    const read = new Map<string, string>()
    for (const path of (value('e', 'env') ?? '.env').split(',')) {
      const text = (await readText(runner.view, process, pathIn(process, path.trim()))) ?? ''
      if (/^\s*[{[]/.test(text)) return endUnknown(runner, `${path} is not read`)
      for (const [name, said] of parseEnv(text)) read.set(name, said)
    }
    const env = new Map([...process.env, ...read])
    const base = Number.parseInt(value('p', 'port') ?? env.get('PORT') ?? '5000', 10)
    const counts = requirements(chosen, [...procfile.keys()])
    const starts = [...counts].flatMap(([name, count], index): readonly ServiceStart[] => {
      const command = procfile.get(name)
      if (command === undefined) return []
      return Array.from({length: Math.min(count, MOST)}, (_, at) => {
        const own = new Map([
          ...env,
          ['PORT', String(base + at + index * 100)] as const,
          ['FOREMAN_WORKER_NAME', env.get('FOREMAN_WORKER_NAME') ?? `${name}.${at + 1}`] as const,
        ])
        const argv = ['/bin/sh', '-c', command]
        return programStart({...process, env: own, argv}, `${name} of ${file}`, {search: 'path', isLast: true})
      })
    })
    return runServices(runner, starts)
  },
}

async function readProcfile(
  runner: Runner,
  file: string,
  process: Process,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readText(runner.view, process, file)
  const lines = text?.split('\n').filter(line => line !== '' && !line.startsWith('#')) ?? []
  // A line that is none ends the reading of all.
  if (text !== undefined && lines.every(line => /^[\w-]+:\s*.+$/.test(line))) {
    return new Map(parseProcfile(text.replaceAll(/^#.*$/gm, '')).map(({name, command}) => [name, command.trim()]))
  }
  const isPackage = (await readText(runner.view, process, pathIn(process, 'package.json'))) !== undefined
  return isPackage ? new Map([['web', 'npm start']]) : undefined
}

/** `web=2,api`; all once where nothing is named. */
function requirements(chosen: string | undefined, names: readonly string[]): ReadonlyMap<string, number> {
  if (chosen === undefined) return new Map(names.map(name => [name, 1]))
  return new Map(
    chosen.split(',').map(pair => {
      const [name = '', count = '1'] = pair.split('=')
      return [name, Number.parseInt(count, 10) || 0] as const
    }),
  )
}

/** `NAME=value`, lib/envs.js. */
function parseEnv(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map(line => line.trim())
  return new Map(
    lines
      .filter(line => line.length > 2 && !line.startsWith('#'))
      .map(line => {
        const [name = '', ...rest] = line.split('=')
        const value = rest.join('=').trim()
        const quoted = /^"([^"]*)"/.exec(value)?.[1] ?? /^'([^']*)'/.exec(value)?.[1]
        return [name.trim(), quoted ?? value.replace(/\s*#.*$/, '')] as const
      }),
  )
}
