import type {Value} from '../world/value.ts'
import {parseOptions} from '../wrappers/options.ts'
import type {Words} from './words.ts'

/** What stands before the operands of a command line, as skalibs' subgetopt reads it: short options only. */
export interface Options {
  /** In order; the value of one that takes an argument. */
  readonly options: readonly (readonly [letter: string, value: Value | undefined])[]
  readonly rest: Words
}

/** Why the options cannot be read: the program ends, or a later version of it knows more. */
export interface BadOptions {
  readonly problem: 'lacks an argument' | 'is not understood'
  readonly option: string
}

/** Reads options; a word that only the run knows is an operand. */
export function readOptions(words: Words, short: string): Options | BadOptions {
  const texts = words.map((word, index) => (typeof word === 'string' ? word : `\0${index}`))
  const back = (text: string | undefined): Value | undefined =>
    text?.startsWith('\0') ? words[Number(text.slice(1))] : text
  const {options, operands, unknown, lacking} = parseOptions(['', ...texts], {short})
  if (unknown !== undefined) return {problem: 'is not understood', option: unknown}
  if (lacking !== undefined) return {problem: 'lacks an argument', option: lacking}
  return {options: options.map(([letter, value]) => [letter, back(value)] as const), rest: words.slice(operands - 1)}
}

export function hasLetter({options}: Options, letter: string): boolean {
  return options.some(([name]) => name === letter)
}

/** The last of several options that take each other's place. */
export function lastOf({options}: Options, letters: string): string | undefined {
  return options.findLast(([letter]) => letters.includes(letter))?.[0]
}

export function optionValue({options}: Options, letter: string): Value | undefined {
  return options.findLast(([name]) => name === letter)?.[1]
}

/** A number as skalibs' uint0_scan reads it; undefined of anything else, and of what only the run knows. */
export function numberOf(word: Value | undefined): number | undefined {
  return typeof word === 'string' && /^\d{1,10}$/.test(word) && Number(word) < 2 ** 32 ? Number(word) : undefined
}
