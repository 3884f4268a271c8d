import {check} from '../budget.ts'
import {eitherValue} from '../world/value.ts'
import {assign, expandDeclared} from './assign.ts'
import {tellBadExpansion} from './bad-expansion.ts'
import {runBuiltin} from './builtins.ts'
import {type Definition, withoutOthers} from './definition.ts'
import {runDot} from './dot.ts'
import {runEval} from './eval.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandWord} from './expand.ts'
import {callFunction} from './functions.ts'
import {park} from './join.ts'
import {printCommand} from './print-command.ts'
import {redirected} from './redirections.ts'
import {tellFailure} from './refusal.ts'
import {withoutAppends} from './simple.ts'
import {fork, readVariable, type ShellState, type Status, type Value} from './state.ts'
import type {Assignment, SimpleCommand} from './syntax.ts'
import {runTrap} from './traps.ts'
import {runOneOf, type WayRun} from './ways.ts'

const SPECIAL = ': . break continue eval exec exit export readonly return set shift times trap unset'.split(' ')

/** A simple command, XCU 2.9.1: assignments, then a function, a builtin or a program. */
export async function runSimple(
  evaluator: Evaluator,
  written: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const command = state.dialect === 'dash' || state.dialect === 'ash' ? withoutAppends(written) : written
  const name = command.words[0]?.text ?? ''
  const isShells = name === 'exec' && command.words.length === 1
  let isOpen = isShells
  const status = await redirected(
    evaluator,
    command.redirections,
    state,
    position,
    inside => {
      isOpen = true
      return runWords(evaluator, command, state, inside)
    },
    isShells,
  )
  if (isShells && command.redirections.length > 0 && command.assignments.length > 0 && status === 'success')
    await runWords(evaluator, command, state, position)
  const isRefused = status === 'failure' && (isShells || !isOpen)
  if (!isRefused || !SPECIAL.includes(name) || state.dialect === 'bash' || state.flow !== 'next') return status
  // A file that a special built-in cannot open ends the shell, XCU 2.8.1; it may be given to the container.
  park(state, state, 'exit-failure')
  return 'unknown'
}

async function runWords(
  evaluator: Evaluator,
  command: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const words: Value[] = []
  const arrays: Assignment[] = []
  for (const word of command.words) {
    const declares = words.length > 0 && isDeclaration(words[0])
    const fields = declares
      ? [await expandDeclared(evaluator, word, state)]
      : await expandWord(word, state, evaluator.substitute)
    check('words', words.length + fields.length)
    words.push(...fields)
    if (declares && word.array) arrays.push(word.array)
  }
  if (state.flow !== 'next') return tellBadExpansion(evaluator, command, state, position)
  const doubt = findDoubt(command, state)
  if (doubt !== undefined) return runDoubtful(evaluator, command, doubt, words, state, position)
  if (words.length === 0) {
    // The status of the last command substitution, XCU 2.9.1.
    Object.assign(state, {substituted: undefined})
    for (const assignment of command.assignments) await assign(evaluator, assignment, state)
    const status: Status = state.substituted ?? 'success'
    if (status === 'failure' && state.errexit && position.checked) {
      const body = command.assignments
        .flatMap(({value}) => value?.parts ?? [])
        .findLast(part => part.kind === 'command')
      if (body) await tellFailure(state, position, (inner, at) => evaluator.list(body.body, inner, at))
    }
    return status
  }
  const status = await runWithAssignments(evaluator, command.assignments, words, state, position)
  for (const array of arrays) await assign(evaluator, array, state)
  return status
}

/**
 * The program's own name hangs on a variable that nothing sets, and that may be meant to be given when the container is
 * run. That is told, and what is left of the words without it is followed as a mere possibility.
 */
async function runDoubtful(
  evaluator: Evaluator,
  command: SimpleCommand,
  doubt: string,
  words: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const isExec = words[0] === 'exec'
  await evaluator.start([{unknown: doubt}], state, position, isExec)
  if (words.length > (isExec ? 1 : 0)) {
    const way = fork(state)
    way.certainty = 'likely'
    await runWithAssignments(evaluator, command.assignments, words, way, {...position, guarded: true})
  }
  if (isExec) state.flow = 'gone'
  return 'unknown'
}

/** The word that names the program, where it has a variable in it that nothing sets. */
function findDoubt({words}: SimpleCommand, state: ShellState): string | undefined {
  const name = words.find(
    ({text}, index) => !(index === 0 && text === 'exec') && text !== 'command' && !text.startsWith('-'),
  )
  const parts = name?.parts ?? []
  // `exec $WRAPPER program`: what is not quoted, and not set, is no word.
  const [only] = parts
  const isPrefix = parts.length === 1 && only?.kind === 'parameter' && !only.quoted && name !== words.at(-1)
  const isDoubtful = parts.some(
    part => part.kind === 'parameter' && part.operator === undefined && isUnset(part.name, state) && !isPrefix,
  )
  return isDoubtful ? name?.text : undefined
}

function isUnset(name: string, state: ShellState): boolean {
  if (/^[1-9]/.test(name)) return state.params !== undefined && state.params[Number(name) - 1] === undefined
  if (!/^[A-Za-z_]/.test(name)) return false
  const value = readVariable(state, name)
  return value === undefined || (typeof value === 'object' && value.mayBeUnset === true)
}

/** `A=1 program`: the variables are the program's alone. */
async function runWithAssignments(
  evaluator: Evaluator,
  assignments: readonly Assignment[],
  words: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  if (assignments.length === 0) return invoke(evaluator, words, state, position)
  const isProgram = words[0] === 'exec' && words.length > 1
  if (typeof words[0] === 'string' && SPECIAL.includes(words[0]) && !isProgram && state.dialect !== 'bash')
    return runSpecial(evaluator, assignments, words, state, position)
  const before = assignments.map(({name}) => [name, state.vars.get(name), state.exported.has(name)] as const)
  for (const assignment of assignments) {
    await assign(evaluator, assignment, state)
    state.exported.add(assignment.name)
  }
  const status = await invoke(evaluator, words, state, position)
  if (state.flow !== 'next') return status
  for (const [name, value, isExported] of before) {
    if (value === undefined) state.vars.delete(name)
    else state.vars.set(name, value)
    if (!isExported) state.exported.delete(name)
  }
  return status
}

/** `A=1 eval …`: the variables of a special built-in stay, XCU 2.14, but not in bash by its own name. */
async function runSpecial(
  evaluator: Evaluator,
  assignments: readonly Assignment[],
  words: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const before = new Map(assignments.map(({name}) => [name, state.vars.get(name)]))
  for (const assignment of assignments) {
    await assign(evaluator, assignment, state)
    if (state.dialect === 'posix') state.exported.add(assignment.name)
  }
  const status = await invoke(evaluator, words, state, position)
  if (state.dialect !== undefined) return status
  for (const [name, value] of before) state.vars.set(name, eitherValue(value ?? '', state.vars.get(name), `$${name}`))
  return status
}

/** Words as a command: a special form, a function, a builtin, else a program. */
export async function invoke(
  evaluator: Evaluator,
  words: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const [name, ...args] = words
  if (name === undefined) return 'success'
  if (typeof name !== 'string') {
    await evaluator.start(words, state, position, false)
    return 'unknown'
  }
  switch (name) {
    case 'exec':
      return runExec(evaluator, args, state, position)
    case 'eval':
      return runEval(evaluator, args, state, position)
    case '.':
    case 'source':
      // dash knows it by its first name only.
      if (name === 'source' && state.dialect === 'dash') break
      return runDot(evaluator, args, state, position)
    case 'trap':
      return runTrap(evaluator, args, state, position)
    case 'command':
    case 'builtin':
      return runCommandBuiltin(evaluator, args, state, position)
  }
  const definition = state.functions.get(name)
  if (definition?.others)
    return runOneOf(evaluator, waysOfFunction(evaluator, words, name, definition), state, position)
  if (definition) return callFunction(evaluator, name, definition, args, state, position)
  // `type NAME`, `hash NAME` find what `command -v` finds.
  if (name === 'type' || (name === 'hash' && args.length > 0 && !String(args[0]).startsWith('-')))
    return printCommand(evaluator, name, args, state)
  const status = await runBuiltin(evaluator, name, args, state, position.input)
  if (status !== undefined) return status
  if (name === 'which') {
    const way = fork(state)
    const started = await evaluator.start(words, way, position, false)
    return started === 'failure' ? 'failure' : printCommand(evaluator, '-v', args, state)
  }
  return evaluator.start(words, state, position, false)
}

/** A function that is one of several, or may not be defined. */
function waysOfFunction(
  evaluator: Evaluator,
  words: readonly Value[],
  name: string,
  definition: Definition,
): readonly WayRun[] {
  return [withoutOthers(definition), ...(definition.others ?? [])].map(one => (way, at) => {
    if (one) way.functions.set(name, one)
    else way.functions.delete(name)
    return invoke(evaluator, words, way, at)
  })
}

/** Without words, `exec` only moves file descriptors. */
async function runExec(
  evaluator: Evaluator,
  args: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  let at = 0
  // dash knows no options of exec, and takes `--` for the program.
  for (; at < args.length && state.dialect !== 'dash'; at++) {
    const option = args[at]
    if (option === '--') {
      at++
      break
    }
    if (option === '-a') at++
    else if (typeof option !== 'string' || !/^-[cl]+$/.test(option)) break
  }
  if (at >= args.length) return 'success'
  // The name of no program: the runDoubtful() of a variable has told of it.
  if (args[at] === '' && position.guarded) return 'failure'
  const words = args[at] === '' ? [{unknown: '""'}] : args.slice(at)
  const status = await evaluator.start(words, state, position, true)
  // A shell that cannot execute what it should become ends.
  state.flow = status === 'failure' ? 'exit-failure' : 'gone'
  return status
}

async function runCommandBuiltin(
  evaluator: Evaluator,
  args: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const [first] = args
  if (first === '-v' || first === '-V') return printCommand(evaluator, first, args.slice(1), state)
  const rest = first === '-p' || first === '--' ? args.slice(1) : args
  const [name] = rest
  if (name === '.' || name === 'source') return runDot(evaluator, rest.slice(1), state, position, true)
  if (typeof name !== 'string' || !state.functions.has(name)) return invoke(evaluator, rest, state, position)
  const status = await runBuiltin(evaluator, name, rest.slice(1), state, position.input)
  if (status !== undefined) return status
  return evaluator.start(rest, state, position, false)
}

function isDeclaration(word: Value | undefined): boolean {
  return typeof word === 'string' && ['export', 'readonly', 'local', 'declare', 'typeset', 'let'].includes(word)
}
