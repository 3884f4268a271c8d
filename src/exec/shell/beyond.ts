import {type Dialect, isAlmquist} from './dialect.ts'
import {asWord} from './simple.ts'
import type {Command, List, ListItem, SimpleCommand, Word} from './syntax.ts'

/**
 * What a command has in it that dash and ash refuse as a syntax error when they read it, before any of it is run; they
 * end with 2 then. Undefined where there is nothing of that kind, and of bash.
 */
export function findBeyond(command: Command, dialect: Dialect | undefined): string | undefined {
  return isAlmquist(dialect) ? search(command, dialect) : undefined
}

function search(node: unknown, dialect: Dialect): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if ('elements' in node && 'name' in node) return `${String(node.name)}=(…)`
  const kind = 'kind' in node ? node.kind : undefined
  if (kind === 'for' && 'unknowable' in node && node.unknowable === true) return 'for ((…)) or select'
  if ('operator' in node && node.operator === '<<<' && 'target' in node) return '<<<'
  if (dialect === 'dash' && kind === 'opaque' && 'text' in node && /^[<>]\(/.test(String(node.text)))
    return String(node.text)
  if ('joinsErrors' in node) return '|&'
  if (dialect === 'dash' && 'keyword' in node && 'name' in node) return `function ${String(node.name)}`
  // Read as the words of a command. A node of the tree is what its kind says.
  if (kind === 'timed' && !asCommand(node as Extract<Command, {kind: 'timed'}>)) return 'time before a compound command'
  for (const child of Object.values(node)) {
    const found = search(child, dialect)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * `function name`, which dash knows nothing of: a command, and what stands on the lines below it are commands of the
 * script, up to the `}` that begins none.
 */
export function asDashReads(list: List, dialect: Dialect | undefined): List {
  return dialect === 'dash' ? list.flatMap(item => asLines(item)) : list
}

function asLines(item: ListItem): readonly ListItem[] {
  const {command, line, background} = item
  if (command.kind !== 'function' || command.keyword === undefined || background || !line) return [item]
  const below = (one: Omit<ListItem, 'line'>): ListItem => ({...one, line: {...line}})
  const words = ['function', command.name].map(literal)
  const called: SimpleCommand = {kind: 'simple', line, assignments: [], words, redirections: []}
  const {body} = command
  if (command.keyword === 'group on the next line')
    return [{command: called, background, line}, below({command: body, background})]
  if (command.keyword === 'same line' || body.kind !== 'group') return [item]
  const opening = {...called, words: [...words, literal('{')]}
  return [
    {command: opening, background, line},
    ...body.body.map(below),
    below({command: {...command, keyword: 'same line'}, background}),
  ]
}

/**
 * bash's `time` where it is the name of a program; undefined where what follows is not a simple command. Where bash is
 * called sh it is, before an option.
 */
function asCommand({option, command}: Extract<Command, {kind: 'timed'}>): Command | undefined {
  if (command.kind === 'simple') return withTime(command, option === undefined ? [] : [option])
  if (command.kind !== 'pipeline') return undefined
  const [first, ...rest] = command.commands
  if (first?.kind !== 'simple') return undefined
  const options = [...(option === undefined ? [] : [option]), ...(command.negated ? ['!'] : [])]
  const called = withTime(first, options)
  return rest.length === 0 ? called : {...command, negated: false, commands: [called, ...rest]}
}

/** What a shell runs at `time`: a program of that name, or what bash measures. */
export function readTimed(timed: Extract<Command, {kind: 'timed'}>, dialect: Dialect | undefined): Command {
  const {option, command} = timed
  const isOption = command.kind === 'simple' && command.words[0]?.text.startsWith('-') === true
  const isProgram = isAlmquist(dialect) || (dialect === 'posix' && (option !== undefined || isOption))
  return (isProgram && asCommand(timed)) || command
}

function withTime(command: SimpleCommand, options: readonly string[]): SimpleCommand {
  const words = [...['time', ...options].map(literal), ...command.assignments.map(asWord), ...command.words]
  return {...command, assignments: [], words}
}

function literal(text: string): Word {
  return {parts: [{kind: 'literal', text, quoted: false}], text}
}
