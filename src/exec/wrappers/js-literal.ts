/** What stands for a value that only running the text would give. */
export const COMPUTED: unique symbol = Symbol('computed')

/** Strings, numbers, `true`, `null`, arrays and objects as they are written; COMPUTED for all else. */
export type Literal = string | number | boolean | null | typeof COMPUTED | readonly Literal[] | LiteralObject

export interface LiteralObject {
  readonly [name: string]: Literal
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|[\w$.-]+|[\s\S]/g

/** Deeper ones are computed. */
const MAX_DEPTH = 20

/** The object that a module exports, or that a text of JSON is: as far as it is written out. */
export function readLiteral(text: string): Literal {
  const all = text.match(TOKEN) ?? []
  const tokens = all.filter(token => !/^(\s|\/\/|\/\*)/.test(token))
  const exported = tokens.findIndex(
    (token, at) =>
      (token === 'module.exports' && tokens[at + 1] === '=') || (token === 'export' && tokens[at + 1] === 'default'),
  )
  const reader = {tokens, at: exported < 0 ? 0 : exported + 2}
  return readValue(reader, 0)
}

interface Reader {
  readonly tokens: readonly string[]
  at: number
}

function readValue(reader: Reader, depth: number): Literal {
  const value = readPlain(reader, depth)
  const next = reader.tokens[reader.at]
  // `a + b`, `f(x)`, `x ? y : z`
  if (next === undefined || /^[,}\];)]$/.test(next) || depth === 0) return value
  skipExpression(reader)
  return COMPUTED
}

function readPlain(reader: Reader, depth: number): Literal {
  const token = reader.tokens[reader.at]
  if (token === undefined || depth > MAX_DEPTH) return COMPUTED
  if (token === '{' || token === '[') {
    reader.at++
    return token === '{' ? readObject(reader, depth) : readArray(reader, depth)
  }
  if (/^[,}\]]$/.test(token)) return COMPUTED
  reader.at++
  if (/^['"`]/.test(token)) return token.startsWith('`') && token.includes('${') ? COMPUTED : unquote(token)
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token)
  return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : COMPUTED
}

function readArray(reader: Reader, depth: number): readonly Literal[] {
  const items: Literal[] = []
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== ']') {
    items.push(readValue(reader, depth + 1))
    if (reader.tokens[reader.at] === ',') reader.at++
    else if (reader.tokens[reader.at] !== ']') return [...items, COMPUTED]
  }
  reader.at++
  return items
}

function readObject(reader: Reader, depth: number): LiteralObject {
  const object: Record<string, Literal> = {}
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== '}') {
    const key = reader.tokens[reader.at] ?? ''
    reader.at++
    if (reader.tokens[reader.at] === ':') {
      reader.at++
      object[unquote(key)] = readValue(reader, depth + 1)
    } else {
      // `...others`, `name`, `name() {}`
      if (/^[\w$]+$/.test(key)) object[key] = COMPUTED
      skipExpression(reader)
    }
    if (reader.tokens[reader.at] === ',') reader.at++
    else if (reader.tokens[reader.at] !== '}') return object
  }
  reader.at++
  return object
}

/** Up to what ends it: a comma or a bracket that was not opened in it. */
function skipExpression(reader: Reader): void {
  let open = 0
  for (; reader.at < reader.tokens.length; reader.at++) {
    const token = reader.tokens[reader.at] ?? ''
    if (open === 0 && /^[,}\];)]$/.test(token)) return
    if (/^[{[(]$/.test(token)) open++
    if (/^[}\])]$/.test(token)) open--
  }
}

function unquote(token: string): string {
  if (!/^['"`]/.test(token)) return token
  return token.slice(1, -1).replace(/\\(\n|[\s\S])/g, (_, one: string) => ESCAPES[one] ?? one)
}

const ESCAPES: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', '\n': ''}
