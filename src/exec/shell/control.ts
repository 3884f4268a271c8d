import type {Certainty} from '../steps.ts'
import {alternativesOf, oneOf} from '../world/value.ts'
import {runAndOr} from './and-or.ts'
import {assume} from './assume.ts'
import {readTimed} from './beyond.ts'
import {evaluateTest} from './condition.ts'
import {isAlmquist} from './dialect.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {expandArithmetic, expandPattern, expandToValue} from './expand.ts'
import {runSimple} from './invoke.ts'
import {join, park} from './join.ts'
import {runFor, runWhile} from './loops.ts'
import {matchesPattern, type PatternPiece} from './pattern.ts'
import {runPipeline} from './pipeline.ts'
import {redirected} from './redirections.ts'
import {supposeGiven, tellFailure} from './refusal.ts'
import {fork, type ShellState, type Status, type Value} from './state.ts'
import {runSubshell} from './subshell.ts'
import type {Command, List, Word} from './syntax.ts'
import {testerOf} from './tester.ts'
import {runWithParameters, type WayRun} from './ways.ts'

/** Runs one command of the grammar; a way that may or may not be gone is gone on a fork of the state. */
export async function runCommand(
  evaluator: Evaluator,
  command: Command,
  state: ShellState,
  given: Position,
): Promise<Status> {
  const isOne = command.kind === 'simple' || command.kind === 'redirected' || command.kind === 'timed'
  const {input, ...position} = given
  if (input !== undefined && !isOne) return withSharedInput(evaluator, command, state, {...position, input})
  const again: WayRun = (way, at) => runCommand(evaluator, command, way, at)
  const split = await runWithParameters(evaluator, command, state, again, given)
  if (split !== undefined) return split
  switch (command.kind) {
    case 'simple':
      return runSimple(evaluator, command, state, given)
    case 'pipeline':
      return runPipeline(evaluator, command, state, position)
    case 'timed':
      return evaluator.command(readTimed(command, state.dialect), state, given)
    case 'and-or':
      return runAndOr(evaluator, command, state, position)
    case 'if':
      return runIf(evaluator, command, state, position)
    case 'while':
      return runWhile(evaluator, command, state, position)
    case 'for':
      return runFor(evaluator, command, state, position)
    case 'case':
      return runCase(evaluator, command, state, position)
    case 'group':
      return evaluator.list(command.body, state, position)
    case 'subshell':
      return runSubshell(evaluator, state, position, inner => evaluator.list(command.body, inner, position))
    case 'function':
      state.functions.set(command.name, {body: command.body, source: state.frames[0]?.source ?? state.name})
      return 'success'
    case 'test':
      if (isAlmquist(state.dialect)) return testOfOthers(evaluator, command.words, state, position)
      return runTest(evaluator, command.words, state)
    case 'arithmetic': {
      if (isAlmquist(state.dialect)) return sumOfOthers(evaluator, command, state, position)
      const value = command.expression && (await expandArithmetic(command.expression, state, evaluator.substitute))
      return typeof value === 'string' ? (value === '0' ? 'failure' : 'success') : 'unknown'
    }
    case 'redirected':
      return runRedirected(evaluator, command, state, given)
  }
}

type Of<Kind extends Command['kind']> = Extract<Command, {kind: Kind}>

/** A compound command with its redirections. */
async function runRedirected(
  evaluator: Evaluator,
  {command, redirections}: Of<'redirected'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  let isOpened = false
  const status = await redirected(evaluator, redirections, state, position, inside => {
    isOpened = true
    return evaluator.command(command, state, inside)
  })
  state.isUnopened = !isOpened
  return status
}

/** What is read in a compound command comes from an input that its commands share, one after the other. */
async function withSharedInput(
  evaluator: Evaluator,
  command: Command,
  state: ShellState,
  {input, ...position}: Position & {readonly input: Value},
): Promise<Status> {
  const {unread} = state
  state.unread = input
  const status = await runCommand(evaluator, command, state, position)
  state.unread = unread
  state.aside = state.aside.map(way => ({...way, unread}))
  return status
}

async function runIf(
  evaluator: Evaluator,
  {branches, otherwise}: Of<'if'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  const ways: ShellState[] = []
  const before = state.certainty
  let inside = position
  let refusing: {readonly condition: List; readonly before: ShellState} | undefined
  for (const {condition, body} of branches) {
    const status = await evaluator.list(condition, state, {
      ...inside,
      tail: false,
      checked: false,
      tolerated: true,
      accepted: position.accepted || position.checked,
    })
    if (state.flow !== 'next') break
    if (status === 'failure') {
      if (state.failure?.kind === 'start') refusing = {condition, before: fork(state)}
      continue
    }
    if (status === 'success') {
      const way = fork(state)
      const result = await evaluator.list(body, way, inside)
      if (way.flow === 'exit-failure') {
        if (supposeGiven(state, condition)) {
          park(state, way)
          continue
        }
        await tellFailure(state, position, (...at) => evaluator.list(condition, ...at))
      }
      Object.assign(state, way)
      return finish(state, ways, before, result)
    }
    inside = {...position, guarded: true}
    const way = fork(state)
    way.certainty = 'likely'
    assume(way, condition)
    await evaluator.list(body, way, inside)
    ways.push(way)
    state.certainty = 'likely'
  }
  const result: Status = otherwise && state.flow === 'next' ? await evaluator.list(otherwise, state, inside) : 'success'
  if (refusing && ways.length === 0 && state.flow === 'exit-failure') {
    const {condition} = refusing
    await tellFailure(refusing.before, position, (...at) => evaluator.list(condition, ...at))
  }
  return finish(state, ways, before, result)
}

/** Joins the ways that may have been gone with the one that `state` is. */
function finish(state: ShellState, ways: readonly ShellState[], before: Certainty, status: Status): Status {
  if (ways.length === 0) return status
  join(state, [...ways, fork(state)], before)
  return 'unknown'
}

async function runCase(
  evaluator: Evaluator,
  {word, items}: Of<'case'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  let subject = await expandToValue(word, state, evaluator.substitute)
  const name = variableOf(word)
  const ways: ShellState[] = []
  const before = state.certainty
  let falling = false
  for (const {patterns, body, terminator} of items) {
    const match = falling ? ALL : await matchAny(evaluator, subject, patterns, state)
    falling = false
    if (match.status === 'failure') continue
    if (match.status === 'success') {
      const status = await evaluator.list(body, state, {...position, guarded: position.guarded || ways.length > 0})
      if (terminator === ';;' || state.flow !== 'next') return finish(state, ways, before, status)
      falling = terminator === ';&'
      continue
    }
    const way = fork(state)
    way.certainty = 'likely'
    if (name !== undefined && match.matched) way.vars.set(name, oneOf(match.matched, `$${name}`))
    await evaluator.list(body, way, {...position, guarded: true})
    ways.push(way)
    state.certainty = 'likely'
    if (match.others) subject = oneOf(match.others, word.text)
    if (name !== undefined && match.others) state.vars.set(name, subject)
  }
  return finish(state, ways, before, 'success')
}

/** The variable that a word consists of. */
function variableOf({parts}: Word): string | undefined {
  const [part, ...others] = parts.filter(one => one.kind !== 'literal' || one.text !== '')
  const isPlain = part?.kind === 'parameter' && part.operator === undefined && /^[A-Za-z_]/.test(part.name)
  return isPlain && others.length === 0 ? part.name : undefined
}

/** Whether a pattern matches; of a value that is one of several, which it matches, and which it does not. */
interface Match {
  readonly status: Status
  readonly matched?: readonly string[]
  readonly others?: readonly string[]
}

const ALL: Match = {status: 'success'}

async function matchAny(
  evaluator: Evaluator,
  subject: Value,
  patterns: readonly Word[],
  state: ShellState,
): Promise<Match> {
  const alternatives = alternativesOf(subject)
  if (patterns.some(({text}) => text === '*')) return ALL
  const pieces: (PatternPiece[] | undefined)[] = []
  for (const pattern of alternatives ? patterns : []) {
    pieces.push(await expandPattern(pattern, state, evaluator.substitute))
  }
  const matches = alternatives?.map(text => matchesOne(pieces, text, state))
  if (!alternatives || !matches || matches.includes(undefined)) {
    const isSure = matches?.length === 1 && matches[0] === true
    return isSure ? ALL : {status: 'unknown'}
  }
  const matched = alternatives.filter((_, index) => matches[index])
  const others = alternatives.filter((_, index) => !matches[index])
  if (others.length === 0) return ALL
  return matched.length === 0 ? {status: 'failure'} : {status: 'unknown', matched, others}
}

function matchesOne(
  patterns: readonly (readonly PatternPiece[] | undefined)[],
  text: string,
  {budget}: ShellState,
): boolean | undefined {
  const results = patterns.map(pieces => pieces && matchesPattern(pieces, text, budget))
  return results.includes(true) ? true : results.includes(undefined) ? undefined : false
}

/** `[[ … ]]` in dash is a command that is not there, in ash another name of `[`; `&&` and the like part it. */
async function testOfOthers(
  evaluator: Evaluator,
  words: readonly Word[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  if (words.some(({text}) => ['&&', '||', '<', '>', '(', ')'].includes(text))) return 'unknown'
  if (state.dialect !== 'dash') return runTest(evaluator, words, state)
  const all = [literal('[['), ...words, literal(']]')]
  return runSimple(evaluator, {kind: 'simple', assignments: [], words: all, redirections: []}, state, position)
}

/** `((…))` in dash and ash: a subshell in a subshell, and commands that are called as the sum begins. */
function sumOfOthers(
  evaluator: Evaluator,
  {expression}: Of<'arithmetic'>,
  state: ShellState,
  position: Position,
): Promise<Status> {
  return runSubshell(evaluator, state, position, inner => evaluator.text(expression?.text ?? '', inner, position))
}

function literal(text: string): Word {
  return {parts: [{kind: 'literal', text, quoted: false}], text}
}

/** `[[ … ]]`: nothing is split, and the right side of `==` is a pattern. */
async function runTest(evaluator: Evaluator, words: readonly Word[], state: ShellState): Promise<Status> {
  const operands: Value[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (!word) continue
    const operator = words[at - 1]?.text ?? ''
    const isPattern = ['==', '=', '!='].includes(operator) && at >= 2
    const left = operands.at(-2)
    if (isPattern && typeof left === 'string') {
      const pieces = await expandPattern(word, state, evaluator.substitute)
      const matched = pieces && matchesPattern(pieces, left, state.budget)
      // The comparison gets a match as the left side itself.
      operands.push(matched === undefined ? {unknown: word.text} : matched ? left : `${left}\0`)
    } else if (word.parts[0]?.kind === 'opaque' && ['&&', '||', '(', ')', '<', '>'].includes(word.text))
      operands.push(word.text)
    else operands.push(await expandToValue(word, state, evaluator.substitute))
  }
  return evaluateTest(operands, testerOf(evaluator.host, state))
}
