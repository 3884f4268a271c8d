import {unknownVariable, withVariable} from '../process-variables.ts'
import {joinPath, resolve} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import {redirect} from '../world/redirect.ts'
import {isOpenable, textOf} from '../world/text.ts'
import type {Value} from '../world/value.ts'
import {viewWorld} from '../world/view.ts'
import type {World} from '../world/world.ts'
import {callOf} from '../wrappers/call-of.ts'
import {type Chain, ChainProblem, type Next, startNext} from './chain.ts'
import {operandsOf, optionsOf} from './command-line.ts'
import {hasLetter, lastOf, numberOf} from './options.ts'

/** `cd DIRECTORY rest` */
export async function cd(chain: Chain): Promise<Outcome> {
  const [[directory], words] = operandsOf(chain.words, 1)
  return startIn(chain, directory, {words, as: 'argument'})
}

/** `posix-cd -L -P DIRECTORY rest`: sets PWD and OLDPWD, too. */
export async function posixCd(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'LP')
  const [operand, ...words] = options.rest
  const directory = operand ?? chain.process.env.get('HOME')
  if (directory === '' || directory === undefined) throw new ChainProblem('refused', 'it has no directory to go to')
  const {cwd} = chain.process
  const away = withVariable(chain.process, 'OLDPWD', cwd)
  // CDPATH, and `-` for the directory before.
  const isPlain = typeof directory === 'string' && /^\.{0,2}(\/|$)/.test(directory)
  const process = withVariable(away, 'PWD', isPlain ? joinPath(cwd, directory) : unknownVariable('PWD'))
  return startIn(chain, isPlain || !chain.process.env.has('CDPATH') ? directory : unknownVariable('PWD'), {
    words,
    as: 'argument',
    process,
  })
}

/** In a directory that is missing the chain ends; it may be given to the container. */
async function startIn(chain: Chain, directory: Value | undefined, next: Next): Promise<Outcome> {
  const {process = chain.process} = next
  const {view} = chain.runner
  if (typeof directory !== 'string' || directory === '-') {
    return startNext(chain, {...next, certainty: 'likely', guarded: true})
  }
  if (directory === '') throw new ChainProblem('refused', 'it does not take an empty path')
  const path = directory.startsWith('/') ? directory : joinPath(process.cwd, directory)
  const found = await resolve(view, process, path)
  return startNext(chain, {...next, process: {...process, cwd: found.node?.path ?? found.path}})
}

/** `umask MASK rest` */
export async function umask(chain: Chain): Promise<Outcome> {
  const [[mask], words] = operandsOf(chain.words, 1)
  return startNext(chain, {words, as: 'argument', umask: readMask(mask)})
}

/** `posix-umask -S MASK rest`; without a mask it prints. */
export async function posixUmask(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'S')
  const [mask, ...words] = options.rest
  if (mask === undefined) return {world: chain.runner.view.world, status: 'success'}
  const isOctal = typeof mask === 'string' && /^[0-7]+$/.test(mask)
  return startNext(chain, {words, as: 'argument', umask: isOctal ? readMask(mask) : undefined})
}

/** The octal digits that it begins with. */
function readMask(mask: Value | undefined): number | undefined {
  if (typeof mask !== 'string') return undefined
  const digits = /^[0-7]+/.exec(mask)?.[0]
  if (digits === undefined) throw new ChainProblem('refused', `it does not take ${JSON.stringify(mask)} for a mask`)
  return Number.parseInt(digits, 8) & 0o777
}

/** `redirfd -r|-w|-u|-a|-x DESCRIPTOR FILE rest` */
export async function redirfd(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'rwuaxnNbfeE')
  const [[descriptor, file], words] = operandsOf(options.rest, 2)
  const mode = lastOf(options, 'rwuax')
  if (mode === undefined) throw new ChainProblem('refused', 'it wants one of -r, -w, -u, -a and -x')
  if (hasLetter(options, 'f')) throw new ChainProblem('unknown', 'has an option -f that is not followed')
  const number = numberOf(descriptor)
  if (typeof descriptor === 'string' && number === undefined) throw new ChainProblem('refused', 'it wants a descriptor')
  const {view} = chain.runner
  if (mode === 'r' || mode === 'u') {
    const read = await readFile(chain, file)
    const input = number === 0 ? {input: {value: read}} : {}
    return leavingOutput(number, await startNext(chain, {words, as: 'argument', ...input}))
  }
  if (mode === 'x' && typeof file === 'string' && (await isCertainlyThere(chain, file)))
    throw new ChainProblem('refused', `its option -x does not open ${file}, which is there`)
  if (typeof file === 'string' && /^\/(dev|proc)\//.test(file)) {
    return leavingOutput(number, await startNext(chain, {words, as: 'argument'}))
  }
  // One that is there keeps what it holds until something is written behind it.
  const opened = await write(chain, view.world, file, '', mode === 'a')
  const outcome = await startNext(chain, {words, as: 'argument', world: opened})
  const text = number === 1 ? outcome.output : undefined
  const written = number === 1 && text === '' ? outcome.world : await write(chain, outcome.world, file, text, true)
  return leavingOutput(number, {...outcome, world: written})
}

/** In the image, or among what each container has. */
async function isCertainlyThere({runner: {view}, process}: Chain, file: string): Promise<boolean> {
  if (/^\/dev\/(null|zero|full|random|urandom|tty)$/.test(file)) return true
  const {node, maybe} = await view.place(file.startsWith('/') ? file : joinPath(process.cwd, file))
  return node !== undefined && maybe === undefined && !process.unknownCwd
}

/** Who reads its output reads nothing of it, once its descriptor is another. */
function leavingOutput(descriptor: number | undefined, outcome: Outcome): Outcome {
  return descriptor === 1 ? {...outcome, output: ''} : outcome
}

async function readFile({runner: {view}, process}: Chain, file: Value | undefined): Promise<Value | undefined> {
  if (typeof file !== 'string' || file === '') return undefined
  if (file === '/dev/null') return ''
  const place = await view.place(file.startsWith('/') ? file : joinPath(process.cwd, file))
  return isOpenable(process, place) ? textOf(view, place) : undefined
}

async function write(
  {runner, process}: Chain,
  world: World,
  file: Value | undefined,
  text: Value | undefined,
  appends: boolean,
): Promise<World> {
  const call = callOf({...runner, view: viewWorld(runner.view.image, world)}, process, 'redirfd', [])
  const known = typeof text === 'string' ? text : undefined
  return (await redirect(call, {path: file ?? '', text: known, appends})).world
}
