import {joinPath, type Process, resolve} from '../resolved-path.ts'
import {ends, type Outcome} from '../world/call.ts'
import {type Runner, refuse} from '../wrappers/handover.ts'
import {type OptionGrammar, parseOptions} from '../wrappers/options.ts'
import {readText} from '../wrappers/shells.ts'
import {programStart, runServices} from './run-services.ts'
import type {ScriptSupervisor, Supervisor} from './supervisor.ts'

/** How a runner of Procfiles is called. */
interface ProcfileRunner {
  readonly name: string
  readonly grammar: OptionGrammar
  /** `start`, behind which the names of processes stand. */
  readonly command?: RegExp
  /** The Procfile is an operand, and no process is. */
  readonly takesFile?: true
  /** Options that choose processes. */
  readonly chooses?: readonly string[]
}

const READS = 'the `Procfile` (`-f`), and `.env` beside it'
const STARTS = 'each command, or those that are named, by `/bin/sh -c`; they end together'

const FOREMAN: ProcfileRunner = {
  name: 'foreman',
  grammar: {
    short: 'f:d:e:m:c:p:t:v',
    long: [
      ...['procfile=', 'root=', 'env=', 'formation=', 'concurrency=', 'port=', 'timeout=', 'color', 'no-color'],
      ...['timestamp', 'no-timestamp', 'version'],
    ],
    permutes: true,
  },
  command: /^start$/,
}

const HONCHO: ProcfileRunner = {
  name: 'honcho',
  grammar: {
    short: 'f:d:e:c:p:q:v',
    long: [
      ...['procfile=', 'app-root=', 'env=', 'concurrency=', 'port=', 'quiet=', 'version', 'no-colour', 'no-prefix'],
    ],
    permutes: true,
  },
  command: /^start$/,
}

const HIVEMIND: ProcfileRunner = {
  name: 'hivemind',
  grammar: {
    short: 'l:p:P:t:d:T',
    long: ['processes=', 'port=', 'port-step=', 'timeout=', 'root=', 'title=', 'no-prefix', 'print-timestamps'],
    permutes: true,
  },
  takesFile: true,
  chooses: ['l', 'processes'],
}

const OVERMIND: ProcfileRunner = {
  name: 'overmind',
  grammar: {
    short: 'f:l:p:P:t:d:c:T:s:DNn',
    long: [
      ...['procfile=', 'processes=', 'port=', 'port-step=', 'timeout=', 'root=', 'can-die=', 'title=', 'socket='],
      ...['any-can-die', 'daemonize', 'no-port', 'auto-restart=', 'formation=', 'colors='],
    ],
    permutes: true,
  },
  command: /^(start|s)$/,
  chooses: ['l', 'processes'],
}

/**
 * Runners that are scripts: of Ruby, https://github.com/ddollar/foreman, and of Python, https://honcho.readthedocs.io
 */
export const PROCFILE_SCRIPTS: readonly ScriptSupervisor[] = [
  scripted(FOREMAN, /^ruby[\d.]*$/),
  scripted(HONCHO, /^(python|pypy)[\d.]*$/),
]

/** Runners that are programs: https://github.com/DarthSim/hivemind and overmind. */
export const PROCFILE_PROGRAMS: readonly Supervisor[] = [HIVEMIND, OVERMIND].map(supervisorOf)

function scripted(runner: ProcfileRunner, interpreter: RegExp): ScriptSupervisor {
  return {...supervisorOf(runner), interpreter, marks: [new RegExp(`\\b${runner.name}\\b`)]}
}

function supervisorOf(own: ProcfileRunner): Supervisor {
  return {names: [own.name], reads: READS, starts: STARTS, follow: (runner, process) => follow(own, runner, process)}
}

async function follow(own: ProcfileRunner, runner: Runner, process: Process): Promise<Outcome> {
  const {name, grammar, command, takesFile, chooses = []} = own
  const {options, words, unknown: odd} = parseOptions(process.argv, grammar)
  const value = (...names: readonly string[]) => options.findLast(([option]) => names.includes(option))?.[1]
  if (odd !== undefined) return unknown(runner, `the option ${odd} of ${name} is not understood`)
  if (command && !command.test(words[0] ?? '')) return unknown(runner, `${name} ${words[0] ?? ''} is not followed`)
  if (value('m', 'formation') !== undefined && name !== 'honcho')
    return unknown(runner, `the formation of ${name} is not followed`)
  const operands = command ? words.slice(1) : words
  const named = (takesFile ? operands[0] : value('f', 'procfile')) ?? 'Procfile'
  const root = value('d', 'root', 'app-root')
  const file = named.startsWith('/')
    ? named
    : joinPath(root === undefined ? process.cwd : joinPath(process.cwd, root).replace(/^.*\/(?=\/)/, ''), named)
  const {maybe} = await resolve(runner.view, process, file)
  const text = await readText(runner.view, process, file)
  if (text === undefined) {
    if (maybe) return unknown(runner, `${file} may be made when the container runs`)
    const [handover] = refuse({name}, `there is no ${file}`)
    return handover ? runner.run(handover, runner.view.world) : ends(runner, 'failure')
  }
  const chosen = [...(takesFile ? [] : operands), ...(value(...chooses) ?? '').split(',')].filter(Boolean)
  const directory =
    root === undefined && name !== 'foreman' && name !== 'honcho'
      ? process.cwd
      : file.slice(0, file.lastIndexOf('/')) || '/'
  const env = await withEnvironment(runner, process, joinPath(directory, '.env'), value('e', 'env'))
  const cwd = (await runner.view.place(directory)).at
  const entries = parseProcfile(text).filter(([entry]) => chosen.length === 0 || chosen.includes(entry))
  const starts = entries.map(([entry, line]) =>
    programStart({...process, cwd, env, argv: ['/bin/sh', '-c', line]}, `${entry} of ${file}`, {
      search: 'path',
      isLast: true,
      certainty: maybe ? 'likely' : 'certain',
    }),
  )
  return runServices(runner, starts)
}

/** `web: command`, a line each; what is otherwise is passed over. */
export function parseProcfile(text: string): readonly (readonly [name: string, command: string])[] {
  return text.split(/\r?\n/).flatMap(line => {
    const colon = line.indexOf(':')
    const [name, command] = [line.slice(0, Math.max(colon, 0)), line.slice(colon + 1).trim()]
    return /^[A-Za-z0-9_-]+$/.test(name) && command !== '' ? [[name, command] as const] : []
  })
}

/** `KEY=value` of `.env`, which need not be there; of files that are named nothing is read. */
async function withEnvironment(
  {view}: Runner,
  process: Process,
  path: string,
  named: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const env = new Map([...process.env, ['PORT', '5000']])
  const text = named === undefined ? await readText(view, process, path) : undefined
  for (const line of (text ?? '').split(/\r?\n/)) {
    const pair = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line)
    if (pair) env.set(pair[1] ?? '', (pair[2] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2'))
  }
  return env
}

function unknown(runner: Runner, reason: string): Promise<Outcome> {
  return runner.run({kind: 'unknown', reason}, runner.view.world)
}
