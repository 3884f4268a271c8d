import {variableOf, withVariable} from '../process-variables.ts'
import type {Process} from '../resolved-path.ts'
import type {Value} from '../world/value.ts'

/** The positional parameters of an execline script: the variables `#`, `0`, `1` and so on. */
export interface Positionals {
  readonly zero: Value | undefined
  readonly words: readonly Value[]
}

/** Undefined where `#` is not set, or not a number; a hole in the row is an empty word. */
export function positionalsOf(process: Process): Positionals | undefined {
  const count = variableOf(process, '#')
  if (typeof count !== 'string' || !/^\d{1,4}$/.test(count)) return undefined
  const words: Value[] = []
  for (let at = 1; at <= Number(count); at++) {
    const word = variableOf(process, String(at))
    if (word === undefined) return undefined
    words.push(word)
  }
  return {zero: variableOf(process, '0'), words}
}

/** A process with these positional parameters, and none of those that it had. */
export function withPositionals(process: Process, words: readonly Value[], zero?: Value): Process {
  const before = variableOf(process, '#')
  const count = Math.min(typeof before === 'string' ? Number(before) || 0 : 0, 4000)
  let next = process
  for (let at = words.length + 1; at <= count; at++) next = withVariable(next, String(at), undefined)
  for (const [index, word] of words.entries()) next = withVariable(next, String(index + 1), word)
  if (zero !== undefined) next = withVariable(next, '0', zero)
  return withVariable(next, '#', String(words.length))
}

const POSITIONAL = /^[0-9#]/

/** el_pushenv: each positional parameter is kept under its name with a number, one more than it had. */
export function pushPositionals(process: Process, prefix: RegExp = POSITIONAL): Process {
  return renamed(process, name => {
    if (!prefix.test(name)) return name
    const [, base = name, number] = /^(.*?):(\d+)$/s.exec(name) ?? []
    if (name.includes(':') && number === undefined) return name
    return `${base}:${number === undefined ? 1 : Number(number) + 1}`
  })
}

/** el_popenv: the positional parameters that were there before. */
export function popPositionals(process: Process, prefix: RegExp = POSITIONAL): Process {
  return renamed(process, name => {
    if (!prefix.test(name)) return name
    const [, base = name, number] = /^(.*?):(\d+)$/s.exec(name) ?? []
    if (number === undefined) return name.includes(':') ? name : undefined
    if (Number(number) === 0) return name
    return number === '1' ? base : `${base}:${Number(number) - 1}`
  })
}

function renamed(process: Process, rename: (name: string) => string | undefined): Process {
  const env = new Map<string, string>()
  for (const [name, value] of process.env) {
    const other = rename(name)
    if (other !== undefined) env.set(other, value)
  }
  const unknown = [...(process.unknownEnv ?? [])].map(rename).filter(name => name !== undefined)
  return {...process, env, unknownEnv: new Set(unknown)}
}
