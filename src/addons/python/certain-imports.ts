/** A module that another one imports whenever it is imported itself. */
export interface CertainImport {
  /** Dots before the name: 0 is absolute, 1 is the package of the module. PEP 328 */
  readonly level: number
  /** Empty in `from . import name`. */
  readonly names: readonly string[]
  /** What `from` takes of it, each of which may be a module. */
  readonly taken: readonly string[]
}

const NAME = String.raw`[\p{ID_Start}_][\p{ID_Continue}]*`
const DOTTED = `${NAME}(?:\\.${NAME})*`
const IMPORT = new RegExp(
  `^import\\s+(${DOTTED}(?:\\s+as\\s+${NAME})?(?:\\s*,\\s*${DOTTED}(?:\\s+as\\s+${NAME})?)*)\\s*(?:[;#].*)?$`,
  'u',
)
const FROM = new RegExp(`^from\\s+(\\.*)\\s*(${DOTTED})?\\s+import\\b\\s*(.*)$`, 'u')
const TAKEN = new RegExp(`(${NAME})(?:\\s+as\\s+${NAME})?`, 'gu')
/** Statements behind which nothing is run. */
const ENDS = /^(?:raise\b|sys\.exit\b|os\._exit\b|exit\b|quit\b|os\.exec|runpy\.)/
/** A block that runs with the module, and what in it may end the program. */
const BLOCK = /^(?:if|elif|else|for|while|with|try|except|finally|match)\b/
const LEAVES = /\b(?:exit|_exit|quit|SystemExit|exec[lv][pe]*)\b/

/**
 * What a module imports for certain: `import` and `from … import` that begin a line, outside of every block and string.
 * What is in a block is indented, or behind a colon; so an import in `try` is none of these.
 * https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
 */
export function readCertainImports(text: string): readonly CertainImport[] {
  const found: CertainImport[] = []
  let head = ''
  for (const line of logicalLines(text)) {
    if (line.startsWith(' ')) {
      if (BLOCK.test(head) && LEAVES.test(line)) break
      continue
    }
    head = line
    if (ENDS.test(line)) break
    const [, imported] = IMPORT.exec(line) ?? []
    if (imported !== undefined) {
      for (const one of imported.split(',')) {
        const [name = ''] = one.trim().split(/\s+/)
        found.push({level: 0, names: name.split('.'), taken: []})
      }
      continue
    }
    const [whole, dots = '', name = '', rest = ''] = FROM.exec(line) ?? []
    if (whole === undefined || (dots === '' && name === '') || name === '__future__') continue
    const list = rest.replace(/[;#].*$/s, '')
    const taken = [...list.matchAll(TAKEN)].flatMap(([, one]) => one ?? [])
    found.push({level: dots.length, names: name === '' ? [] : name.split('.'), taken})
  }
  return found
}

/**
 * Lines, each joined with those that it goes on in; strings are left out of them, and blanks are one. What is indented
 * begins with a blank.
 */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = []
  let line = ''
  let depth = 0
  let isBlank = false
  let at = text.startsWith('\ufeff') ? 1 : 0
  const end = (): void => {
    if (line.length > 1 || !isBlank) lines.push(line)
    line = ''
    depth = 0
    isBlank = false
  }
  const add = (piece: string): void => {
    const isSpace = piece === ' '
    if (!isSpace || !isBlank) line += piece
    isBlank = isSpace
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    if (char === '#') {
      while (at < text.length && text[at] !== '\n') at += 1
    } else if (char === '"' || char === "'") {
      const next = endOfString(text, at)
      if (next === undefined) return lines
      add('""')
      at = next
    } else if (char === '\\' && /[\n\r]/.test(text[at + 1] ?? '')) {
      at += text.startsWith('\r\n', at + 1) ? 3 : 2
      add(' ')
    } else if (char === '\n' || char === '\r') {
      if (depth > 0) add(' ')
      else end()
      at += 1
    } else {
      if ('([{'.includes(char)) depth += 1
      else if (')]}'.includes(char)) depth = Math.max(0, depth - 1)
      add(/\s/.test(char) ? ' ' : char)
      at += 1
    }
  }
  end()
  return lines
}

function endOfString(text: string, from: number): number | undefined {
  const quote = text[from] ?? ''
  const isLong = text.startsWith(quote.repeat(3), from)
  const close = isLong ? quote.repeat(3) : quote
  for (let at = from + close.length; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text.startsWith(close, at)) return at + close.length
    else if (!isLong && text[at] === '\n') return undefined
  }
  return undefined
}
