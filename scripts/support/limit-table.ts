import type {Limit, Over} from '../../src/lib/limits/limit.ts'
import {SCRIPT_LIMITS} from '../../src/lib/limits/script-limits.ts'
import {LIMIT_NAMES, LIMITS, type LimitName} from '../../src/lib/limits.ts'
import {formatAmount} from '../../src/lib/over-limit.ts'
import {readResults, type TrialResult} from '../hostile/results.ts'
import {UNMEASURED} from '../hostile/unmeasured.ts'

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

/** Of the trials of a limit the one that takes most. */
const SECONDS = measured(
  'processor',
  ({seconds}) => seconds,
  most => `${most.toFixed(1)} s`,
)
const MEMORY = measured(
  'memory',
  ({mebibytes}) => mebibytes,
  most => `${most} MiB`,
)

/** What following the start of a container may cost, as docs/execve.md shows it. */
export function limitTable(): string {
  const names = LIMIT_NAMES.filter(name => Object.hasOwn(SCRIPT_LIMITS, name))
  return tableOf(names, [NAME, BOUNDS, MOST])
}

/** All limits, as docs/threat-model.md shows them. */
export function allLimits(): string {
  const reasons = Object.entries(UNMEASURED).map(([name, reason]) => `- \`${name}\`: ${reason}`)
  return `${tableOf(LIMIT_NAMES, [NAME, BOUNDS, MOST, RAISED, OVER, SECONDS, MEMORY])}

Measured on ${describeMachine()}, by ${readResults().trials.length} trials. Not measured:

${reasons.join('\n')}`
}

function describeMachine(): string {
  const {processor, node} = readResults().machine
  return `one processor (${processor}) with node ${node}`
}

function measured(head: string, of: (result: TrialResult) => number, format: (most: number) => string): Column {
  return {
    head,
    align: 'right',
    cell: name => {
      const trials = readResults().trials.filter(({limit}) => limit === name)
      if ((trials.length === 0) === (UNMEASURED[name] === undefined))
        throw new Error(`${name} has to have a measured trial (npm run test:hostile -- --write), or a reason why not`)
      return trials.length === 0 ? '–' : format(Math.max(...trials.map(of)))
    },
  }
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
    case 'no-addon':
      return 'nothing is said of the package'
    case 'no-cause':
      return 'no cause is reported'
    default:
      throw new Error(`nothing is said of ${over}`)
  }
}
