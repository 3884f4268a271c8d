import {textsOf} from '../world/value.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {runRead} from './functions.ts'
import {park} from './join.ts'
import {knownParameters} from './settings.ts'
import {type ShellState, type Status, setParams, type Value} from './state.ts'
import {forgetAll, forgetPath} from './variables.ts'
import {runOneOf} from './ways.ts'

/** `. FILE`: the shell reads the file in, XCU dot. `isCommand`: after `command`, which no failure ends. */
export async function runDot(
  evaluator: Evaluator,
  args: readonly Value[],
  state: ShellState,
  position: Position,
  isCommand = false,
): Promise<Status> {
  const [file, ...rest] = args
  if (file === undefined && state.dialect !== undefined) {
    // dash does nothing; bash and busybox refuse it.
    if (state.dialect === 'posix' && !isCommand) state.flow = 'exit-failure'
    return state.dialect === 'dash' ? 'success' : 'failure'
  }
  const known = typeof file === 'object' ? textsOf(file) : []
  if (typeof file === 'object' && known.length > 0) {
    // One of these, or another where more is possible: of that nothing is known.
    const {perhaps: _, oneOf: closed, ...other} = file
    const files = closed ? known : [...known, other]
    const runs = files.map(
      one => (way: ShellState, at: Position) => runDot(evaluator, [one, ...rest], way, at, isCommand),
    )
    return runOneOf(evaluator, runs, state, position, false)
  }
  const path = typeof file === 'string' ? await dotPath(evaluator, file, state) : undefined
  // A file to read in that is not there ends the shell, XCU 2.8.1, but not bash by its own name.
  const isMissing = file === '' || (path !== undefined && (await isNoText(evaluator, path, state)))
  if (isMissing && !isCommand && state.dialect !== 'bash') park(state, state, 'exit-failure')
  const text = await evaluator.host.readScript(path, state)
  if (text === undefined) {
    if (path !== undefined && (await isReadable(evaluator, path, state)))
      await evaluator.host.tell(`reads ${path} in, which is not text`, state)
    if (isMissing) state.failure = {kind: 'want', made: []}
    forgetAll(state)
    // What a program prints, often a PATH.
    if (typeof file === 'object' && file.unknown.startsWith('<(')) forgetPath(state)
    return 'unknown'
  }
  const {params, paramWays, frames} = state
  state.frames = [{name: 'source', source: path ?? ''}, ...frames]
  // dash gives a file that is read in no parameters of its own.
  const own = rest.length > 0 && state.dialect !== 'dash'
  if (own) setParams(state, knownParameters(rest))
  const status = await runRead(state, () => evaluator.text(text, state, {...position, tail: false}))
  if (own) Object.assign(state, {params, paramWays})
  state.frames = frames
  return status
}

/** Whether it is a file that can be read, whatever is in it. */
async function isReadable({host}: Evaluator, path: string, state: ShellState): Promise<boolean> {
  for (const operator of ['-f', '-r', '-s']) {
    if ((await host.testFile(operator, path, state)) !== 'success') return false
  }
  return true
}

async function isNoText({host}: Evaluator, path: string, state: ShellState): Promise<boolean> {
  if ((await host.testFile('-e', path, state)) === 'failure') return true
  return (await host.testFile('-d', path, state)) === 'success'
}

/** A name without a slash is looked for in PATH; bash, called by its own name, also takes it from the cwd. */
async function dotPath(evaluator: Evaluator, file: string, state: ShellState): Promise<string | undefined> {
  if (file.startsWith('/')) return file
  if (file.includes('/')) return state.cwd === undefined ? undefined : `${state.cwd}/${file}`
  const found = await evaluator.host.findCommand(file, state)
  if (typeof found === 'object') return found.path
  if (state.dialect !== undefined && state.dialect !== 'bash') return inPath(evaluator, file, state)
  return state.cwd === undefined ? undefined : `${state.cwd}/${file}`
}

/** The first readable file in PATH; a path that leads nowhere where there is none, undefined if it is not known. */
async function inPath({host}: Evaluator, file: string, state: ShellState): Promise<string | undefined> {
  const path = state.vars.get('PATH')
  if (typeof path !== 'string') return undefined
  for (const directory of path.split(':')) {
    const candidate = `${directory === '' ? (state.cwd ?? '.') : directory}/${file}`
    const isThere = await host.testFile('-f', candidate, state)
    if (isThere !== 'failure') return isThere === 'success' ? candidate : undefined
  }
  return `${path.split(':')[0]}/${file}`
}
