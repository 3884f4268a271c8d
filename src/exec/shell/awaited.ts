import type {List, ListItem, Word} from './syntax.ts'

/** Commands that neither end the shell nor change which job is meant. */
const HARMLESS = [
  'trap',
  'echo',
  'printf',
  'sleep',
  ':',
  'true',
  '[',
  'test',
  'export',
  'mkdir',
  'touch',
  'chmod',
  'cp',
]

/**
 * Whether the list that ends at `last` ends as its job at `index` does: `app & pid=$!; trap … TERM; wait "$pid"`.
 * `wait` without an operand succeeds, however its jobs have ended (XCU wait).
 */
export function isAwaited(list: List, index: number, last: number, functions: ReadonlyMap<string, unknown>): boolean {
  const [name, operand, ...others] = wordsOf(list[last])
  const awaited = operand && others.length === 0 ? parameterOf(operand) : undefined
  if (name?.text !== 'wait' || awaited === undefined || last <= index) return false
  let holder = '!'
  for (const item of list.slice(index + 1, last)) {
    if (item.background) {
      if (holder === '!') return false
      continue
    }
    if (item.command.kind !== 'simple') return false
    const {assignments, words} = item.command
    const command = words[0]?.text
    if (command !== undefined && (!HARMLESS.includes(command) || functions.has(command))) return false
    if (words.some(({text}) => text === holder || text.startsWith(`${holder}=`))) return false
    for (const {name: variable, value} of assignments) {
      if (holder === '!' && value && parameterOf(value) === '!') holder = variable
      else if (variable === holder) return false
    }
  }
  return holder === awaited || (awaited === '!' && !list.slice(index + 1, last).some(({background}) => background))
}

/**
 * Where the shell waits for its job at `index` before it does anything else: `app & wait`, `app & pid=$!; wait "$pid"`.
 * `isTold`: the `wait` ends as the job does.
 */
export function awaitedAtOnce(
  list: List,
  index: number,
  functions: ReadonlyMap<string, unknown>,
): {readonly at: number; readonly isTold: boolean} | undefined {
  const at = list.findIndex((item, place) => place > index && !isAssignment(item))
  if (at < 0) return undefined
  const [name, ...operands] = wordsOf(list[at])
  if (name?.text === 'wait' && operands.length === 0) return {at, isTold: false}
  return isAwaited(list, index, at, functions) ? {at, isTold: true} : undefined
}

function isAssignment({command, background}: ListItem): boolean {
  return command.kind === 'simple' && command.words.length === 0 && command.redirections.length === 0 && !background
}

function wordsOf(item: ListItem | undefined): readonly Word[] {
  return item?.command.kind === 'simple' && !item.background ? item.command.words : []
}

/** The parameter that a word consists of: `$!`, `"$pid"`. */
function parameterOf({parts}: Word): string | undefined {
  const [part, ...others] = parts.filter(one => one.kind !== 'literal' || one.text !== '')
  return part?.kind === 'parameter' && part.operator === undefined && others.length === 0 ? part.name : undefined
}
