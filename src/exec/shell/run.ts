import {defined} from '../../lib/defined.ts'
import {check, OverBudget} from '../budget.ts'
import {joinWorlds} from '../world/world.ts'
import {print} from './builtins.ts'
import {runCommand} from './control.ts'
import type {Evaluator, Position, Reach, Reached, ShellHost} from './evaluator.ts'
import {parseShell} from './parse.ts'
import {checkFailure} from './refusal.ts'
import {exportedEnvironment, forgetPath, fork, join, type ShellState, type Status, type Value} from './state.ts'
import {substitute} from './substitution.ts'
import type {Command, List} from './syntax.ts'

/** Of a command whose words may be several: more are not followed. */
const MAX_WAYS = 6

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
      state.last = status
      return status
    },
    text: async (text, state, position) => {
      const parsed = parseShell(text, state.budget)
      if (parsed.ok) return evaluator.list(parsed.value, state, position)
      forgetPath(state)
      return 'unknown'
    },
    start: async (words, state, position, isExec) => {
      const ways = alternativeWords(words)
      if (!ways) return startOne(evaluator, words, state, position, isExec)
      return startOneOf(evaluator, ways, state, position, isExec)
    },
  }
  return evaluator
}

/** The command is one of several; one that cannot be started is told of only where none can. */
async function startOneOf(
  evaluator: Evaluator,
  ways: readonly (readonly Value[])[],
  state: ShellState,
  position: Position,
  isExec: boolean,
): Promise<Status> {
  const run = async (guarded: boolean) => {
    const ended: {readonly way: ShellState; readonly status: Status}[] = []
    await evaluator.host.oneOf(
      ways.map(words => async () => {
        const way = fork(state)
        const status = await startOne(evaluator, words, way, {...position, guarded}, isExec)
        ended.push({way, status})
      }),
    )
    return ended
  }
  const silent = position.guarded ? [] : await run(true)
  const none = silent.every(({way: {failure}}) => failure?.kind === 'start' && !failure.isTold)
  const ended = none ? await run(position.guarded) : silent
  join(
    state,
    ended.map(({way}) => way),
    state.certainty,
  )
  state.failure = none ? ended[0]?.way.failure : undefined
  const [first] = ended
  return first && ended.every(({status}) => status === first.status) ? first.status : 'unknown'
}

/** All that a command's words may be, where one of them is one of a few values. */
function alternativeWords(words: readonly Value[]): readonly (readonly Value[])[] | undefined {
  const open = words.findIndex(word => typeof word === 'object' && word.oneOf !== undefined)
  const word = words[open]
  if (typeof word !== 'object' || !word.oneOf) return undefined
  // The same variable has the same value in all words.
  return word.oneOf
    .flatMap((text, index) => {
      const rest = words.map((other, at) => {
        const isSame =
          typeof other === 'object' && other.oneOf?.length === word.oneOf?.length && other.unknown === word.unknown
        return at === open ? text : isSame ? (other.oneOf?.[index] ?? other) : other
      })
      return alternativeWords(rest) ?? [rest]
    })
    .slice(0, MAX_WAYS)
}

async function startOne(
  {host, reached}: Pick<Evaluator, 'host' | 'reached'>,
  words: readonly Value[],
  state: ShellState,
  position: Position,
  isExec: boolean,
): Promise<Status> {
  // Whoever reads the words as options and operands goes through them time and again.
  state.budget.charge('work', words.length ** 2 / 2)
  const one = describeReached(words, state, position, isExec)
  reached.push(one)
  const {world, status, output, cannotStart, given} = await host.start(one, state)
  state.world = world
  if (status === 'failure') {
    state.failure = cannotStart
      ? {kind: 'start', isTold: cannotStart === 'told', isCertain: one.certainty === 'certain'}
      : {kind: 'want', made: given ?? []}
  }
  print(state, output)
  return status
}

function describeReached(words: readonly Value[], state: ShellState, position: Position, isExec: boolean): Reached {
  const firstUnknown = words.findIndex(word => typeof word !== 'string')
  const known = words.slice(0, firstUnknown < 0 ? words.length : firstUnknown)
  const unknown = words[firstUnknown]
  // A subshell that becomes a program ends as that does.
  const place = (isExec ? state.enclosing : undefined) ?? position
  const reach = reachOf(place, state, isExec && state.enclosing === undefined)
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

function reachOf(place: Position, state: ShellState, isOwn: boolean): Reach {
  if (isOwn) return 'exec'
  if (place.tail) return 'last command'
  if (state.errexit && place.checked) return 'set -e'
  return state.isTelling || (place.leads && !place.tolerated && !place.background) ? 'needed command' : 'command'
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
      status = await evaluator.command(command, state, {
        ...position,
        tail,
        leads: position.leads === true && index === list.length - 1,
      })
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
