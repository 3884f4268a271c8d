import {withDoubt} from '../world/world.ts'
import {park} from './join.ts'
import {endsScript, fork, type Position, type ShellState, type Status, setParams} from './state.ts'
import type {Command, List} from './syntax.ts'

/** What `supposes` finds; where only a subshell ends, the script does without it, and what comes then may not come. */
export function supposeGiven(state: ShellState, condition: List | Command): boolean {
  const isSupposed = supposes(state, condition)
  if (isSupposed && !endsScript(state)) state.certainty = 'likely'
  return isSupposed
}

/**
 * A script that ends in failure because a variable, an argument or a file is not there waits for the run to give it:
 * `[ -z "$TOKEN" ] && exit 1`, `[ -f /config.yml ] || exit 1`. Where the condition names such a thing, it is taken as
 * given, a variable with a value that only the run knows. False where it names none.
 */
function supposes(state: ShellState, condition: List | Command): boolean {
  if (state.failure?.kind === 'want') {
    state.world = state.failure.made.reduce(withDoubt, state.world)
    return true
  }
  const names = [...parametersIn(condition)].flatMap(({name, isIndirect}) => {
    const target = isIndirect ? state.vars.get(name) : undefined
    return typeof target === 'string' ? [name, target] : [name]
  })
  const missing = names.filter(name => /^[A-Za-z_]\w*$/.test(name) && (state.vars.get(name) ?? '') === '')
  const argument = names.some(name => /^([1-9]\d*|[#@*])$/.test(name)) && state.params?.length === 0
  for (const name of missing) state.vars.set(name, {unknown: `$${name}`})
  if (argument) setParams(state, undefined)
  return missing.length > 0 || argument || asksForFile(condition)
}

/**
 * `set -e`, XCU 2.8.1: the shell ends. One that ends for want of something that the run may give goes on as if it was
 * given: what comes then is as certain as before, but for a failure.
 */
export function checkFailure(state: ShellState, status: Status, command: Command): Status {
  if (status === 'success' || !state.errexit) return status
  if (status === 'unknown' || state.flow === 'next') park(state, state, 'exit-failure')
  if (status === 'unknown') return status
  if (supposeGiven(state, command)) return 'unknown'
  state.flow = 'exit-failure'
  return status
}

/**
 * Tells of a program that cannot be started where that ends the script: as a condition, or in a command
 * substitution, it was passed over in silence. In a subshell it ends the script only where that shell does.
 */
export async function tellFailure(
  state: ShellState,
  position: Position,
  run: (state: ShellState, position: Position) => Promise<unknown>,
): Promise<void> {
  const {enclosing} = state
  if (!endsScript(state) || position.tolerated || enclosing?.tolerated) return
  if (state.failure?.kind !== 'start' || (state.failure.isTold && state.failure.isCertain)) return
  await run({...fork(state), isTelling: true}, {...position, tail: false})
}

const FILE_TEST = /^-[bcdefghkLprsSuwxOG]$/

/** Whether a test is in a piece of the tree: of a file, or of a program. */
function asksForFile(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (
    'kind' in node &&
    (node.kind === 'simple' || node.kind === 'test') &&
    'words' in node &&
    Array.isArray(node.words)
  ) {
    const words: readonly unknown[] = node.words
    const [name = '', ...rest] = words.map(word =>
      typeof word === 'object' && word !== null && 'text' in word ? String(word.text) : '',
    )
    if (['command', 'which', 'type', 'hash', 'mountpoint'].includes(name)) return true
    const isTest = node.kind === 'test' || name === '[' || name === 'test'
    const tested = node.kind === 'test' ? [name, ...rest] : rest
    // `[ -x ]` asks whether a text is empty.
    const asks = (word: string, at: number) => FILE_TEST.test(word) && ![undefined, ']'].includes(tested[at + 1])
    if (isTest && tested.some(asks)) return true
  }
  return Object.values(node).some(asksForFile)
}

/** All parameters in a piece of the tree. */
export function* parametersIn(node: unknown): Generator<{readonly name: string; readonly isIndirect: boolean}> {
  if (typeof node !== 'object' || node === null) return
  if ('kind' in node && node.kind === 'parameter' && 'name' in node && typeof node.name === 'string')
    yield {name: node.name, isIndirect: 'isIndirect' in node}
  for (const child of Object.values(node)) yield* parametersIn(child)
}
