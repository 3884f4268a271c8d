import type {Cause} from '../../image/rootfs.ts'
import {DEFAULT_LIMITS} from '../../lib/limits.ts'
import type {Platform} from '../../platform/index.ts'
import type {Credentials} from '../credentials.ts'
import {joinPath} from '../resolved-path.ts'
import {type OptionGrammar, parseOptions} from '../wrappers/options.ts'
import type {Status, Value} from './value.ts'
import {viewWorld, type WorldView} from './view.ts'
import type {Doubt, World} from './world.ts'

/** A command that a script runs, with what its effect hangs on. */
export interface Call {
  /** What it is called as: `cp`. */
  readonly name: string
  readonly words: readonly Value[]
  readonly view: WorldView
  /** Undefined where only the run knows it. */
  readonly cwd: string | undefined
  readonly user: Credentials
  /** Undefined where only the run knows it. */
  readonly umask: number | undefined
  readonly platform: Platform
  /** What it reads from standard input, where that is known: a here-document. */
  readonly input?: Value
  readonly env: ReadonlyMap<string, string>
  /** What its changes are by. */
  readonly by: Cause
}

/** In characters: of a longer value, or a file that is written, nothing is known. */
export function longestValue({view}: Pick<Call, 'view'>): number {
  return view.world.budget?.mostOf('value') ?? DEFAULT_LIMITS['script-value']
}

/** What a command leaves behind. */
export interface Outcome {
  readonly world: World
  readonly status: Status
  /** What it writes to standard output, where that is known. */
  readonly output?: Value
  /** Of a failure: a program cannot be started, which a step reports, or which was passed over silently. */
  readonly cannotStart?: 'told' | 'silent'
  /** Of an unknown status: the program is not in the image, what may have made it is known, and nothing shows it. */
  readonly isPassedOver?: boolean
  /** Where the program was found that ran. */
  readonly place?: {readonly path: string; readonly isSure: boolean}
  /** Of a failure for want of a file: what is made where that is given to the container when it is run. */
  readonly given?: readonly Doubt[]
}

export interface Arguments {
  readonly options: readonly (readonly [name: string, value: Value | undefined])[]
  readonly operands: readonly Value[]
}

/** Options and operands in any order, as GNU's getopt_long permutes them; undefined where an option is not known. */
export function readArguments(words: readonly Value[], grammar: OptionGrammar): Arguments | undefined {
  const texts = words.map((word, index) => (typeof word === 'string' ? word : `\0${index}`))
  const back = (text: string | undefined): Value | undefined =>
    text?.startsWith('\0') ? words[Number(text.slice(1))] : text
  const options: (readonly [string, Value | undefined])[] = []
  const operands: Value[] = []
  let rest = texts
  while (rest.length > 0) {
    const parsed = parseOptions(['', ...rest], grammar)
    if (parsed.unknown !== undefined) return undefined
    options.push(...parsed.options.map(([name, value]) => [name, back(value)] as const))
    const isEnded = rest[parsed.operands - 2] === '--'
    rest = rest.slice(parsed.operands - 1)
    const count = isEnded ? rest.length : 1
    operands.push(...rest.slice(0, count).map(text => back(text) ?? ''))
    rest = rest.slice(count)
  }
  return {options, operands}
}

export function hasOption({options}: Arguments, ...names: readonly string[]): boolean {
  return options.some(([name]) => names.includes(name))
}

/** The value of the last option of these names. */
export function optionValue({options}: Arguments, ...names: readonly string[]): Value | undefined {
  return options.findLast(([name]) => names.includes(name))?.[1]
}

/** A path of the call from the root; undefined where only the run knows it. */
export function absolutePath({cwd}: Pick<Call, 'cwd'>, word: Value | undefined): string | undefined {
  if (typeof word !== 'string' || word === '') return undefined
  if (word.startsWith('/')) return word
  return cwd === undefined ? undefined : joinPath(cwd, word)
}

/** The same call, in the files as another left them. */
export function after(call: Call, world: World): Call {
  return {...call, view: viewWorld(call.view.image, world)}
}

/** One outcome after the other: each command of the list sees what those before it left. */
export async function inOrder<T>(
  call: Call,
  items: readonly T[],
  run: (item: T, call: Call) => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome = {world: call.view.world, status: 'success'}
  for (const item of items) {
    const next = await run(item, after(call, outcome.world))
    const given = [...(outcome.given ?? []), ...(next.given ?? [])]
    outcome = {world: next.world, status: worse(outcome.status, next.status), given}
  }
  return outcome
}

/** Of a command with several operands: it fails where one of them does. */
export function worse(a: Status, b: Status): Status {
  if (a === 'failure' || b === 'failure') return 'failure'
  return a === 'success' && b === 'success' ? 'success' : 'unknown'
}

/** It ends, and leaves the files as they are. */
export function ends({view}: Pick<Call, 'view'>, status: Status): Outcome {
  return {world: view.world, status}
}
