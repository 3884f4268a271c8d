import {absolutePath, type Call, ends, type Outcome} from '../call.ts'
import {textOf} from '../text.ts'
import {alternativesOf, mapValue, type Value} from '../value.ts'
import {knownWords, printed} from './print.ts'
import {type Edit, readEdits} from './sed-script.ts'

/** A longer text is not worked on, in characters. */
const MAX_TEXT = 4096

/** What a filter makes of a text; undefined where that is not known. */
type Filter = (text: string) => string | undefined
/** By its words: the filter, and the files that it reads instead of its input. */
interface Parsed {
  readonly filter: Filter
  readonly files: readonly string[]
}

const FILTERS: Readonly<Record<string, (words: readonly string[]) => Parsed | undefined>> = {
  sed: parseSed,
  tr: parseTr,
  cut: parseCut,
  head: parseHead,
  tail: parseHead,
  awk: parseAwk,
}

/** A command that prints what it makes of its input, where both are known; else it prints what only the run knows. */
export async function filter(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  const parsed = words && FILTERS[call.name]?.(words)
  if (!parsed) return ends(call, 'unknown')
  const input = parsed.files.length === 0 ? call.input : await contentOf(call, parsed.files)
  const texts = alternativesOf(input) ?? (typeof input === 'object' ? input.likes : undefined)
  if (input === undefined || !texts?.every(text => text.length <= MAX_TEXT)) return ends(call, 'unknown')
  const head = call.name === 'tail' ? (text: string) => reversed(parsed.filter, text) : parsed.filter
  return printed(call, mapValue(input, head))
}

async function contentOf(call: Call, files: readonly string[]): Promise<Value | undefined> {
  const [file, ...others] = files
  const path = absolutePath(call, file)
  if (path === undefined || others.length > 0) return undefined
  return textOf(call.view, await call.view.place(path))
}

/** `sed s/a/b/`: substitutions alone. */
function parseSed(words: readonly string[]): Parsed | undefined {
  const scripts: string[] = []
  const files: string[] = []
  let isExtended = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-E' || word === '-r' || word === '--regexp-extended') isExtended = true
    else if (word === '-e' || word === '--expression') scripts.push(words[++at] ?? '')
    else if (word.startsWith('-e')) scripts.push(word.slice(2))
    else if (word.startsWith('-') && word !== '-') return undefined
    else files.push(word)
  }
  if (scripts.length === 0) {
    const script = files.shift()
    if (script === undefined) return undefined
    scripts.push(script)
  }
  const edits = scripts.map(script => readEdits(script, isExtended))
  if (edits.includes(undefined)) return undefined
  const all = edits.flatMap(list => list ?? [])
  return {filter: text => eachLine(text, line => all.reduce(edit, line)), files}
}

function edit(line: string, {pattern, replacement}: Edit): string {
  return line.replace(pattern, replacement)
}

function eachLine(text: string, change: (line: string) => string): string {
  const hasEnd = text.endsWith('\n')
  const lines = (hasEnd ? text.slice(0, -1) : text).split('\n')
  return text === '' ? '' : lines.map(change).join('\n') + (hasEnd ? '\n' : '')
}

/** `tr A-Z a-z`, `tr -d SET`. */
function parseTr(words: readonly string[]): Parsed | undefined {
  const deletes = words[0] === '-d'
  const [from, to, ...others] = deletes ? [words[1], '', ...words.slice(2)] : words
  const [first, second] = [setOf(from), deletes ? [] : setOf(to)]
  if (!first || !second || others.length > 0 || from?.startsWith('-')) return undefined
  if (!deletes && second.length === 0) return undefined
  const change = (letter: string) => {
    const index = first.lastIndexOf(letter)
    return index < 0 ? letter : deletes ? '' : (second[index] ?? second.at(-1) ?? '')
  }
  return {filter: text => [...text].map(change).join(''), files: []}
}

function setOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const plain = text
    .replaceAll('[:upper:]', 'A-Z')
    .replaceAll('[:lower:]', 'a-z')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:space:]', ' \t\n\v\f\r')
    .replace(/\\([nt\\])/g, (_, letter: string) => ({n: '\n', t: '\t'})[letter] ?? '\\')
  if (/[[\]]/.test(plain)) return undefined
  const letters: string[] = []
  for (let at = 0; at < plain.length; at++) {
    const [start = '', dash, end] = [plain[at], plain[at + 1], plain[at + 2]]
    if (dash !== '-' || end === undefined) {
      letters.push(start)
      continue
    }
    for (let code = start.charCodeAt(0); code <= end.charCodeAt(0); code++) letters.push(String.fromCharCode(code))
    at += 2
  }
  return letters
}

/** Only characters that are bytes. */
const ASCII = /^\p{ASCII}*$/u

/** `3`, `3-`, `-5`, `3-5` of `cut -c`, as slice() takes them. */
function rangeOf(text: string): readonly [first: number, end: number] | undefined {
  const [, first = '', dash, last = ''] = /^(\d*)(-?)(\d*)$/.exec(text) ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? 1 : Number(first)
  const to = dash === '' ? from : last === '' ? Number.POSITIVE_INFINITY : Number(last)
  return from < 1 || to < from ? undefined : [from - 1, to]
}

/** `cut -d X -f N`, `cut -c N-M`. */
function parseCut(words: readonly string[]): Parsed | undefined {
  let delimiter = '\t'
  let field: number | undefined
  let range: readonly [first: number, end: number] | undefined
  const files: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const [, letter, attached] = /^-([dfc])(.*)$/s.exec(word) ?? []
    if (letter === undefined) {
      if (word.startsWith('-')) return undefined
      files.push(word)
      continue
    }
    const value = attached === '' ? (words[++at] ?? '') : (attached ?? '')
    if (letter === 'd') delimiter = value
    else if (letter === 'c') {
      range = rangeOf(value)
      if (!range) return undefined
    } else if (/^[1-9]\d*$/.test(value)) field = Number(value)
    else return undefined
  }
  if (range) {
    const [first, end] = range
    // What a character is decides the locale.
    const part = (text: string) => (ASCII.test(text) ? eachLine(text, line => line.slice(first, end)) : undefined)
    return field === undefined ? {filter: part, files} : undefined
  }
  if (field === undefined || delimiter.length !== 1) return undefined
  const index = field - 1
  // A line without the delimiter is printed whole.
  const pick = (line: string) => (line.includes(delimiter) ? (line.split(delimiter)[index] ?? '') : line)
  return {filter: text => eachLine(text, pick), files}
}

/** `head -n N`, and by `reversed` `tail -n N`. */
function parseHead(words: readonly string[]): Parsed | undefined {
  const joined = words.join(' ')
  const [, count = '10', rest = ''] = /^(?:-n ?(\d+)|-(\d+))? ?(.*)$/.exec(joined) ? countOf(words) : []
  if (rest.startsWith('-') || rest.includes(' ')) return undefined
  const lines = Number(count)
  const filter = (text: string) =>
    text
      .split(/(?<=\n)/)
      .slice(0, lines)
      .join('')
  return {filter, files: rest === '' ? [] : [rest]}
}

function countOf(words: readonly string[]): readonly [string, string, string] {
  const [first = '', second = '', ...rest] = words
  if (first === '-n') return ['', second, rest.join(' ')]
  const count = /^-n?(\d+)$/.exec(first)?.[1]
  return count === undefined ? ['', '10', words.join(' ')] : ['', count, [second, ...rest].join(' ').trim()]
}

function reversed(filter: Filter, text: string): string | undefined {
  const lines = text.split(/(?<=\n)/)
  const last = filter(
    lines
      .toReversed()
      .map(line => (line.endsWith('\n') ? line : `${line}\n`))
      .join(''),
  )
  return last === undefined
    ? undefined
    : last
        .split(/(?<=\n)/)
        .toReversed()
        .join('')
}

/** `awk '{print $N}'`, `awk '{print $NF}'`. */
function parseAwk(words: readonly string[]): Parsed | undefined {
  const [first = '', ...others] = words
  const separator = first === '-F' ? others.shift() : /^-F(.)$/.exec(first)?.[1]
  const [text = '', ...files] = separator === undefined ? words : others
  const field = /^\s*\{\s*print\s+\$(\d+|NF)\s*;?\s*\}\s*$/.exec(text)?.[1]
  if (field === undefined || (separator !== undefined && !/^[:,;/=]$/.test(separator))) return undefined
  const pick = (line: string) => {
    if (field === '0') return line
    const fields = separator === undefined ? line.trim().split(/[ \t]+/) : line.split(separator)
    return (field === 'NF' ? fields.at(-1) : fields[Number(field) - 1]) ?? ''
  }
  return {filter: input => eachLine(input.endsWith('\n') || input === '' ? input : `${input}\n`, pick), files}
}
