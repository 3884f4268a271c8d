import {textsOf} from '../world/value.ts'
import type {Evaluator, Position} from './evaluator.ts'
import {runRead} from './functions.ts'
import {beyond, park} from './join.ts'
import {knownParameters} from './settings.ts'
import {fork, type ShellState, type Status, setParams, type Value} from './state.ts'
import {forgetAll, forgetPath} from './variables.ts'

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
  const path = typeof file === 'string' ? await dotPath(evaluator, file, state) : undefined
  // A file to read in that is not there ends the shell, XCU 2.8.1, but not bash by its own name.
  const isMissing = file === '' || (path !== undefined && (await isNoText(evaluator, path, state)))
  if (isMissing && !isCommand && state.dialect !== 'bash') park(state, state, 'exit-failure')
  const text = await evaluator.host.readScript(path, state)
  if (text === undefined) {
    if (path !== undefined && (await isReadable(evaluator, path, state)))
      await evaluator.host.tell(`reads ${path} in, which is not text`, state)
    if (isMissing) state.failure = {kind: 'want', made: []}
    if (typeof file === 'object') await forgetParameters(evaluator, file, rest, state, position)
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
  const status = await runRead(state, () =>
    evaluator.text(
      text,
      state,
      beyond({...position, tail: false}, way => (way.flow === 'return' ? {...way, flow: 'next'} : way)),
    ),
  )
  if (own) Object.assign(state, {params, paramWays})
  state.frames = frames
  return status
}

/** The parameters, where one of the files that are known to be possible sets others. */
async function forgetParameters(
  evaluator: Evaluator,
  file: Value,
  rest: readonly Value[],
  state: ShellState,
  position: Position,
): Promise<void> {
  const known = JSON.stringify([state.params, state.paramWays])
  for (const one of textsOf(file)) {
    const path = await dotPath(evaluator, one, state)
    if (path === undefined || !(await isReadable(evaluator, path, state))) continue
    const trial: ShellState = {...fork(state), aside: []}
    await evaluator.rehearse(async () => {
      await runDot(evaluator, [one, ...rest], trial, {...position, tail: false})
    })
    const ways = [trial, ...trial.aside]
    if (ways.some(({params, paramWays}) => JSON.stringify([params, paramWays]) !== known)) setParams(state, undefined)
  }
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
