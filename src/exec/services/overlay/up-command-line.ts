import type {Budget} from '../../budget.ts'
import {parseScript} from '../../execline/parse.ts'

/**
 * The words of an `up` file: a command line as execlineb reads it, whose first word is started itself. Undefined where
 * that is not its syntax.
 */
export function upCommandLine(text: string, budget: Budget | undefined): readonly string[] | undefined {
  const parsed = parseScript(new TextEncoder().encode(text), budget)
  return parsed.ok ? parsed.words : undefined
}
