import {defined} from '../../lib/defined.ts'
import {check, OverBudget} from '../budget.ts'
import {joinWorlds} from '../world/world.ts'
import {print} from './builtins.ts'
import {runCommand} from './control.ts'
import type {Evaluator, Position, Reached, ShellHost} from './evaluator.ts'
import {parseShell} from './parse.ts'
import {checkFailure} from './refusal.ts'
import {exportedEnvironment, fork, type ShellState, type Status, type Value} from './state.ts'
import {substitute} from './substitution.ts'
import type {Command, List} from './syntax.ts'

/** Programs that a script starts, in order, and why it could not be followed where it could not. */
export interface ShellRun {
  readonly reached: readonly Reached[]
  /** Without a full stop. */
  readonly problem?: string
  /** How the shell ends. */
  readonly status: Status
}

/**
 * Follows shell text without running anything: only what its own text and the
 * variables that are known decide is decided.
 */
export async function runShell(text: string, state: ShellState, host: ShellHost): Promise<ShellRun> {
  const reached: Reached[] = []
  try {
    const parsed = parseShell(text, state.budget)
    if (!parsed.ok) return {reached, status: 'unknown', problem: `cannot be read as a shell script: ${parsed.problem}`}
    const last = await newEvaluator(host, reached).list(parsed.value, state, {
      tail: true,
      checked: true,
      guarded: false,
      tolerated: false,
      background: false,
    })
    return {reached, status: state.flow === 'exit-failure' ? 'failure' : state.flow === 'next' ? last : 'unknown'}
  } catch (thrown) {
    if (thrown instanceof OverBudget) return {reached, status: 'unknown', problem: thrown.message}
    throw thrown
  }
}

function newEvaluator(host: ShellHost, reached: Reached[]): Evaluator {
  let depth = 0
  const evaluator: Evaluator = {
    host,
    reached,
    substitute: (body, state) => substitute(evaluator, body, state),
    list: (list, state, position) => runList(evaluator, list, state, position),
    command: async (command, state, position) => {
      state.budget.charge('commands', 1)
      check('nesting', ++depth)
      const status = await runCommand(evaluator, command, state, position)
      depth--
      return status
    },
    text: async (text, state, position) => {
      const parsed = parseShell(text, state.budget)
      if (parsed.ok) return evaluator.list(parsed.value, state, position)
      state.opaque = true
      return 'unknown'
    },
    start: async (words, state, position, isExec) => {
      // Whoever reads the words as options and operands goes through them time and again.
      state.budget.charge('work', words.length ** 2 / 2)
      const one = describeReached(words, state, position, isExec)
      reached.push(one)
      const {world, status, output, cannotStart, given} = await host.start(one, state)
      state.world = world
      if (status === 'failure')
        state.failure = cannotStart
          ? {kind: 'start', isTold: cannotStart === 'told'}
          : {kind: 'want', made: given ?? []}
      print(state, output)
      return status
    },
  }
  return evaluator
}

function describeReached(words: readonly Value[], state: ShellState, position: Position, isExec: boolean): Reached {
  const firstUnknown = words.findIndex(word => typeof word !== 'string')
  const known = words.slice(0, firstUnknown < 0 ? words.length : firstUnknown)
  const unknown = words[firstUnknown]
  // A subshell that becomes a program ends as that does.
  const place = (isExec ? state.enclosing : undefined) ?? position
  const isOwn = isExec && state.enclosing === undefined
  const checked = state.isTelling || (state.errexit && place.checked)
  const reach = isOwn ? 'exec' : place.tail ? 'last command' : checked ? 'set -e' : 'command'
  const {env, unknown: unknownEnv} = exportedEnvironment(state)
  return {
    words,
    argv: known.filter(word => typeof word === 'string'),
    ...(typeof unknown === 'object' ? {unknownWord: unknown.unknown} : {}),
    reach,
    certainty: reach === 'command' ? 'likely' : state.certainty,
    guarded: position.guarded,
    tolerated: position.tolerated && !state.isTelling,
    background: position.background,
    ...defined({input: position.input}),
    env,
    unknownEnv,
    cwd: state.cwd,
  }
}

async function runList(evaluator: Evaluator, list: List, state: ShellState, position: Position): Promise<Status> {
  let status: Status = 'success'
  // `program; exit $?` ends as the program does.
  const last = list.findLastIndex(({command}) => !isPlainExit(command))
  for (const [index, {command, background}] of list.entries()) {
    if (state.flow !== 'next') return status
    const tail = position.tail && index >= last && !background
    if (background) {
      const place = {...position, tail: false, checked: false, background: true}
      const way = {...fork(state), enclosing: place}
      await evaluator.command(command, way, place)
      // It shares the files, and is done with them at some time.
      state.world = joinWorlds(state.world, way.world)
      status = 'success'
    } else {
      state.failure = undefined
      status = await evaluator.command(command, state, {...position, tail})
      state.last = status
    }
    if (!background && state.flow === 'next' && position.checked && endsShell(command))
      status = checkFailure(state, status, command)
  }
  return status
}

/** What failed inside of a group, an `if` or a loop was seen there. */
function endsShell(command: Command): boolean {
  switch (command.kind) {
    case 'simple':
    case 'subshell':
    case 'test':
      return true
    case 'pipeline':
      return !command.negated
    case 'redirected':
      return endsShell(command.command)
    default:
      return false
  }
}

function isPlainExit(command: Command): boolean {
  if (command.kind !== 'simple' || command.words[0]?.text !== 'exit') return false
  const operand = command.words[1]?.text.replaceAll('"', '')
  return operand === undefined || operand === '$?'
}
