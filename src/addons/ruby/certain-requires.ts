/** A feature that a file of Ruby requires whenever it is loaded itself. */
export interface CertainRequire {
  readonly feature: string
  /** `require_relative`. */
  readonly isRelative: boolean
  /**
   * Required where the same name below a directory of the release (`3.3/nokogiri`) cannot be: what rake-compiler's
   * packages do in `begin` and `rescue`.
   */
  readonly isSecond: boolean
}

const REQUIRE = /^(require|require_relative)[ (]\s*(["'])([^"'#]+)\2\s*\)?$/
/** A feature that is put together when it runs; its last name. */
const DYNAMIC = /^(?:require|require_relative)\b.*[}/'" +]\/([\w-]+)["']\s*\)?$/
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
  /** Of `begin`: the last names of what it requires dynamically. */
  tried: string[] | undefined
  isRescue: boolean
}

/**
 * What a file requires for certain: `require` and `require_relative` of a literal, on a line of their own, in no block
 * but `class` and `module`. A text whose blocks cannot be matched has none.
 */
export function readCertainRequires(text: string): readonly CertainRequire[] {
  const found: CertainRequire[] = []
  const blocks: Block[] = []
  let depth = 0
  let hasLeft = false
  const wasElsif = new Set<Block>()
  for (const line of codeLines(text)) {
    const outer = blocks.every(({isOpen}) => isOpen) && depth === 0
    const last = blocks.at(-1)
    const isTry = last?.tried !== undefined && blocks.slice(0, -1).every(({isOpen}) => isOpen) && depth === 0
    const [, verb, , feature] = REQUIRE.exec(line) ?? []
    if (feature !== undefined) {
      const isSecond = !outer && isTry && last.isRescue && last.tried?.includes(feature.replace(/^.*\//, '')) === true
      if (outer || isSecond) found.push({feature, isRelative: verb === 'require_relative', isSecond})
      continue
    }
    if (outer && LEAVES.test(line)) {
      hasLeft = true
      break
    }
    if (isTry && !last.isRescue) {
      const name = DYNAMIC.exec(line)?.[1]
      if (name !== undefined) last.tried?.push(name)
    }
    if (isTry && /^rescue\b/.test(line)) last.isRescue = true
    if (isTry && /^(?:else|ensure)\b/.test(line)) last.tried = undefined
    depth = Math.max(0, depth + balance(line))
    if (/^end\b/.test(line)) {
      if (blocks.pop() === undefined) return []
      if (/\bdo(?:\s*\|[^|]*\|)?$/.test(line))
        blocks.push({isOpen: false, hasOpenElse: false, tried: undefined, isRescue: false})
    } else if ((OPENS.test(line) && !isOneLine(line)) || (OPENS_WITHIN.test(line) && !ENDS_ITSELF.test(line))) {
      const tried = /^begin\b/.test(line) ? [] : undefined
      const isOpen = /^(?:class|module)\s/.test(line) || IF_OWN.test(line)
      blocks.push({isOpen, hasOpenElse: IF_JAVA.test(line), tried, isRescue: false})
    } else if (last !== undefined && depth === 0 && /^(?:else|elsif)\b/.test(line)) {
      last.isOpen = last.hasOpenElse && /^else$/.test(line) && !wasElsif.has(last)
      if (/^elsif\b/.test(line)) wasElsif.add(last)
    }
  }
  return hasLeft || blocks.length === 0 ? found : []
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
