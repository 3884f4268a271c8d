import {check, OverBudget} from '../budget.ts'
import type {Certainty} from '../steps.ts'
import {alternativeWords} from '../world/alternative-words.ts'
import {ENDINGS} from '../world/commands/endings.ts'
import {awaitedAtOnce, isAwaited} from './awaited.ts'
import {asDashReads, findBeyond, readTimed} from './beyond.ts'
import {runCommand} from './control.ts'
import type {Dialect} from './dialect.ts'
import type {Evaluator, Position, Reached, ShellHost} from './evaluator.ts'
import {runJob} from './job.ts'
import {type ComesBack, resume, worldOf} from './join.ts'
import {print} from './output.ts'
import {parseShell, parseShellLines} from './parse.ts'
import {remember} from './places.ts'
import {describeReached} from './reached.ts'
import {shareInput} from './read.ts'
import {endsScript, type ShellState, type Status, type Value} from './state.ts'
import {endShell} from './subshell.ts'
import {substitute} from './substitution.ts'
import type {Command, Line, List} from './syntax.ts'
import {heedFailure} from './traps.ts'
import {forgetPath} from './variables.ts'
import {runOneOf} from './ways.ts'

const WHOLE: Position = {tail: true, checked: true, guarded: false, tolerated: false, background: false}

/** Programs that a script starts, in order, and why it could not be followed where it could not. */
export interface ShellRun {
  readonly reached: readonly Reached[]
  /** Without a full stop. */
  readonly problem?: string
  /** How the shell ends. */
  readonly status: Status
}

/**
 * Follows shell text without running anything: only what its own text and the variables that are known decide is
 * decided. `rest`: why what the shell reads behind the text is not known, where there is such a thing.
 */
export async function runShell(text: string, state: ShellState, host: ShellHost, rest?: string): Promise<ShellRun> {
  const reached: Reached[] = []
  try {
    const {list, problem: syntax} = parseShellLines(text, state.budget)
    const problem = syntax === undefined ? rest : `cannot be read as a shell script: ${syntax}`
    const evaluator = newEvaluator(host, reached)
    const position = problem === undefined || leavesAtEnd(list) ? WHOLE : {...WHOLE, tail: false}
    const last = await runText(evaluator, list, state, position)
    if (problem !== undefined && (state.flow === 'next' || state.flow === 'discard')) {
      state.world = worldOf(state)
      return {reached, status: 'unknown', problem}
    }
    const status = await endShell(evaluator, state, last, position)
    const isOther = isWrittenOver(state)
    state.world = worldOf(state)
    return {reached, status: isOther ? 'unknown' : status}
  } catch (thrown) {
    if (thrown instanceof OverBudget) return {reached, status: 'unknown', problem: thrown.message}
    throw thrown
  }
}

/** Nothing is read behind it, whatever comes before. */
function leavesAtEnd(list: List): boolean {
  const last = list.at(-1)
  if (last === undefined || last.background || last.command.kind !== 'simple') return false
  const [name, operand] = last.command.words
  return name?.text === 'exit' || (name?.text === 'exec' && operand !== undefined)
}

function newEvaluator(host: ShellHost, reached: Reached[]): Evaluator {
  let depth = 0
  const evaluator: Evaluator = {
    host,
    reached,
    rehearse: async run => {
      const mark = reached.length
      await host.rehearse(run)
      reached.splice(mark)
    },
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
      if (parsed.ok) return runText(evaluator, parsed.value, state, position)
      forgetPath(state)
      return 'unknown'
    },
    start: async (words, state, position, isExec, path) => {
      const ways = alternativeWords(words)
      if (!ways) return startOne(evaluator, words, state, position, isExec, path)
      return startOneOf(evaluator, ways, state, position, isExec)
    },
  }
  return evaluator
}

/** A shell reads one command after the other: what it refuses as a syntax error ends it where it comes to it. */
async function runText(evaluator: Evaluator, text: List, state: ShellState, position: Position): Promise<Status> {
  const {lines} = state
  const nowhere: Line = {text: {}, number: 0}
  state.lines = [nowhere, ...lines]
  const status = await runLines(evaluator, asDashReads(text, state.dialect), state, position)
  state.lines = lines
  return status
}

async function runLines(evaluator: Evaluator, list: List, state: ShellState, position: Position): Promise<Status> {
  const refused = list.find(({command}) => findBeyond(command, state.dialect) !== undefined)
  if (!refused) return evaluator.list(list, state, position)
  // The line is refused as a whole.
  const at = list.findIndex(({line}) => line === refused.line)
  const status = await evaluator.list(list.slice(0, at), state, {...position, tail: false})
  if (state.flow !== 'next') return status
  const what = findBeyond(refused.command, state.dialect)
  if (endsScript(state)) await evaluator.host.tell(`has ${what}, which its shell refuses as a syntax error`, state)
  state.flow = 'exit-failure'
  return 'failure'
}

/** The command is one of several; one that cannot be started is reported only where none can. */
async function startOneOf(
  evaluator: Evaluator,
  ways: readonly (readonly Value[])[],
  state: ShellState,
  position: Position,
  isExec: boolean,
): Promise<Status> {
  // An unknown name is reported as if it were the only one.
  const placeOf = ([name]: readonly Value[], at: Position) =>
    typeof name === 'string' ? at : {...at, guarded: position.guarded}
  const runs = ways.map(
    words => (way: ShellState, at: Position) => startOne(evaluator, words, way, placeOf(words, at), isExec),
  )
  return runOneOf(evaluator, runs, state, position)
}

async function startOne(
  {host, reached}: Pick<Evaluator, 'host' | 'reached'>,
  words: readonly Value[],
  state: ShellState,
  position: Position,
  isExec: boolean,
  searched?: string,
): Promise<Status> {
  // Whoever reads the words as options and operands goes through them time and again.
  state.budget.charge('work', words.length ** 2 / 2)
  const one = describeReached(words, state, position, isExec, searched)
  reached.push(one)
  const {world, status, output, cannotStart, isPassedOver, given, place} = await host.start(one, state)
  state.world = world
  state.isPassedOver = isPassedOver === true
  if (!isExec && searched === undefined) remember(state, words[0], place?.path, place?.isSure === true)
  if (position.input === undefined) shareInput(state, words[0])
  if (status === 'failure') {
    state.failure = cannotStart
      ? {kind: 'start', isTold: cannotStart === 'told', isCertain: one.certainty === 'certain'}
      : {kind: 'want', made: given ?? []}
  }
  print(state, output)
  return status
}

function isWrittenOver({own, world}: ShellState): boolean {
  return own !== undefined && world.changes.get(own.path) !== own.change
}

async function runList(evaluator: Evaluator, list: List, state: ShellState, position: Position): Promise<Status> {
  let status: Status = 'success'
  // `program; exit $?` ends as the program does.
  const last = list.findLastIndex(({command}) => !isPlainExit(command))
  let before = state.certainty
  /** How a job ended, and the `wait` that says so. */
  let told: {readonly at: number; readonly status: Status} | undefined
  for (const [index, {command, background, line}] of list.entries()) {
    if (line && line !== state.lines[0]) before = beginLine(state, line, before)
    if (state.flow === 'discard' && line) {
      status = 'failure'
      continue
    }
    if (state.flow !== 'next') return status
    const trapped = state.errorTrap
    // bash reads on in a script that it has written over, and finds other commands there, or the middle of one.
    if (isWrittenOver(state)) state.certainty = 'likely'
    const tail = position.tail && index >= last && !background
    const after = async (way: ShellState) => {
      await runList(evaluator, list.slice(index + 1), way, position)
      await position.after?.(way)
    }
    if (background) {
      const tail = position.tail && isAwaited(list, index, last, state.functions)
      const place = {...position, tail, background: true}
      const awaited = awaitedAtOnce(list, index, state.functions)
      const ended = await runJob(evaluator, command, state, place, awaited ?? {after})
      if (awaited?.isTold) told = {at: awaited.at, status: ended}
      status = 'success'
    } else {
      state.failure = undefined
      const previous = state.last
      status = await evaluator.command(command, state, {
        ...position,
        tail,
        after,
        leads: position.leads === true && index === list.length - 1,
      })
      if (status === 'unknown' && handsOn(command)) status = state.last = previous
      if (status === 'unknown' && told?.at === index) status = state.last = told.status
    }
    // What a loop is to read cannot be opened: that fails as a simple command does.
    const isUnopened = command.kind === 'redirected' && state.isUnopened
    const counts = isUnopened || endsShell(command, state.dialect)
    if (background || state.flow !== 'next' || !position.checked || !counts) continue
    status = await heedFailure(evaluator, {status, command, trapped}, state, position)
  }
  if (list[0]?.line && state.flow === 'discard') status = 'failure'
  if (list[0]?.line) resume(state, before, withNextLine)
  return status
}

/** bash goes on here with what it has given up on the line before. What comes back is as certain as it was there. */
function beginLine(state: ShellState, line: Line, before: Certainty): Certainty {
  resume(state, before, withNextLine)
  if (state.flow === 'next') state.lines = [line, ...state.lines.slice(1)]
  return state.certainty
}

const withNextLine: ComesBack = way => (way.flow === 'discard' ? {...way, flow: 'next', last: 'failure'} : undefined)

/** What failed inside of a group, an `if` or a loop was seen there. */
function endsShell(command: Command, dialect: Dialect | undefined): boolean {
  switch (command.kind) {
    case 'simple':
    case 'subshell':
    case 'test':
    case 'arithmetic':
      return true
    case 'pipeline':
      return !command.negated
    case 'timed':
      return endsShell(readTimed(command, dialect), dialect)
    case 'redirected':
      return endsShell(command.command, dialect)
    default:
      return false
  }
}

function isPlainExit(command: Command): boolean {
  if (command.kind !== 'simple') return false
  const [name = '', operand] = command.words.map(({text}) => text.replaceAll('"', ''))
  if (name === 'exit' || name === 'return') return operand === undefined || operand === '$?'
  return handsOn(command)
}

function handsOn(command: Command): boolean {
  if (command.kind !== 'simple') return false
  const [name = '', operand] = command.words.map(({text}) => text.replaceAll('"', ''))
  return HANDING_ON.includes(name) && operand === '$?'
}

/** They print how a command has ended, and end as it has: OpenRC's, and that of init-functions. */
const HANDING_ON = [...ENDINGS, 'log_end_msg']
