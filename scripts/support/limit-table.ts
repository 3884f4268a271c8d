import type {Limit, Over} from '../../src/lib/limits/limit.ts'
import {SCRIPT_LIMITS} from '../../src/lib/limits/script-limits.ts'
import {LIMIT_NAMES, LIMITS, type LimitName} from '../../src/lib/limits.ts'
import {formatAmount} from '../../src/lib/over-limit.ts'

/** One column of the tables of limits. */
interface Column {
  readonly head: string
  readonly align?: 'right'
  cell(name: LimitName, limit: Limit): string
}

const NAME: Column = {head: 'limit', cell: name => `\`${name}\``}
const BOUNDS: Column = {head: 'on', cell: (_, {bounds}) => bounds}
const MOST: Column = {head: 'at most', align: 'right', cell: (name, {most}) => formatAmount(name, most)}
const RAISED: Column = {
  head: 'raised by `limits`',
  cell: (_, {raisable, setBy}) => (raisable ? 'yes' : setBy === undefined ? 'no' : `no: ${setBy}`),
}
const OVER: Column = {head: 'over it', cell: (_, {over}) => describeOver(over)}

/** What following the start of a container may cost, as docs/execve.md shows it. */
export function limitTable(): string {
  const names = LIMIT_NAMES.filter(name => Object.hasOwn(SCRIPT_LIMITS, name))
  return tableOf(names, [NAME, BOUNDS, MOST])
}

/** All limits, as docs/threat-model.md shows them. */
export function allLimits(): string {
  return tableOf(LIMIT_NAMES, [NAME, BOUNDS, MOST, RAISED, OVER])
}

function tableOf(names: readonly LimitName[], columns: readonly Column[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({head}) => head)),
    line(columns.map(({align}) => (align === 'right' ? '--:' : '---'))),
    ...names.map(name => line(columns.map(({cell}) => cell(name, LIMITS[name])))),
  ].join('\n')
}

function describeOver(over: Over): string {
  const [kind, rule] = over.split(':')
  switch (kind) {
    case 'exit-3':
      return 'exit code 3'
    case 'finding':
      return `[${rule}](rules/${rule}.md)`
    case 'undetermined':
      return '[undetermined](rules/undetermined.md)'
    case 'left-out':
      return 'what is beyond is not there'
    case 'no-cause':
      return 'no cause is told'
    default:
      throw new Error(`nothing is said of ${over}`)
  }
}
