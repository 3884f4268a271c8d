/** A comment or a string in long brackets begins; a comment, a blank, a string, a word, or one sign. */
const TOKEN = /(--)?\[(=*)\[|--[^\n]*|\s+|"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'|[A-Za-z_]\w*|[\s\S]/y

interface Token {
  readonly text: string
  /** Its value, of a string. */
  readonly string?: string
}

/** They begin what `end` ends: `for` and `while` do so with their `do`. */
const OPENING = new Set(['function', 'do', 'if', 'repeat'])
const CLOSING = new Set(['end', 'until'])
/** Behind these it is evaluated under a condition, or not as a call. */
const CONDITIONAL = new Set(['and', 'or', '.', ':', 'function'])

/**
 * The modules that a Lua file requires whenever it is run: `require "x"` and `require("x")` outside of every block and
 * function, before which nothing ends the file. https://www.lua.org/manual/5.4/manual.html#3
 */
export function readCertainRequires(text: string): readonly string[] {
  const tokens = tokensOf(text.replace(/^#[^\n]*/, ''))
  const names: string[] = []
  let depth = 0
  for (const [at, {text: word}] of tokens.entries()) {
    if (OPENING.has(word)) depth += 1
    else if (CLOSING.has(word)) depth -= 1
    if (depth !== 0) continue
    if (word === 'return' && !isRequire(tokens, at + 1)) break
    // `os.exit`, `error`: what is behind them is not run.
    if ((word === 'exit' || word === 'error') && tokens[at + 1]?.text === '(') break
    if (word === 'goto') break
    if (!isRequire(tokens, at) || CONDITIONAL.has(tokens[at - 1]?.text ?? '')) continue
    const argument = tokens[at + 1]?.text === '(' ? tokens[at + 2] : tokens[at + 1]
    const next = tokens[at + 1]?.text === '(' ? tokens[at + 3]?.text : ')'
    if (argument?.string !== undefined && next === ')') names.push(argument.string)
  }
  return names
}

function isRequire(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.text === 'require' && tokens[at]?.string === undefined
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  const token = new RegExp(TOKEN)
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [all, comment, level, double, single] = match
    if (level !== undefined) {
      const end = text.indexOf(`]${level}]`, token.lastIndex)
      // It is not Lua: nothing of it is run.
      if (end < 0) return []
      if (comment === undefined) tokens.push({text: '""', string: text.slice(token.lastIndex, end)})
      token.lastIndex = end + level.length + 2
    } else if (!all.startsWith('--') && all.trim() !== '') {
      const string = double ?? single
      tokens.push(string === undefined ? {text: all} : {text: '""', string})
    }
  }
  return tokens
}
