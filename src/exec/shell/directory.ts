import {cleanPath} from '../resolved-path.ts'
import {print} from './output.ts'
import type {ShellState, Status, Value} from './state.ts'

type TestFile = (operator: string, path: string) => Promise<Status>

/** `cd`, XCU cd: the directory's name is worked out by its text, `..` taking away what stands before it. */
export async function changeDirectory(args: readonly Value[], state: ShellState, testFile: TestFile): Promise<Status> {
  const options = args.filter(arg => typeof arg === 'string' && /^-[LPe@]+$|^--$/.test(arg))
  const [operand] = args.filter(arg => !options.includes(arg))
  const isBack = operand === '-'
  const target = isBack ? state.vars.get('OLDPWD') : (operand ?? state.vars.get('HOME'))
  const before = state.cwd
  const isKnown = typeof target === 'string' && !isSought(target, state)
  if (!isKnown || (before === undefined && !target.startsWith('/'))) {
    moveTo(undefined, state)
    if (isBack) print(state, undefined)
    return 'unknown'
  }
  if (target === '') return 'success'
  const written = target.startsWith('/') ? target : `${before}/${target}`
  const path = cleanPath(written)
  // It fails where the directory is not there, and the shell stays where it is.
  const [isThere, isOnWay] = [await testFile('-d', path), await testFile('-d', written)]
  const mayEnter = isThere === 'success' ? await testFile('-x', path) : isThere
  if (mayEnter === 'failure') {
    state.failure = {kind: 'want', made: []}
    return 'failure'
  }
  const isPhysical = options.some(option => String(option).includes('P'))
  if (isPhysical && !(await isPlain(written, testFile))) moveTo(undefined, state)
  else moveTo(path, state)
  if (isBack) print(state, `${path}\n`)
  return isOnWay === 'failure' ? 'unknown' : mayEnter
}

/** Whether CDPATH has a part in it: not where the name says where it is, nor where the variable is empty. XCU cd. */
function isSought(target: string, state: ShellState): boolean {
  const places = state.vars.get('CDPATH')
  return places !== undefined && places !== '' && !/^(\/|\.\.?(\/|$))/.test(target)
}

/** `pwd`; with `-P` without the symlinks on the way. */
export async function printDirectory(args: readonly Value[], state: ShellState, testFile: TestFile): Promise<Status> {
  const {cwd} = state
  const isSure = cwd !== undefined && (!args.includes('-P') || (await isPlain(cwd, testFile)))
  print(state, isSure ? `${cwd}\n` : undefined)
  return 'success'
}

function moveTo(path: string | undefined, state: ShellState): void {
  state.vars.set('OLDPWD', state.vars.get('PWD') ?? {unknown: '$OLDPWD'})
  state.cwd = path
  state.vars.set('PWD', path ?? {unknown: '$PWD'})
}

/** Whether no symlink is on the way. */
async function isPlain(path: string, testFile: TestFile): Promise<boolean> {
  let at = ''
  for (const name of path.split('/').filter(one => one !== '')) {
    at += `/${name}`
    if ((await testFile('-L', at)) !== 'failure') return false
  }
  return true
}
