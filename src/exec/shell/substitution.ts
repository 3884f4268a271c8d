import {runBuiltin} from './builtins.ts'
import type {Evaluator} from './evaluator.ts'
import {expandWord} from './expand.ts'
import {fork, type ShellState, type Value} from './state.ts'
import type {Command, List} from './syntax.ts'

const UNKNOWN: Value = {unknown: '$(…)'}

/**
 * What a command substitution comes to, for the few commands whose output their arguments alone decide: `dirname`,
 * `basename`, `cd … && pwd`, `echo`, `command -v`, `which`, `id -u`, `id -g`. All others are unknown.
 */
export async function substitute(evaluator: Evaluator, body: List, state: ShellState): Promise<Value> {
  const [only, ...more] = body
  if (!only || more.length > 0 || only.background) return body.length === 0 ? '' : UNKNOWN
  return printed(evaluator, only.command, fork(state))
}

async function printed(evaluator: Evaluator, command: Command, state: ShellState): Promise<Value> {
  if (command.kind === 'and-or') {
    const commands = [command.first, ...command.rest.map(tail => tail.command)]
    if (command.rest.some(({operator}) => operator !== '&&')) return UNKNOWN
    for (const one of commands.slice(0, -1)) {
      const words = await wordsOf(evaluator, one, state)
      // Only a directory change prints nothing and is known to.
      if (words?.[0] !== 'cd' || runBuiltin('cd', words.slice(1), state) !== 'success') return UNKNOWN
    }
    const last = commands.at(-1)
    return last ? printed(evaluator, last, state) : UNKNOWN
  }
  const words = await wordsOf(evaluator, command, state)
  return words ? print(evaluator, words, state) : UNKNOWN
}

async function wordsOf(evaluator: Evaluator, command: Command, state: ShellState): Promise<string[] | undefined> {
  if (command.kind !== 'simple' || command.assignments.length > 0) return undefined
  const words: Value[] = []
  for (const word of command.words) words.push(...(await expandWord(word, state, evaluator.substitute)))
  const known = words.filter(word => typeof word === 'string')
  return known.length === words.length ? known : undefined
}

async function print(evaluator: Evaluator, words: readonly string[], state: ShellState): Promise<Value> {
  const [name = '', ...all] = words
  const args = all.filter(arg => arg !== '--')
  const [first = ''] = args
  if (state.functions.has(name)) return UNKNOWN
  switch (name) {
    case 'pwd':
      return state.cwd ?? UNKNOWN
    case 'dirname':
      return args.length === 1 ? directoryName(first) : UNKNOWN
    case 'basename':
      return args.length === 1 ? (stripSlashes(first).split('/').at(-1) ?? '') : UNKNOWN
    case 'echo':
      return args.some(arg => arg.startsWith('-') || arg.includes('\\')) ? UNKNOWN : args.join(' ')
    case 'which':
      return args.length === 1 ? ((await evaluator.host.findCommand(first, state)) ?? '') : UNKNOWN
    case 'command':
      return first === '-v' && args.length === 2
        ? ((await evaluator.host.findCommand(args[1] ?? '', state)) ?? '')
        : UNKNOWN
    case 'id':
      if (args.length !== 1 || (first !== '-u' && first !== '-g')) return UNKNOWN
      return String(first === '-u' ? evaluator.host.uid : evaluator.host.gid)
    default:
      return UNKNOWN
  }
}

function directoryName(path: string): string {
  const stripped = stripSlashes(path)
  const slash = stripped.lastIndexOf('/')
  if (slash < 0) return '.'
  return stripSlashes(stripped.slice(0, slash)) || '/'
}

function stripSlashes(path: string): string {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end--
  return path.slice(0, end)
}
