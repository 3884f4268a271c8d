import {cleanPath, type Process, resolve} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart, runServices, type ServiceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import type {ScriptSupervisor} from '../supervisor.ts'
import {parseProcfile} from './entries.ts'
import {joinAsNode} from './quote-words.ts'

const GRAMMAR = {
  short: 'j:e:p:sx:f:i:rt:whV',
  long: [
    ...['procfile=', 'env=', 'port=', 'showenvs', 'proxy=', 'ssl-key=', 'ssl-cert=', 'forward=', 'intercept=', 'raw'],
    ...['trim=', 'wrap', 'help', 'version'],
  ],
  permutes: true,
}

const RUN_GRAMMAR = {short: 'j:e:p:s', long: ['procfile=', 'env=', 'port=', 'showenvs'], permutes: true}

/** More of one kind add nothing. */
const MOST = 3

/** `nf start` and `nf run`, of npm's package foreman 3: https://github.com/strongloop/node-foreman */
export const NODE_FOREMAN: ScriptSupervisor = {
  names: ['nf', 'nf.js'],
  interpreter: /^(node|nodejs)$/,
  marks: [/foreman/i],
  reads: 'the `Procfile` (`-j`), `.env`, and `package.json` where there is none',
  starts: 'each command, or those that are named, by `/bin/sh -c`; they end together; `nf run` one command line',
  async follow(runner, process) {
    const isRun = parseOptions(process.argv, GRAMMAR).words[0] === 'run'
    const {options, words, unknown, lacking} = parseOptions(process.argv, isRun ? RUN_GRAMMAR : GRAMMAR)
    const odd = unknown ?? lacking
    if (odd !== undefined) return endUnknown(runner, `the option ${odd} of nf is not understood`)
    const value = (...names: readonly string[]) => options.findLast(([option]) => names.includes(option))?.[1]
    const [verb, chosen] = words
    if (isRun) return followRun(runner, process, value('e', 'env'), words.slice(1))
    if (verb !== 'start') return endUnknown(runner, `nf ${verb ?? ''} is not followed`)
    const file = cleanPath(pathIn(process, value('j', 'procfile') ?? 'Procfile'))
    const place = await resolve(runner.view, process, file)
    if (place.maybe) return endUnknown(runner, `${file} may be made when the container runs`)
    const procfile = await readProcfile(runner, file, process)
    if (procfile === undefined) return endRefused(runner, 'nf', `there is no ${file}, and no package.json`)
    const read = await readVariables(runner, process, value('e', 'env'))
    if (typeof read === 'string') return endUnknown(runner, read)
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
        return programStart({...process, env: own, argv, ending: 'closed'}, `${name} of ${file}`, {
          search: 'path',
          isLast: true,
        })
      })
    })
    return runServices(runner, starts)
  },
}

/** `nf run`: one command line, whatever the Procfile says, with the variables of its processes. */
async function followRun(
  runner: Runner,
  process: Process,
  files: string | undefined,
  words: readonly string[],
): Promise<Outcome> {
  if (words.length === 0) return endRefused(runner, 'nf', 'it wants a command to run')
  const read = await readVariables(runner, process, files)
  if (typeof read === 'string') return endUnknown(runner, read)
  const argv = ['/bin/sh', '-c', joinAsNode(words)]
  const inside = {...process, env: new Map([...process.env, ...read]), argv}
  return runServices(runner, [programStart(inside, 'argument of nf run', {search: 'path', isLast: true})])
}

/** Of all files that are there; in words why they are not known. */
async function readVariables(
  runner: Runner,
  process: Process,
  files = '.env',
): Promise<ReadonlyMap<string, string> | string> {
  const read = new Map<string, string>()
  for (const path of files.split(',')) {
    const text = (await readText(runner.view, process, pathIn(process, path.trim()))) ?? ''
    if (/^\s*[{[]/.test(text)) return `${path} is not read`
    for (const [name, said] of parseEnv(text)) read.set(name, said)
  }
  return read
}

async function readProcfile(
  runner: Runner,
  file: string,
  process: Process,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await readText(runner.view, process, file)
  const lines = text?.split('\n').filter(line => line !== '' && !line.startsWith('#')) ?? []
  // A malformed line ends the reading of the file.
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
