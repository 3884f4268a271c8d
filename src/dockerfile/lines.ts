import {defined} from '../lib/defined.ts'
import {lexWord} from './lexer.ts'

/** A line of the file as it stands there, counted from 1. */
export interface SourceLine {
  readonly line: number
  readonly text: string
}

/** A text that stands below an instruction: `RUN <<EOF`. */
export interface Heredoc {
  readonly name: string
  /** `<<-`: tabs at the start of its lines are left out. */
  readonly chomps: boolean
  /** Variables in it are replaced, unless a quote stands in its name. */
  readonly expands: boolean
  readonly lines: readonly SourceLine[]
}

/** One instruction, its continued lines put together as the builder does. */
export interface LogicalLine {
  readonly text: string
  readonly line: number
  /** Of the last line that belongs to it, heredocs included. */
  readonly endLine: number
  /** What each line of the file gave to the text, without comments and without what continues the line. */
  readonly parts: readonly SourceLine[]
  readonly heredocs: readonly Heredoc[]
}

/** What stands in comments at the top of the file and is meant for the builder. */
export interface Directives {
  /** The frontend's image: `docker/dockerfile:1`. */
  readonly syntax?: string
  readonly escapeToken: '\\' | '`'
  readonly check?: string
}

/** A mistake in a Dockerfile, for which the builder refuses it too. */
export interface DockerfileProblem {
  readonly ok: false
  readonly problem: string
  readonly line: number
}

export interface Lines {
  readonly ok: true
  readonly directives: Directives
  readonly lines: readonly LogicalLine[]
}

/** `^(\d*)<<(-?)\s*WORD$` of a word that is split off. */
const HEREDOC = /^\d*<<(-?)\s*([^<]*)$/
const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/

/**
 * Splits a Dockerfile into instructions. dockerfile-ast does it otherwise than the builder in many corners (an escaped
 * escape at the end of a line, heredocs after a tabbed one, directives that come twice), so this is done here by the
 * builder's own rules. https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go
 */
export function readLines(text: string): Lines | DockerfileProblem {
  const source = text.replace(/^\uFEFF/, '').split('\n')
  if (source.at(-1) === '') source.pop()
  const raw = source.map(line => line.replace(/[\r\n]+$/, ''))
  const head = readDirectives(raw)
  if (!head.ok) return head
  const {directives} = head
  const continued = continuation(directives.escapeToken)
  const lines: LogicalLine[] = []
  for (let index = 0; index < raw.length; ) {
    const first = (raw[index] ?? '').trimStart()
    index++
    if (first === '' || first.startsWith('#')) continue
    const start = index
    const parts: SourceLine[] = []
    let [part, isContinued] = continued(first)
    parts.push({line: start, text: part})
    while (isContinued && index < raw.length) {
      const next = raw[index] ?? ''
      index++
      if (next.trim() === '' || next.trimStart().startsWith('#')) continue
      ;[part, isContinued] = continued(next)
      parts.push({line: index, text: part})
    }
    const joined = parts.map(({text: piece}) => piece).join('')
    const heredocs: Heredoc[] = []
    for (const {name, chomps, expands} of heredocsOf(joined)) {
      const body: SourceLine[] = []
      for (;;) {
        const next = raw[index]
        if (next === undefined) return {ok: false, problem: `unterminated heredoc ${name}`, line: start}
        index++
        if ((chomps ? next.replace(/^\t+/, '') : next) === name) break
        body.push({line: index, text: next})
      }
      heredocs.push({name, chomps, expands, lines: body})
    }
    lines.push({text: joined.trim(), line: start, endLine: index, parts, heredocs})
  }
  return {ok: true, directives, lines}
}

function continuation(escapeToken: string): (line: string) => [string, boolean] {
  const token = escapeToken === '\\' ? '\\\\' : '`'
  const expression = new RegExp(`([^${token}])${token}[ \\t]*$|^${token}[ \\t]*$`)
  return line => (expression.test(line) ? [line.replace(expression, '$1'), true] : [line, false])
}

/** Directives come first, each once; the first line that is none ends them. */
function readDirectives(
  lines: readonly string[],
): {readonly ok: true; readonly directives: Directives} | DockerfileProblem {
  const seen = new Map<string, string>()
  for (const [index, text] of lines.entries()) {
    const match = DIRECTIVE.exec(text.trimStart())
    const name = match?.[1]?.toLowerCase() ?? ''
    if (name !== 'syntax' && name !== 'escape' && name !== 'check') break
    if (seen.has(name)) return {ok: false, problem: `only one ${name} parser directive can be used`, line: index + 1}
    const value = match?.[2] ?? ''
    if (name === 'escape' && value !== '\\' && value !== '`') {
      return {ok: false, problem: `invalid escape token '${value}' does not match \` or \\`, line: index + 1}
    }
    seen.set(name, value)
  }
  const [syntax] = seen.get('syntax')?.split(' ') ?? []
  const check = seen.get('check')
  return {
    ok: true,
    directives: {
      ...defined({syntax}),
      escapeToken: seen.get('escape') === '`' ? '`' : '\\',
      ...defined({check}),
    },
  }
}

/**
 * The heredocs that a line announces. Only ADD, COPY and RUN have any, alone or
 * behind ONBUILD, and none in the JSON form.
 */
function heredocsOf(line: string): Omit<Heredoc, 'lines'>[] {
  const command = /^(?:onbuild\s+)?(add|copy|run)\s+((?:--\S+\s+)*)(.*)$/is.exec(line)
  if (command === null || !line.includes('<<') || isJsonList(command[3] ?? '')) return []
  const raw = lexWord(line, {escapeToken: '\\', get: () => undefined, isRaw: true})
  if (!raw.ok) return []
  return raw.value.words.flatMap(word => {
    const [, dash, rest = ''] = HEREDOC.exec(word) ?? []
    if (dash === undefined || rest === '') return []
    // `isRaw` keeps the quotes: where they are gone, the name was quoted.
    const plain = lexWord(rest, {escapeToken: '\\', get: () => undefined})
    const name = plain.ok && plain.value.words.length === 1 ? plain.value.words[0] : undefined
    if (name === undefined) return []
    return [{name, chomps: dash === '-', expands: countQuotes(name) === countQuotes(rest)}]
  })
}

/** Whether arguments are the JSON form, as the builder decides it: a list of texts. */
function isJsonList(text: string): boolean {
  return parseJsonList(text) !== undefined
}

export function parseJsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(item => typeof item === 'string') ? value : undefined
  } catch {
    return undefined
  }
}

function countQuotes(text: string): number {
  return (text.match(/['"]/g) ?? []).length
}
