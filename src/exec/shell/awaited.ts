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

/** Whether the shell does nothing before it waits for its job at `index`: `app & wait`, `app & pid=$!; wait "$pid"`. */
export function isAwaitedAtOnce(list: List, index: number, functions: ReadonlyMap<string, unknown>): boolean {
  const waits = list.findIndex((item, at) => at > index && !isAssignment(item))
  if (waits < 0) return false
  const [name, ...operands] = wordsOf(list[waits])
  return (name?.text === 'wait' && operands.length === 0) || isAwaited(list, index, waits, functions)
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
