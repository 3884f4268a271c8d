import type {Budget} from '../budget.ts'
import {parseScript} from '../execline/parse.ts'

/**
 * The words of an `up` file, one command line of execline, which s6-rc-compile reads as execlineb does; undefined where
 * it refuses them.
 */
export function upCommandLine(text: string, budget?: Budget): readonly string[] | undefined {
  const parsed = parseScript(new TextEncoder().encode(text), budget)
  return parsed.ok ? parsed.words : undefined
}
