/** What a file of Perl loads whenever it is loaded itself. */
export type CertainUse =
  | {readonly kind: 'module'; readonly name: string}
  /** The native code of a module. */
  | {readonly kind: 'native'; readonly name: string}

/** It is run while the file is compiled, in whatever block it stands. */
const USE = /^\s*use\s+([A-Za-z_]\w*(?:::\w+)*)(?=[\s;(])/
const PARENT = /^\s*use\s+(?:parent|base)\s+(?:qw\s*[(/]([^)/]*)[)/]|["']([\w:]+)["'])\s*;/
const REQUIRE = /^require\s+([A-Za-z_]\w*(?:::\w+)*)\s*;/
const NATIVE =
  /^(?:XSLoader::load\b\s*\(?\s*(?:["']([\w:]+)["']|__PACKAGE__|\)|;)|bootstrap\s+([\w:]+)|(?:__PACKAGE__|([A-Z][\w:]*))->(?:XSLoader::load|bootstrap)\b)/
const LEAVES = /^(?:exit|die|return|croak|exec)\b|(?:^|;)\s*use\s+lib\b/
/** A string that goes on in the next line: it may be code. */
const OPEN_STRING = /\bqq?\s*[^\w\s,;=)]\s*$|(?:\beval|[=.(])\s*["']\s*$/
const PACKAGE = /^package\s+([\w:]+)/

/**
 * What a file of Perl loads for certain: `use`, anywhere; `require` of a name and the loading of native code where they
 * begin a line that no block is around but `BEGIN`. Behind `use lib` modules may be elsewhere: nothing more is certain.
 * https://perldoc.perl.org/functions/use, https://perldoc.perl.org/XSLoader
 */
export function readCertainUses(text: string): readonly CertainUse[] {
  const found: CertainUse[] = []
  let name = 'main'
  /** The first line of the block that a line is in, which no blank stands before. */
  let head: string | undefined
  for (const raw of joinedCalls(codeLines(text))) {
    const isIndented = /^\s/.test(raw)
    if (!isIndented && raw.startsWith('}')) head = undefined
    const isOwn = head === undefined ? !isIndented : /^BEGIN\s*\{$/.test(head)
    if (LEAVES.test(raw) && (isOwn || /\buse\s+lib\b/.test(raw))) break
    name = (isOwn ? PACKAGE.exec(raw)?.[1] : undefined) ?? name
    const [, listed, single] = PARENT.exec(raw) ?? []
    const parents = (listed ?? single ?? '').split(/\s+/).filter(one => /^[\w:]+$/.test(one))
    const used = USE.exec(raw)?.[1]
    for (const one of [...parents, ...(used === undefined ? [] : [used])]) found.push({kind: 'module', name: one})
    const line = raw.trim()
    const required = isOwn ? REQUIRE.exec(line)?.[1] : undefined
    if (required !== undefined) found.push({kind: 'module', name: required})
    const native = isOwn && !/\b(?:if|unless|or|and)\b|\|\||&&/.test(line) ? NATIVE.exec(line) : null
    if (native !== null) found.push({kind: 'native', name: native[1] ?? native[2] ?? native[3] ?? name})
    if (!isIndented && head === undefined && /\{$/.test(raw)) head = raw
    if (OPEN_STRING.test(raw)) break
  }
  return found
}

/** A call of XSLoader whose arguments stand in the next lines is one line. */
function* joinedCalls(lines: Iterable<string>): Generator<string> {
  let call: string | undefined
  for (const line of lines) {
    if (call !== undefined) call += ` ${line.trim()}`
    else if (/^XSLoader::load\s*\($/.test(line)) call = line
    if (call === undefined) yield line
    else if (line.endsWith(';')) {
      yield call
      call = undefined
    }
  }
}

/** Lines without comments at their end; without POD, here-documents and what is behind `__END__`. */
function* codeLines(text: string): Generator<string> {
  let isPod = false
  let documents: string[] = []
  for (const raw of text.split(/\r?\n/)) {
    const [document] = documents
    if (document !== undefined) {
      if (raw.trim() === document) documents = documents.slice(1)
      continue
    }
    if (/^=cut\b/.test(raw)) {
      isPod = false
      continue
    }
    if (/^=[a-zA-Z]/.test(raw)) isPod = true
    if (isPod) continue
    if (/^__(?:END|DATA)__$/.test(raw)) return
    documents = [...raw.matchAll(/<<~?(?:(["'])([^"']+)\1|([A-Z_]\w*))/g)].map(
      ([, , quoted, bare]) => quoted ?? bare ?? '',
    )
    const line = raw.replace(/^\s*#.*$|\s#\s.*$/, '').trimEnd()
    if (line !== '') yield line
  }
}
