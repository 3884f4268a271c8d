import type {RootFs} from '../../image/rootfs.ts'
import {mayRead} from '../permission.ts'
import {baseName, joinPath, type Process, resolve} from '../resolved-path.ts'
import {locateProgram} from '../search.ts'
import type {Reached} from '../shell/evaluator.ts'
import {runShell} from '../shell/run.ts'
import {newState} from '../shell/state.ts'
import type {Handover} from './handover.ts'
import {parseOptions} from './options.ts'

const SHELLS = ['sh', 'ash', 'dash', 'bash', 'rbash', 'ksh', 'mksh', 'ksh93', 'zsh', 'hush', 'yash']

/** A script that is larger is not read. In bytes. */
const MAX_SCRIPT = 1024 * 1024

const GRAMMAR = {
  short: 'abBcCefghHiklmnpPrstTuvxEo:O:D',
  long: ['norc', 'noprofile', 'login', 'posix', 'noediting', 'restricted', 'verbose', 'rcfile=', 'init-file='],
} as const

export function isShell(name: string): boolean {
  return SHELLS.includes(name)
}

/** What a shell is told to run. */
export type ShellJob =
  | {
      readonly kind: 'text'
      readonly text: string
      readonly name: string
      readonly params: readonly string[]
      readonly login: boolean
      readonly errexit: boolean
    }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly params: readonly string[]
      readonly login: boolean
      readonly errexit: boolean
    }
  /** It reads its input: nothing is known of that, and nothing is wrong with it. */
  | {readonly kind: 'input'}
  | {readonly kind: 'refused'; readonly option: string}

/** The command line of a shell, XCU sh. */
export function readShellJob(argv: readonly string[]): ShellJob {
  const plus = argv.map(word => (/^\+[A-Za-z]/.test(word) ? `-${word.slice(1)}` : word))
  const {options, operands, unknown} = parseOptions(plus, GRAMMAR)
  if (unknown !== undefined) return {kind: 'refused', option: unknown}
  const has = (letter: string) => options.some(([name]) => name === letter)
  const errexit = has('e') || options.some(([name, value]) => name === 'o' && value === 'errexit')
  const login = has('l') || has('login')
  // A lone dash ends the options, too: #!/bin/sh -
  const [first, ...rest] = argv.slice(argv[operands] === '-' && argv[operands - 1] !== '--' ? operands + 1 : operands)
  if (has('c')) {
    if (first === undefined) return {kind: 'input'}
    return {
      kind: 'text',
      text: first,
      name: rest[0] ?? baseName(argv[0] ?? 'sh'),
      params: rest.slice(1),
      login,
      errexit,
    }
  }
  if (has('s') || first === undefined) return {kind: 'input'}
  return {kind: 'file', path: first, params: rest, login, errexit}
}

/** What shell text starts, as handovers of the shell. `where` names the text: `/entrypoint.sh`, `sh -c`. */
export async function followShell(
  rootfs: RootFs,
  process: Process,
  job: {
    readonly text: string
    readonly name: string
    readonly params: readonly string[]
    readonly login: boolean
    readonly errexit: boolean
  },
  where: string,
): Promise<readonly Handover[]> {
  const params = process.unknownWord === undefined ? job.params : [...job.params, {unknown: process.unknownWord}]
  const state = newState({env: process.env, params, name: job.name, cwd: process.cwd, errexit: job.errexit})
  if (process.unknownPath) state.vars.set('PATH', {unknown: '$PATH'})
  const host = {
    uid: process.user.uid,
    gid: process.user.gid,
    readScript: (path: string) => readText(rootfs, process, path),
    findCommand: async (name: string, {vars, cwd}: typeof state) => {
      const path = vars.get('PATH')
      if (typeof path !== 'string' || cwd === undefined) return undefined
      const env = new Map([...process.env, ['PATH', path] as const])
      const found = await locateProgram(rootfs, {...process, env, cwd}, name)
      return found.found ? found.path : undefined
    },
  }
  const text = job.login ? `[ -r /etc/profile ] && . /etc/profile\n${job.text}` : job.text
  const {reached, problem} = await runShell(text, state, host)
  const handovers = reached.flatMap(one => handOver(process, one, where))
  return problem === undefined ? handovers : [...handovers, {kind: 'unknown', reason: `${where} ${problem}`}]
}

function handOver(process: Process, reached: Reached, where: string): readonly Handover[] {
  const {argv, reach, certainty, cwd, unknownWord} = reached
  const [name] = argv
  const unknown = (reason: string): readonly Handover[] =>
    // What only may be reached, and is not known either, is not worth a word.
    reach === 'command' || reached.guarded ? [] : [{kind: 'unknown', reason}]
  if (name === undefined || name === '')
    return unknown(`${where} runs ${unknownWord ?? 'a name'}, which only the run knows`)
  if (cwd === undefined && !name.startsWith('/') && name.includes('/')) {
    return unknown(`${where} runs ${name} in a directory that only the run knows`)
  }
  const unknownPath = reached.unknownEnv.has('PATH')
  if (unknownPath && !name.includes('/')) return unknown(`${where} looks for ${name} in a PATH that only the run knows`)
  return [
    {
      kind: 'program',
      process: {
        argv,
        cwd: cwd ?? '/',
        env: reached.env,
        user: process.user,
        unknownPath,
        ...(unknownWord === undefined ? {} : {unknownWord}),
      },
      search: 'execvp',
      via: `${reach} in ${where}`,
      certainty,
      guarded: reached.guarded,
      runsText: true,
      shallow: reach === 'command',
    },
  ]
}

/** Where a shell looks for the script that it is given: in the cwd, then, if its name has no slash, in PATH. */
export function scriptCandidates(path: string, process: Process): readonly string[] {
  if (path.includes('/')) return [path]
  const elements = (process.env.get('PATH') ?? '').split(':').filter(element => element !== '')
  return [path, ...elements.map(element => joinPath(element, path))]
}

/** A file as text; undefined where it is missing, unreadable, no text, or larger than 1 MiB. */
export async function readText(rootfs: RootFs, process: Process, path: string): Promise<string | undefined> {
  const {node} = await resolve(rootfs, process, path)
  if (node?.kind !== 'file' || node.size > MAX_SCRIPT || !mayRead(node, process.user)) return undefined
  const file = await rootfs.open(node)
  const bytes = await file.read(0, node.size)
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes)
}
