import {check} from '../budget.ts'
import {expandAlias, UNREADABLE} from './aliases.ts'
import {assign, expandDeclared} from './assign.ts'
import {tellBadExpansion} from './bad-expansion.ts'
import {runBuiltin} from './builtins.ts'
import {
  leave,
  refuseConstants,
  refuseExpansion,
  valuesOfConstants,
  waysOfPrefix,
  withoutConstants,
} from './constants.ts'
import {type Definition, withoutOthers} from './definition.ts'
import {isAlmquist, isBash} from './dialect.ts'
import {runDot} from './dot.ts'
import {runEval} from './eval.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandWord} from './expand.ts'
import {callFunction} from './functions.ts'
import {park} from './join.ts'
import {endMisused} from './misuse.ts'
import {startAtPlace} from './places.ts'
import {runWithAssignments, SPECIAL} from './prefixed.ts'
import {printCommand} from './print-command.ts'
import {redirected} from './redirections.ts'
import {tellFailure} from './refusal.ts'
import {DECLARING, withoutAppends} from './simple.ts'
import {fork, type ShellState, type Status, type Value} from './state.ts'
import type {Assignment, Command, SimpleCommand} from './syntax.ts'
import {runTrap} from './traps.ts'
import {findDoubt} from './unset-name.ts'
import {forgetPath} from './variables.ts'
import {runOneOf, type WayRun} from './ways.ts'

/** A simple command, XCU 2.9.1: assignments, then a function, a builtin or a program. */
export async function runSimple(
  evaluator: Evaluator,
  written: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const meanings = expandAlias(written, state)
  return meanings
    ? runMeanings(evaluator, written, meanings, state, position)
    : runWritten(evaluator, written, state, position)
}

async function runWritten(
  evaluator: Evaluator,
  written: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const command = isAlmquist(state.dialect) ? withoutAppends(written) : written
  // bash sets the variables before it opens the files, dash and ash only where it can open them.
  const isSetFirst = isBash(state.dialect) && command.words.length === 0 && command.redirections.length > 0
  const set = isSetFirst ? await runWords(evaluator, command, state, position) : undefined
  if (state.flow !== 'next') return set ?? 'unknown'
  const name = command.words[0]?.text ?? ''
  const isShells = name === 'exec' && command.words.length === 1
  let isOpen = isShells
  const status = await redirected(
    evaluator,
    command.redirections,
    state,
    position,
    async inside => {
      isOpen = true
      return set ?? runWords(evaluator, command, state, inside)
    },
    isShells,
  )
  if (isShells && command.redirections.length > 0 && command.assignments.length > 0 && status === 'success')
    await runWords(evaluator, command, state, position)
  const isSpecial = SPECIAL.includes(name) && state.dialect !== 'bash' && state.flow === 'next'
  if (isSpecial && status === 'unknown' && command.redirections.length > 0) park(state, state, 'exit-failure')
  const isRefused = status === 'failure' && (isShells || !isOpen)
  if (!isRefused || !isSpecial) return status
  // A file that a special built-in cannot open ends the shell, XCU 2.8.1; it may be given to the container.
  park(state, state, 'exit-failure')
  return 'unknown'
}

/** A name that is an alias, or may be one. */
async function runMeanings(
  evaluator: Evaluator,
  written: SimpleCommand,
  meanings: readonly (Command | typeof UNREADABLE)[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const runs = meanings.map(
    (one): WayRun =>
      async (way, at) => {
        if (one === written) return runWritten(evaluator, written, way, at)
        if (one !== UNREADABLE) return evaluator.command(one, way, at)
        forgetPath(way)
        way.certainty = 'likely'
        return evaluator.start([{unknown: written.words[0]?.text ?? ''}], way, at, false)
      },
  )
  const [only, ...others] = runs
  return only && others.length === 0 ? only(state, position) : runOneOf(evaluator, runs, state, position)
}

async function runWords(
  evaluator: Evaluator,
  command: SimpleCommand,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const words: Value[] = []
  const arrays: Assignment[] = []
  const constants = valuesOfConstants(state)
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
  const refused = refuseExpansion(constants, state) ?? refuseConstants(command.assignments, words, state)
  if (refused !== undefined) return refused
  const runs = waysOfPrefix(command.assignments, words, state).map(
    (by): WayRun =>
      async (way, at) => {
        if (by === 'exit' || by === 'discard') return leave(way, by)
        const assignments = by === 'run' ? command.assignments : withoutConstants(command.assignments, way)
        return runExpanded(evaluator, {...command, assignments}, {words, arrays}, way, at)
      },
  )
  const [only, ...others] = runs
  return only && others.length === 0 ? only(state, position) : runOneOf(evaluator, runs, state, position)
}

/** A command of which the words are expanded; `arrays`: what it declares. */
async function runExpanded(
  evaluator: Evaluator,
  command: SimpleCommand,
  {words, arrays}: {readonly words: readonly Value[]; readonly arrays: readonly Assignment[]},
  state: ShellState,
  position: Position,
): Promise<Status> {
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
  const status = await runWithAssignments(evaluator, command.assignments, words, state, () =>
    invoke(evaluator, words, state, isWritten(command) ? position : {...position, isGiven: true}),
  )
  for (const array of arrays) await assign(evaluator, array, state)
  return status
}

/** Whether all its words stand there as they are. */
function isWritten({words}: SimpleCommand): boolean {
  return words.every(({parts}) => parts.every(({kind}) => kind === 'literal'))
}

/**
 * The program's own name hangs on a variable that nothing sets, and that may be meant to be given when the container is
 * run. That is reported, and what is left of the words without it is followed as a mere possibility.
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
    await runWithAssignments(evaluator, command.assignments, words, way, () =>
      invoke(evaluator, words, way, {...position, guarded: true}),
    )
  }
  if (isExec) state.flow = 'gone'
  return 'unknown'
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
  if (status !== undefined) return state.isMisused ? endMisused(state, status, position) : status
  if (name === 'which') {
    const way = fork(state)
    const started = await evaluator.start(words, way, position, false)
    return started === 'failure' ? 'failure' : printCommand(evaluator, 'which', args, state)
  }
  return startAtPlace(evaluator, words, state, position, false)
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
  // The name of no program: the runDoubtful() of a variable has reported it.
  if (args[at] === '' && position.guarded) return 'failure'
  const words = args[at] === '' ? [{unknown: '""'}] : args.slice(at)
  const status = await startAtPlace(evaluator, words, state, position, true)
  if (status === 'failure' && state.execfail) return status
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
  if (typeof name !== 'string' || !state.functions.has(name)) {
    // What is not to be called so fails, and ends nothing.
    return invoke(evaluator, rest, state, {...position, isCommand: true})
  }
  const status = await runBuiltin(evaluator, name, rest.slice(1), state, position.input)
  if (status !== undefined) return status
  return startAtPlace(evaluator, rest, state, position, false)
}

function isDeclaration(word: Value | undefined): boolean {
  return typeof word === 'string' && (word === 'let' || DECLARING.includes(word))
}
