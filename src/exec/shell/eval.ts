import type {Evaluator, Position} from './evaluator.ts'
import type {ShellState, Status, Value} from './state.ts'
import {forgetAll, forgetPath} from './variables.ts'

/** `eval`, XCU 2.14. */
export async function runEval(
  evaluator: Evaluator,
  args: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<Status> {
  const text = args.filter(arg => typeof arg === 'string')
  if (text.length === args.length) return evaluator.text(text.join(' '), state, position)
  // What is unknown stands for words of the command that is known; `eval "$(…)"` may set anything.
  if (typeof args[0] === 'string' && args[0] !== '') {
    const status = await evaluator.text(nameUnknowns(args, state).join(' '), state, position)
    if (state.flow !== 'next' || isSet(args)) return status
    forgetAll(state)
    forgetPath(state)
    return status
  }
  if (position.tail) await evaluator.start(args, state, position, false)
  forgetAll(state)
  forgetPath(state)
  return 'unknown'
}

/**
 * `eval set -- $OPTS "$ARGS"`, as the start scripts of Gradle have it: what is not known has been quoted to be words,
 * and sets nothing but the positional parameters.
 */
function isSet([name, dashes]: readonly Value[]): boolean {
  return name === 'set' && dashes === '--'
}

/** Words for a text, in which each that is not known is a variable. */
function nameUnknowns(words: readonly Value[], state: ShellState): readonly string[] {
  return words.map((word, index) => {
    if (typeof word === 'string') return word
    const name = `_unknown_${index}`
    state.vars.set(name, {unknown: word.unknown, isWords: true})
    return `$${name}`
  })
}
