import type {Value} from '../world/value.ts'
import type {Dialect} from './dialect.ts'

/** The variables that an expression reads and sets. */
export interface ArithmeticVariables {
  read(name: string): Value | undefined
  set(name: string, value: Value): void
}

/** What dash has not, which XCU 2.6.4 leaves open: `x++` is an error there, and `++x` two signs. */
const BEYOND_DASH = /\+\+|--|\*\*|,/

/**
 * Arithmetic expansion, XCU 2.6.4: what a C expression of 64-bit integers comes to; undefined where it hangs on what
 * only the run knows, or is not understood. `malformed`: the shell refuses it. What it assigns is assigned.
 */
export function evaluateArithmetic(
  text: string,
  variables: ArithmeticVariables,
  dialect?: Dialect,
): bigint | 'malformed' | undefined {
  const isBeyond = dialect === 'dash' && BEYOND_DASH.test(text)
  const tokens = isBeyond
    ? tokensOf(text).flatMap(token => (BEYOND_DASH.test(token) ? [...token] : [token]))
    : tokensOf(text)
  const reader: Reader = {tokens, at: 0, variables, depth: 0}
  try {
    if (reader.tokens.length === 0) return 0n
    const value = isBeyond ? readAssignment(reader) : readComma(reader)
    if (reader.at === reader.tokens.length) return value
    return isBeyond ? 'malformed' : undefined
  } catch (thrown) {
    if (!(thrown instanceof NotUnderstood)) throw thrown
    return isBeyond ? 'malformed' : undefined
  }
}

class NotUnderstood extends Error {}

interface Reader {
  readonly tokens: readonly string[]
  at: number
  readonly variables: ArithmeticVariables
  depth: number
}

const TOKEN =
  /\s+|0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}|\$[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]/y

/** More deeply nested ones are not read. */
const MAX_DEPTH = 50

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at
    const [token] = TOKEN.exec(text) ?? []
    if (token === undefined) return ['?']
    if (token.trim() !== '') tokens.push(token)
    at += token.length
  }
  return tokens
}

/** Binary operators, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

type Integer = bigint | undefined

function readComma(reader: Reader): Integer {
  let value = readAssignment(reader)
  while (take(reader, ',')) value = readAssignment(reader)
  return value
}

function readAssignment(reader: Reader): Integer {
  const {tokens, at, variables} = reader
  const name = tokens[at] ?? ''
  const operator = tokens[at + 1] ?? ''
  if (!/^[A-Za-z_]/.test(name) || !/^(=|[-+*/%&|^]=|<<=|>>=)$/.test(operator)) return readConditional(reader)
  reader.at += 2
  const right = nested(reader, readAssignment)
  const value = operator === '=' ? right : apply(operator.slice(0, -1), readVariable(reader, name), right)
  assign(variables, name, value)
  return value
}

function readConditional(reader: Reader): Integer {
  const condition = readBinary(reader, 0)
  if (!take(reader, '?')) return condition
  const before = reader.variables
  const yes = nested(
    aside(reader, condition === undefined ? 'perhaps' : condition === 0n ? 'skipped' : 'evaluated'),
    readAssignment,
  )
  Object.assign(reader, {variables: before})
  expect(reader, ':')
  const no = nested(
    aside(reader, condition === undefined ? 'perhaps' : condition === 0n ? 'evaluated' : 'skipped'),
    readConditional,
  )
  Object.assign(reader, {variables: before})
  return condition === undefined ? (yes === no ? yes : undefined) : condition !== 0n ? yes : no
}

function readBinary(reader: Reader, level: number): Integer {
  const operators = LEVELS[level]
  if (!operators) return readPower(reader)
  let left = readBinary(reader, level + 1)
  for (;;) {
    const operator = reader.tokens[reader.at]
    if (operator === undefined || !operators.includes(operator)) return left
    reader.at++
    // The right side of a decided `||` or `&&` is not evaluated.
    const isShort = operator === '||' || operator === '&&'
    const isSkipped = operator === '||' ? left !== 0n : left === 0n
    const before = reader.variables
    const mode = !isShort ? 'evaluated' : left === undefined ? 'perhaps' : isSkipped ? 'skipped' : 'evaluated'
    const right = readBinary(aside(reader, mode), level + 1)
    Object.assign(reader, {variables: before})
    left = apply(operator, left, right)
  }
}

/** Reads on where it may be, or certainly is not evaluated: what is set then is not known, or not set. */
function aside(reader: Reader, mode: 'evaluated' | 'perhaps' | 'skipped'): Reader {
  if (mode === 'evaluated') return reader
  const {read, set} = reader.variables
  const perhaps = (name: string) => set(name, {unknown: `$${name}`})
  return Object.assign(reader, {variables: {read, set: mode === 'perhaps' ? perhaps : () => {}}})
}

function readPower(reader: Reader): Integer {
  const base = readUnary(reader)
  if (!take(reader, '**')) return base
  const exponent = nested(reader, readPower)
  if (base === undefined || exponent === undefined || exponent < 0n || exponent > 64n) return undefined
  return BigInt.asIntN(64, base ** exponent)
}

function readUnary(reader: Reader): Integer {
  const token = reader.tokens[reader.at] ?? ''
  if (!['-', '+', '!', '~', '++', '--'].includes(token)) return readPostfix(reader)
  reader.at++
  if (token === '++' || token === '--') {
    const name = reader.tokens[reader.at] ?? ''
    if (!/^[A-Za-z_]/.test(name)) throw new NotUnderstood()
    reader.at++
    const value = apply(token === '++' ? '+' : '-', readVariable(reader, name), 1n)
    assign(reader.variables, name, value)
    return value
  }
  const value = nested(reader, readUnary)
  if (value === undefined) return undefined
  if (token === '!') return value === 0n ? 1n : 0n
  return BigInt.asIntN(64, token === '-' ? -value : token === '~' ? ~value : value)
}

function readPostfix(reader: Reader): Integer {
  const token = reader.tokens[reader.at++]
  if (token === undefined) throw new NotUnderstood()
  if (token === '(') {
    const value = nested(reader, readComma)
    expect(reader, ')')
    return value
  }
  if (/^\d/.test(token)) return literal(token)
  const name = /^\$?\{?([A-Za-z_]\w*)\}?$/.exec(token)?.[1]
  if (name === undefined) throw new NotUnderstood()
  const value = readVariable(reader, name)
  const operator = reader.tokens[reader.at]
  if (operator !== '++' && operator !== '--') return value
  if (token.startsWith('$')) throw new NotUnderstood()
  reader.at++
  assign(reader.variables, name, apply(operator === '++' ? '+' : '-', value, 1n))
  return value
}

function literal(text: string): bigint {
  if (/^0[0-7]+$/.test(text)) return BigInt.asIntN(64, BigInt(`0o${text.slice(1)}`))
  if (/^0\d/.test(text)) throw new NotUnderstood()
  return BigInt.asIntN(64, BigInt(text))
}

/** An unset or empty variable is 0; one that holds anything but a number is not read. */
function readVariable({variables}: Reader, name: string): Integer {
  const value = variables.read(name) ?? ''
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (text === '') return 0n
  const [, sign, digits] = /^([-+]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(text) ?? []
  if (digits === undefined) throw new NotUnderstood()
  const number = literal(digits)
  return sign === '-' ? -number : number
}

function assign(variables: ArithmeticVariables, name: string, value: Integer): void {
  variables.set(name, value === undefined ? {unknown: `$${name}`} : String(value))
}

function apply(operator: string, left: Integer, right: Integer): Integer {
  if (operator === '&&' && (left === 0n || right === 0n)) return 0n
  if (operator === '||' && ((left ?? 0n) !== 0n || (right ?? 0n) !== 0n)) return 1n
  if (left === undefined || right === undefined) return undefined
  const truth = (holds: boolean) => (holds ? 1n : 0n)
  switch (operator) {
    case '||':
      return 0n
    case '&&':
      return 1n
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '&':
      return left & right
    case '==':
      return truth(left === right)
    case '!=':
      return truth(left !== right)
    case '<':
      return truth(left < right)
    case '<=':
      return truth(left <= right)
    case '>':
      return truth(left > right)
    case '>=':
      return truth(left >= right)
    case '<<':
      return right < 0n || right > 63n ? undefined : BigInt.asIntN(64, left << right)
    case '>>':
      return right < 0n || right > 63n ? undefined : left >> right
    case '+':
      return BigInt.asIntN(64, left + right)
    case '-':
      return BigInt.asIntN(64, left - right)
    case '*':
      return BigInt.asIntN(64, left * right)
    case '/':
    case '%':
      // The shell fails.
      if (right === 0n) throw new NotUnderstood()
      return BigInt.asIntN(64, operator === '/' ? left / right : left % right)
    default:
      throw new NotUnderstood()
  }
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  if (++reader.depth > MAX_DEPTH) throw new NotUnderstood()
  const value = read(reader)
  reader.depth--
  return value
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.at] !== token) return false
  reader.at++
  return true
}

function expect(reader: Reader, token: string): void {
  if (!take(reader, token)) throw new NotUnderstood()
}
