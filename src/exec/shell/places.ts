import {posix} from 'node:path'
import {ENTRY} from '../budget.ts'
import type {Places} from './definition.ts'
import {isBash} from './dialect.ts'
import type {Evaluator, Position} from './evaluator.ts'
import type {ShellState, Status, Value} from './state.ts'
import {runOneOf, type WayRun} from './ways.ts'

const NONE: Places = new Map()

export function forgetPlaces(state: ShellState, name?: string): void {
  state.places = name === undefined ? NONE : new Map([...state.places].filter(([own]) => own !== name))
}

/** Keeps where a command was found; what is found by a relative element of PATH is looked for again after `cd`. */
export function remember(state: ShellState, name: Value | undefined, found: string | undefined, isSure: boolean): void {
  const path = state.vars.get('PATH')
  const isKnown = typeof name === 'string' && !name.includes('/') && typeof path === 'string'
  if (!isKnown || state.dialect === undefined || !found?.startsWith('/')) return
  const place = state.places.get(name)
  if (place?.path === path && place.found.length === 1 && place.found[0] === found && place.isSure === isSure) return
  state.budget.charge('work', ENTRY * state.places.size)
  state.places = new Map([...state.places, [name, {path, found: [found], isSure}]])
}

/** Where a command is known to be; undefined where it is looked for, or only the run knows. */
export function placeOf(state: ShellState, name: string): string | undefined {
  const place = state.places.get(name)
  const [found, ...others] = place?.found ?? []
  return place?.isSure && others.length === 0 && place.path === state.vars.get('PATH') ? found : undefined
}

/**
 * Starts a program where the shell remembers it: bash at its place alone, the Almquist shells from there on in PATH
 * (exec.c, shellexec). bash that is called sh looks again where it is no more; dash's and ash's `exec` always does.
 */
export async function startAtPlace(
  evaluator: Evaluator,
  words: readonly Value[],
  state: ShellState,
  position: Position,
  isExec: boolean,
): Promise<Status> {
  const [name] = words
  const {dialect} = state
  const place = typeof name === 'string' && (isBash(dialect) || !isExec) ? state.places.get(name) : undefined
  const anywhere: WayRun = (way, at) => evaluator.start(words, way, at, isExec)
  if (!place || typeof name !== 'string' || place.path !== state.vars.get('PATH')) return anywhere(state, position)
  const now = await evaluator.host.findCommand(name, state)
  const isSame = (path: string | undefined) => path === undefined || (typeof now === 'object' && now.path === path)
  if (place.isSure && place.found.every(isSame)) return anywhere(state, position)
  const runs: WayRun[] = place.isSure && !place.found.includes(undefined) ? [] : [anywhere]
  for (const path of place.found) {
    if (path === undefined) continue
    const there = dialect === 'posix' ? await evaluator.host.testFile('-x', path, state) : 'success'
    if (there !== 'success' && !runs.includes(anywhere)) runs.push(anywhere)
    const from = isBash(dialect) ? posix.dirname(path) : restOfPath(place.path, path)
    if (there !== 'failure') runs.push((way, at) => evaluator.start(words, way, at, isExec, from))
  }
  const [only, ...others] = runs
  return only && others.length === 0 ? only(state, position) : runOneOf(evaluator, runs, state, position)
}

function restOfPath(path: string, found: string): string {
  const elements = path.split(':')
  const at = elements.findIndex(element => posix.join(element, posix.basename(found)) === posix.normalize(found))
  return elements.slice(Math.max(at, 0)).join(':')
}
