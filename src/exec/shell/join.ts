import {ENTRY, OverBudget} from '../budget.ts'
import type {Certainty} from '../steps.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import {anyOr, eitherValue, type Value} from '../world/value.ts'
import {type World, withDoubt} from '../world/world.ts'
import {perhapsUnset} from './defaults.ts'
import {withoutOthers} from './definition.ts'
import {joinAliases, joinConstants, joinPlaces} from './join-names.ts'
import {UNKNOWN_INPUT} from './read.ts'
import {chargeCopy, type Flow, fork, type Position, type ShellState} from './state.ts'

/** More ways are not distinguished: those that have left alike become one. */
const MAX_ASIDE = 16

/**
 * Makes `state` what is known after one of several ways was gone. Ways that left (`break`, `return`, `exit`) stand
 * aside until what they left ends. What comes after is as certain as what came before, unless a way may have left in
 * good order.
 */
export function join(state: ShellState, ways: readonly ShellState[], before: Certainty): void {
  const going = ways.filter(way => way.flow === 'next')
  const left = ways.filter(way => way.flow !== 'next')
  const aside = [...new Set(ways.flatMap(way => way.aside))]
  const [first, ...others] = going
  if (!first) {
    const kept = left.find(way => !isNoEnd(way)) ?? left[0]
    if (kept)
      Object.assign(state, kept, {
        aside: gathered(
          aside,
          left.filter(way => way !== kept),
        ),
      })
    return
  }
  // Those that have left from within one of the ways, too.
  const since = aside.filter(one => !ways.every(way => way.aside.includes(one)))
  const certainty = [...left, ...since].every(isNoEnd) ? before : 'likely'
  Object.assign(
    state,
    others.reduce((a, b) => mergeTwo(a, b), first),
    {certainty, flow: 'next', aside: gathered(aside, left)},
  )
}

/** A way that may be gone besides, and leaves. */
export function park(state: ShellState, way: ShellState, flow: Flow = way.flow): void {
  const isKnown = state.aside.some(
    one => one.flow === flow && flow === 'exit-failure' && one.world === way.world && one.output === way.output,
  )
  if (!isKnown) state.aside = gathered(state.aside, [{...fork(way), flow}])
  if (!isNoEnd({...way, flow})) state.certainty = 'likely'
}

/** What becomes of a way that has left where that ends which it left; undefined of one that leaves more. */
export type ComesBack = (way: ShellState) => ShellState | undefined

/** A place within what is left by `return` or `break`: what comes after it goes on with the way that `back` makes. */
export function beyond(position: Position, back: (way: ShellState) => ShellState): Position {
  const {after} = position
  return after ? {...position, after: way => after(Object.assign(way, back(way)))} : position
}

/**
 * Runs what some ways come back from: a loop, a function, a file that is read in. They are joined with the way that
 * goes on.
 */
export async function within<T>(state: ShellState, comesBack: ComesBack, run: () => Promise<T>): Promise<T> {
  const {aside, certainty} = state
  state.aside = []
  const result = await run()
  resume(state, certainty, comesBack)
  keepAside(state, aside, state.aside)
  return result
}

/** Those that stood aside before, and those that have left since. */
export function keepAside(state: ShellState, before: readonly ShellState[], since: readonly ShellState[]): void {
  state.aside = gathered(before, since)
}

/** Joins the ways that come back with the one that goes on. */
export function resume(state: ShellState, before: Certainty, comesBack: ComesBack): void {
  const going: ShellState[] = state.flow === 'next' ? [{...state}] : []
  const left: ShellState[] = []
  for (const way of state.flow === 'next' ? state.aside : [{...state}, ...state.aside]) {
    const back = comesBack(way)
    if (back) going.push(back)
    else left.push(way)
  }
  const [first, ...others] = going
  if (!first || (others.length === 0 && state.flow === 'next')) return
  const certainty = left.every(isNoEnd) ? before : 'likely'
  const merged = others.reduce((a, b) => mergeTwo(a, b), first)
  Object.assign(state, merged, {certainty, flow: 'next', aside: gathered([], left)})
}

/** The files after one of several ways; anything where they differ in more than can be distinguished. */
export function joinAll(first: World, ...others: readonly World[]): World {
  try {
    return [...new Set(others)].reduce(joinWorlds, first)
  } catch (thrown) {
    if (!(thrown instanceof OverBudget)) throw thrown
    return withDoubt(first, {below: '/', grade: 'replaced', by: {kind: 'command', name: 'the script'}})
  }
}

/** The files as a shell leaves them, whichever way it goes. */
export function worldOf({world, aside}: Pick<ShellState, 'world' | 'aside'>): World {
  return joinAll(world, ...aside.map(way => way.world))
}

/** Whether a way only leaves where the container fails, or never; an EXIT trap may end it otherwise. */
function isNoEnd({flow, exitTrap}: ShellState): boolean {
  if (flow === 'exit-failure') return typeof exitTrap === 'string' && !/\bex(it|ec)\b/.test(exitTrap)
  return flow === 'forever'
}

function gathered(aside: readonly ShellState[], left: readonly ShellState[]): readonly ShellState[] {
  const all = [...new Set([...aside, ...left.map(way => (way.aside.length === 0 ? way : {...way, aside: []}))])]
  if (all.length <= MAX_ASIDE) return all
  const merged = new Map<string, ShellState>()
  for (const way of all) {
    const key = `${way.flow} ${way.levels} ${way.last}`
    const other = merged.get(key)
    merged.set(key, other ? mergeTwo(other, way, joinAll) : way)
  }
  return [...merged.values()]
}

function mergeTwo(a: ShellState, b: ShellState, joinTwo: (a: World, b: World) => World = joinWorlds): ShellState {
  chargeCopy(a)
  chargeCopy(b)
  for (const {aliases, constants, places} of [a, b])
    a.budget.charge('work', ENTRY * (aliases.size + constants.size + places.size))
  const vars = new Map<string, Value>()
  for (const name of new Set([...a.vars.keys(), ...b.vars.keys()])) {
    const one = a.vars.get(name)
    const other = b.vars.get(name)
    if (one !== undefined && one === other) vars.set(name, one)
    else vars.set(name, eitherVariable(one, other, name, a.opaque || b.opaque))
  }
  return {
    ...a,
    vars,
    exported: new Set([...a.exported, ...b.exported]),
    arrays: joinArrays(a.arrays, b.arrays),
    functions: joinFunctions(a.functions, b.functions),
    locals: new Map([...a.locals, ...b.locals]),
    opaque: a.opaque || b.opaque,
    ...joinParams(a, b),
    cwd: a.cwd === b.cwd ? a.cwd : undefined,
    umask: a.umask === b.umask ? a.umask : undefined,
    errexit: a.errexit && b.errexit,
    forgives: a.forgives && b.forgives,
    nounset: a.nounset && b.nounset,
    pipefail: a.pipefail === b.pipefail ? a.pipefail : undefined,
    isMuted: a.isMuted || b.isMuted,
    allexport: a.allexport || b.allexport,
    noglob: a.noglob && b.noglob,
    knowsPatterns: a.knowsPatterns && b.knowsPatterns && a.noglob === b.noglob && a.nullglob === b.nullglob,
    noclobber: a.noclobber === b.noclobber ? a.noclobber : undefined,
    aliases: joinAliases(a.aliases, b.aliases),
    constants: joinConstants(a.constants, b.constants),
    places: joinPlaces(a.places, b.places),
    unread: a.unread === b.unread ? a.unread : UNKNOWN_INPUT,
    errorTrap: eitherValue(a.errorTrap, b.errorTrap, 'trap'),
    errtrace: a.errtrace || b.errtrace,
    execfail: a.execfail || b.execfail,
    inheritsErrexit: a.inheritsErrexit || b.inheritsErrexit,
    exitTrap: eitherValue(a.exitTrap, b.exitTrap, 'trap'),
    world: joinTwo(a.world, b.world),
    output: eitherValue(a.output, b.output, '$(…)'),
    last: a.last === b.last ? a.last : 'unknown',
    failure: undefined,
  }
}

/** A variable that is one of two, or that only one way has set; `isOpaque`: it may hold anything where it is not. */
function eitherVariable(one: Value | undefined, other: Value | undefined, name: string, isOpaque: boolean): Value {
  const unknown = `$${name}`
  if (one === undefined || other === undefined)
    return isOpaque ? anyOr([one, other], unknown) : perhapsUnset(one ?? other, unknown)
  const either = eitherValue(one, other, unknown)
  const isUnset = [one, other].some(value => typeof value === 'object' && value.mayBeUnset)
  if (!isUnset) return either
  return typeof either === 'string' ? perhapsUnset(either, unknown) : {...either, mayBeUnset: true}
}

/** A function that only one way has defined, or another way otherwise, is one of several. */
function joinFunctions(a: ShellState['functions'], b: ShellState['functions']): ShellState['functions'] {
  const joined = new Map(a)
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [one, other] = [a.get(name), b.get(name)]
    const known = one ?? other
    if (one === other || !known || (one?.body === other?.body && !one?.others && !other?.others)) continue
    const all = [one, other].flatMap(way => (way?.others ? [withoutOthers(way), ...way.others] : [way]))
    const distinct = all.filter((way, index) => all.findIndex(same => same?.body === way?.body) === index)
    joined.set(name, {...withoutOthers(known), others: distinct.filter(way => way?.body !== known.body)})
  }
  return joined
}

/** More ways of parameters are not distinguished. */
const MAX_PARAM_WAYS = 4

/** The parameters of two ways; all that they may be, where they differ and are few. */
function joinParams(a: ShellState, b: ShellState): Pick<ShellState, 'params' | 'paramWays'> {
  const [one = [], other = []] = [a, b].map(({params, paramWays}) => paramWays ?? [params])
  const all = [...one]
  for (const way of other) {
    a.budget.charge('work', (way?.length ?? 1) * all.length)
    if (!all.some(known => known === way || (known && way && sameValues(known, way)))) all.push(way)
  }
  if (all.length === 1) return {params: all[0], paramWays: undefined}
  return {params: undefined, paramWays: all.length > MAX_PARAM_WAYS ? undefined : all}
}

function sameValues(one: readonly Value[], other: readonly Value[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}

/** Of two ways that a script may have gone: the arrays that both agree on. */
function joinArrays(one: ShellState['arrays'], other: ShellState['arrays']): ShellState['arrays'] {
  const joined: ShellState['arrays'] = new Map()
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(name), other.get(name)]
    const isSame = a !== undefined && a.length === b?.length && a.every((value, index) => value === b[index])
    joined.set(name, isSame ? a : undefined)
  }
  return joined
}
