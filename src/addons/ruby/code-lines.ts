/** A line of code, with what is around it. */
export interface CodeLine {
  readonly text: string
  /** It runs whenever the file does: it is in no block but `class` and `module`. */
  readonly isOuter: boolean
  /** The `begin` that it is in, where nothing else is around it; the same for all lines of one. */
  readonly attempt: object | undefined
}

const OPENS =
  /^(?:(?:private|public|protected|module_function|private_class_method)\s+def|if|unless|while|until|for|case|begin|def|class|module)\b/
/** A block at the end of a line, or the value of an assignment. */
const OPENS_WITHIN = /(?:\bdo(?:\s*\|[^|]*\|)?|(?:[=(,]|<<|\|\|)\s*(?:if|unless|while|until|case|begin)\b.*)$/
const ENDS_ITSELF = /\bend$/
/** Statements behind which nothing may run. */
const LEAVES = /^(?:return|exit!?|abort|raise|fail|exec|throw|Process\.exec|Kernel\.)\b/

/** The Ruby that has extensions in C. */
const IF_OWN = /^if\s+RUBY_ENGINE\s*==\s*["']ruby["']$/
const IF_JAVA =
  /^if\s+(?:defined\?\(\w+\)\s*&&\s*)?(?:RUBY_ENGINE\s*==\s*["']jruby["']|RUBY_PLATFORM\s*==\s*["']java["'])$/

interface Block {
  /** What is in it runs with the file: a class, a module, what asks for the Ruby that this is. */
  isOpen: boolean
  /** Whether the other half of it is open. */
  readonly hasOpenElse: boolean
  readonly isBegin: boolean
  wasElsif?: true
}

/**
 * The lines of a file of Ruby up to the first behind which nothing may run. None of a text whose blocks cannot be
 * matched.
 */
export function readCodeLines(text: string): readonly CodeLine[] {
  const found: CodeLine[] = []
  const blocks: Block[] = []
  let depth = 0
  for (const line of codeLines(text)) {
    const isOuter = blocks.every(({isOpen}) => isOpen) && depth === 0
    const last = blocks.at(-1)
    const isTry = last?.isBegin === true && blocks.slice(0, -1).every(({isOpen}) => isOpen) && depth === 0
    if (isOuter && LEAVES.test(line)) return found
    found.push({text: line, isOuter, attempt: isTry ? last : undefined})
    depth = Math.max(0, depth + balance(line))
    if (/^end\b/.test(line)) {
      if (blocks.pop() === undefined) return []
      if (/\bdo(?:\s*\|[^|]*\|)?$/.test(line)) blocks.push({isOpen: false, hasOpenElse: false, isBegin: false})
    } else if ((OPENS.test(line) && !isOneLine(line)) || (OPENS_WITHIN.test(line) && !ENDS_ITSELF.test(line))) {
      const isOpen = /^(?:class|module)\s/.test(line) || IF_OWN.test(line)
      blocks.push({isOpen, hasOpenElse: IF_JAVA.test(line), isBegin: /^begin\b/.test(line)})
    } else if (last !== undefined && depth === 0 && /^(?:else|elsif)\b/.test(line)) {
      last.isOpen = last.hasOpenElse && /^else$/.test(line) && last.wasElsif === undefined
      if (/^elsif\b/.test(line)) last.wasElsif = true
    }
  }
  return blocks.length === 0 ? found : []
}

/** `def x = 1`, `class X; end`, `if x then y end`. */
function isOneLine(line: string): boolean {
  return ENDS_ITSELF.test(line) || /^def\s+[\w.?!]+(?:\([^()]*\))?\s+=\s/.test(line)
}

/** Brackets that a line opens and does not close. */
function balance(line: string): number {
  const bare = line.replace(/\\.|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/(?:\\.|[^/\\])+\//g, '')
  return (bare.match(/[[({]/g)?.length ?? 0) - (bare.match(/[\])}]/g)?.length ?? 0)
}

/** Lines without blanks at both ends and comments; without `=begin`, heredocs and what is behind `__END__`. */
function* codeLines(text: string): Generator<string> {
  let isComment = false
  let heredocs: string[] = []
  for (const raw of text.split(/\r?\n/)) {
    const [heredoc] = heredocs
    if (heredoc !== undefined) {
      if (raw.trim() === heredoc) heredocs = heredocs.slice(1)
      continue
    }
    if (raw.startsWith('=begin')) isComment = true
    if (isComment) {
      if (raw.startsWith('=end')) isComment = false
      continue
    }
    if (raw === '__END__') return
    const line = raw.replace(/^\s*#.*$|\s#\s.*$/, '').trim()
    heredocs = [...line.matchAll(/<<(?:[~-](["'`]?)|(?=[A-Z]))([A-Za-z_]\w*)\1/g)].map(([, , name = '']) => name)
    if (line !== '') yield line
  }
}
