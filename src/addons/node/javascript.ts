/**
 * Words of a module, as far as it takes to see what it loads: comments are gone, strings and templates are one token
 * each. https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar
 */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'regexp' | 'mark'
  /** Of a string what is between the quotes, as written; of a template and a regular expression nothing. */
  readonly text: string
  /** A line ends before it. */
  readonly startsLine: boolean
  /** Brackets of any kind that it stands in. */
  readonly depth: number
  /**
   * Only blocks that run where the module runs are around it (of `if`, `try`, a loop, a bare one): no function, no
   * class, no object.
   */
  readonly isOfModule: boolean
  /** It ends the head of an `if`, a loop and the like: what follows is its body. */
  readonly endsHead?: true
}

interface Bracket {
  readonly open: string
  /** A block of `if`, `try` and the like, or parentheses. */
  readonly isPlain: boolean
  /** The word before the parenthesis. */
  readonly before: string
}

/** Words after which a `/` begins a regular expression. */
const BEFORE_REGEXP = new Set(
  'return typeof case in of new delete void throw instanceof do else yield await default'.split(' '),
)
const CONTROL = new Set(['if', 'for', 'while', 'switch', 'catch', 'with'])
const BLOCK = new Set(['else', 'try', 'finally', 'do', 'catch'])

/** Reads the tokens of a module. Undefined where the text ends inside of something, or closes what was not opened. */
export function readTokens(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  const brackets: Bracket[] = []
  /** How many of them are of a function, a class or an object. */
  let inner = 0
  let at = 0
  let startsLine = true
  let closed: Bracket | undefined
  const add = (kind: Token['kind'], value: string, endsHead = false): void => {
    const token = {kind, text: value, startsLine, depth: brackets.length, isOfModule: inner === 0} as const
    tokens.push(endsHead ? {...token, endsHead} : token)
    startsLine = false
  }
  const push = (bracket: Bracket): void => {
    brackets.push(bracket)
    if (!bracket.isPlain) inner += 1
  }
  /** Reads a template from `from` to its end or its next `${`; undefined where it has neither. */
  const readTemplate = (from: number): number | undefined => {
    for (let next = from; next < text.length; next += 1) {
      if (text[next] === '\\') next += 1
      else if (text[next] === '`') return next + 1
      else if (text[next] === '$' && text[next + 1] === '{') {
        push({open: '$', isPlain: false, before: ''})
        return next + 2
      }
    }
    return undefined
  }
  if (text.startsWith('#!')) at = endOfLine(text, 0)
  while (at < text.length) {
    const char = text[at] ?? ''
    const previous = tokens.at(-1)
    if (/\s|\ufeff/.test(char)) {
      if (/[\n\r\u2028\u2029]/.test(char)) startsLine = true
      at += 1
    } else if (text.startsWith('//', at)) {
      at = endOfLine(text, at)
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) return undefined
      if (text.slice(at, end).includes('\n')) startsLine = true
      at = end + 2
    } else if (char === '"' || char === "'") {
      const end = endOfString(text, at)
      if (end === undefined) return undefined
      add('string', text.slice(at + 1, end - 1))
      at = end
    } else if (char === '`') {
      add('template', '')
      const end = readTemplate(at + 1)
      if (end === undefined) return undefined
      at = end
    } else if (char === '/' && mayBeRegExp(previous, closed)) {
      const end = endOfRegExp(text, at)
      if (end === undefined) return undefined
      add('regexp', '')
      at = end
    } else if (WORD_START.test(char)) {
      WORD.lastIndex = at
      const [word = char] = WORD.exec(text) ?? []
      add('word', word)
      at += word.length
    } else if (char === '{' || char === '(' || char === '[') {
      add('mark', char)
      const before = previous?.kind === 'word' ? previous.text : ''
      push({open: char, before, isPlain: char === '(' || isBlock(char, previous, closed)})
      at += 1
    } else if (char === '}' || char === ')' || char === ']') {
      const bracket = brackets.pop()
      if (bracket === undefined || !PAIRS.has(bracket.open + char)) return undefined
      if (!bracket.isPlain) inner -= 1
      closed = bracket
      at += 1
      if (bracket.open === '$') {
        const end = readTemplate(at)
        if (end === undefined) return undefined
        at = end
      } else add('mark', char, char === ')' && CONTROL.has(bracket.before))
    } else {
      // `=>` and `==` are not assignments.
      const [mark = char] =
        /^(?:=>|[=!]==?|[<>]=|&&=?|\|\|=?|\?\?=?|\?\.|[-+*/%&|^]=|\*\*=?|\+\+|--)/.exec(text.slice(at, at + 3)) ?? []
      add('mark', mark)
      at += mark.length
    }
  }
  return brackets.length === 0 ? tokens : undefined
}

const PAIRS: ReadonlySet<string> = new Set(['{}', '()', '[]', '$}'])
const WORD_START = /[\p{ID_Start}$_#0-9\\]/u
const WORD = /[\p{ID_Continue}$#\\\u200c\u200d]+/uy

/** Whether a `{` begins a block that runs where it stands. */
function isBlock(char: string, previous: Token | undefined, closed: Bracket | undefined): boolean {
  if (char !== '{') return false
  if (previous === undefined) return true
  if (previous.kind === 'word') return BLOCK.has(previous.text)
  if (previous.text === ')') return closed !== undefined && CONTROL.has(closed.before)
  return previous.text === ';' || previous.text === '{' || previous.text === '}'
}

function mayBeRegExp(previous: Token | undefined, closed: Bracket | undefined): boolean {
  if (previous === undefined) return true
  if (previous.kind === 'word') return BEFORE_REGEXP.has(previous.text)
  if (previous.kind !== 'mark') return false
  if (previous.text === ')') return closed !== undefined && CONTROL.has(closed.before)
  return previous.text !== ']' && previous.text !== '++' && previous.text !== '--'
}

const LINE_END = /[\n\r\u2028\u2029]/g

function endOfLine(text: string, from: number): number {
  LINE_END.lastIndex = from
  return LINE_END.exec(text)?.index ?? text.length
}

function endOfString(text: string, from: number): number | undefined {
  const quote = text[from]
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === quote) return at + 1
    else if (text[at] === '\n') return undefined
  }
  return undefined
}

function endOfRegExp(text: string, from: number): number | undefined {
  let isInClass = false
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '\n') return undefined
    else if (char === '[') isInClass = true
    else if (char === ']') isInClass = false
    else if (char === '/' && !isInClass) return at + 1
  }
  return undefined
}
