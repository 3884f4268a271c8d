import {check} from '../budget.ts'
import {alternativesOf} from '../world/value.ts'
import type {Dialect} from './dialect.ts'
import type {Status, Value} from './state.ts'

/**
 * test(1) on its operands, XCU test; what the file system or the run decides is unknown. `[`'s own `]` is taken off.
 */
export async function evaluateTest(
  operands: readonly Value[],
  testFile: TestFile = unknownFile,
  dialect?: Dialect,
): Promise<Status> {
  // dash knows no `==`: "unexpected operator".
  if (dialect === 'dash' && operands.slice(1, -1).includes('==')) return 'failure'
  const reader: Reader = {operands, testFile, at: 0, depth: 0}
  const status = await readOr(reader)
  return reader.at === operands.length ? status : 'unknown'
}

/** What an operator such as `-f` says of a path. */
export type TestFile = (operator: string, path: string) => Promise<Status>

const unknownFile: TestFile = async () => 'unknown'

interface Reader {
  readonly operands: readonly Value[]
  readonly testFile: TestFile
  at: number
  depth: number
}

const UNARY_FILE = [
  '-b',
  '-c',
  '-d',
  '-e',
  '-f',
  '-g',
  '-h',
  '-k',
  '-L',
  '-p',
  '-r',
  '-s',
  '-S',
  '-t',
  '-u',
  '-w',
  '-x',
  '-O',
  '-G',
  '-v',
  '-N',
]
const BINARY = ['=', '==', '!=', '-eq', '-ne', '-gt', '-ge', '-lt', '-le', '-nt', '-ot', '-ef', '<', '>', '=~']

async function readOr(reader: Reader): Promise<Status> {
  let status = await readAnd(reader)
  while (peek(reader) === '-o' || peek(reader) === '||') {
    reader.at++
    status = either(status, await readAnd(reader))
  }
  return status
}

async function readAnd(reader: Reader): Promise<Status> {
  let status = await readNot(reader)
  while (peek(reader) === '-a' || peek(reader) === '&&') {
    reader.at++
    status = both(status, await readNot(reader))
  }
  return status
}

async function readNot(reader: Reader): Promise<Status> {
  check('nesting', ++reader.depth)
  const status = await readNegated(reader)
  reader.depth--
  return status
}

async function readNegated(reader: Reader): Promise<Status> {
  const rest = reader.operands.length - reader.at
  if (peek(reader) === '!' && rest > 1 && !isBinaryNext(reader)) {
    reader.at++
    return negate(await readNot(reader))
  }
  return readPrimary(reader)
}

async function readPrimary(reader: Reader): Promise<Status> {
  const first = reader.operands[reader.at]
  if (first === undefined) return 'failure'
  if (isBinaryNext(reader)) {
    const operator = reader.operands[reader.at + 1]
    const right = reader.operands[reader.at + 2]
    reader.at += 3
    return typeof operator === 'string' && right !== undefined ? compare(first, operator, right) : 'unknown'
  }
  reader.at++
  if (first === '(') {
    const status = await readOr(reader)
    if (peek(reader) === ')') reader.at++
    return status
  }
  const operand = reader.operands[reader.at]
  if (operand !== undefined && (first === '-z' || first === '-n')) {
    reader.at++
    const isEmpty = agreed(operand, text => (text === '' ? 'success' : 'failure'))
    return first === '-z' ? isEmpty : negate(isEmpty)
  }
  if (operand !== undefined && typeof first === 'string' && UNARY_FILE.includes(first)) {
    reader.at++
    const statuses = await Promise.all((alternativesOf(operand) ?? []).map(path => reader.testFile(first, path)))
    return agreement(statuses)
  }
  return agreed(first, text => (text === '' ? 'failure' : 'success'))
}

/** What is so of all that a value may be. */
function agreed(value: Value, test: (text: string) => Status): Status {
  if (typeof value === 'object' && value.not === '' && !value.oneOf)
    return test('x') === test('y') ? test('x') : 'unknown'
  return agreement((alternativesOf(value) ?? []).map(test))
}

function agreement(statuses: readonly Status[]): Status {
  const [first] = statuses
  return first !== undefined && statuses.every(status => status === first) ? first : 'unknown'
}

function isBinaryNext({operands, at}: Reader): boolean {
  const operator = operands[at + 1]
  return operands.length - at >= 3 && typeof operator === 'string' && BINARY.includes(operator)
}

function compare(left: Value, operator: string, right: Value): Status {
  const [first, second] = [alternativesOf(left), alternativesOf(right)]
  const isUnequal =
    (typeof left === 'object' && left.not === right) || (typeof right === 'object' && right.not === left)
  if (isUnequal && ['=', '==', '-eq'].includes(operator)) return 'failure'
  if (isUnequal && ['!=', '-ne'].includes(operator)) return 'success'
  return agreement((first ?? []).flatMap(one => (second ?? []).map(other => compareTexts(one, operator, other))))
}

function compareTexts(left: string, operator: string, right: string): Status {
  const outcome = (holds: boolean): Status => (holds ? 'success' : 'failure')
  if (operator === '=' || operator === '==') return outcome(left === right)
  if (operator === '!=') return outcome(left !== right)
  const a = Number(left)
  const b = Number(right)
  if (!/^\s*[+-]?\d+\s*$/.test(left) || !/^\s*[+-]?\d+\s*$/.test(right)) return 'unknown'
  switch (operator) {
    case '-eq':
      return outcome(a === b)
    case '-ne':
      return outcome(a !== b)
    case '-gt':
      return outcome(a > b)
    case '-ge':
      return outcome(a >= b)
    case '-lt':
      return outcome(a < b)
    case '-le':
      return outcome(a <= b)
    default:
      return 'unknown'
  }
}

function peek({operands, at}: Reader): Value | undefined {
  return operands[at]
}

export function negate(status: Status): Status {
  return status === 'unknown' ? 'unknown' : status === 'success' ? 'failure' : 'success'
}

function both(a: Status, b: Status): Status {
  if (a === 'failure' || b === 'failure') return 'failure'
  return a === 'success' && b === 'success' ? 'success' : 'unknown'
}

function either(a: Status, b: Status): Status {
  return negate(both(negate(a), negate(b)))
}
