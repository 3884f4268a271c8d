import {type Budget, check} from '../budget.ts'
import type {Word, WordPart} from './syntax.ts'

/** A letter that is not quoted, or something that brace expansion leaves as it is. */
type Atom = string | WordPart
type Atoms = readonly Atom[]

/**
 * bash's brace expansion, before all others: bash(1), "Brace Expansion". A word without one comes back itself;
 * undefined where it is not read.
 */
export function expandBraces(word: Word, budget: Budget): readonly Word[] | undefined {
  if (!word.text.includes('{') || !word.text.includes('}')) return [word]
  const atoms = word.parts.flatMap((part): Atoms => (part.kind === 'literal' && !part.quoted ? [...part.text] : [part]))
  const expanded = expand(atoms, budget, 0)
  if (!expanded) return undefined
  return expanded.length === 1 && expanded[0]?.length === atoms.length ? [word] : expanded.map(one => wordOf(one, word))
}

function expand(atoms: Atoms, budget: Budget, depth: number): readonly Atoms[] | undefined {
  check('nesting', depth)
  let results: readonly Atoms[] = [[]]
  for (let at = 0; at < atoms.length; at++) {
    const atom = atoms[at] ?? ''
    const end = atom === '{' ? closingBrace(atoms, at, budget) : undefined
    const inside = end === undefined ? undefined : atoms.slice(at + 1, end)
    const list = inside && listOf(inside)?.map(one => expand(one, budget, depth + 1))
    if (list?.includes(undefined)) return undefined
    const alternatives = list?.flatMap(one => one ?? []) ?? (inside && rangeOf(inside))
    if (end === undefined || !alternatives) {
      results = results.map(one => [...one, atom])
      budget.charge('work', results.length)
      continue
    }
    const before = atoms[at - 1]
    // `$NAME{a,b}` is `$NAMEa $NAMEb`, and not `${NAME}a ${NAME}b`, which looks alike here.
    if (typeof before === 'object' && before.kind === 'parameter') return undefined
    check('words', results.length * alternatives.length)
    budget.charge('work', results.length * alternatives.length * atoms.length)
    results = results.flatMap(start => alternatives.map(one => [...start, ...one]))
    at = end
  }
  return results
}

function closingBrace(atoms: Atoms, from: number, budget: Budget): number | undefined {
  let open = 0
  for (let at = from; at < atoms.length; at++) {
    if (atoms[at] === '{') open++
    if (atoms[at] === '}' && --open === 0) {
      budget.charge('work', at - from)
      return at
    }
  }
  budget.charge('work', atoms.length - from)
  return undefined
}

/** What stands between the commas; undefined where there is none. */
function listOf(inside: Atoms): readonly Atoms[] | undefined {
  const parts: Atom[][] = [[]]
  let open = 0
  for (const atom of inside) {
    if (atom === '{') open++
    if (atom === '}') open--
    if (atom === ',' && open === 0) parts.push([])
    else parts.at(-1)?.push(atom)
  }
  return parts.length > 1 ? parts : undefined
}

/** `1..3`, `a..c`, `01..10`, `1..9..2`. */
function rangeOf(inside: Atoms): readonly Atoms[] | undefined {
  if (inside.length > 64 || inside.some(atom => typeof atom !== 'string')) return undefined
  const text = inside.join('')
  const [, first = '', last = '', by = '1'] =
    /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.(-?\d{1,9}))?$/.exec(text) ??
    /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?\d{1,9}))?$/.exec(text) ??
    []
  if (first === '') return undefined
  const isNumber = /\d/.test(first)
  const [from, to] = [first, last].map(end => (isNumber ? Number(end) : end.charCodeAt(0))) as [number, number]
  const step = Math.abs(Number(by)) || 1
  const count = Math.floor(Math.abs(to - from) / step) + 1
  check('words', count)
  const isPadded = [first, last].some(end => /^-?0\d/.test(end))
  const width = isPadded ? Math.max(first.length, last.length) : 0
  return Array.from({length: count}, (_, index) => {
    const number = from + (to < from ? -index : index) * step
    return isNumber ? [...padded(number, width)] : lettersOf(String.fromCharCode(number))
  })
}

/** Between `Z` and `a` there are others: a backslash is one that quotes nothing, and is taken away. */
function lettersOf(letter: string): Atoms {
  if (/[a-zA-Z]/.test(letter)) return [letter]
  return [{kind: 'literal', text: letter === '\\' ? '' : letter, quoted: true}]
}

function padded(number: number, width: number): string {
  const sign = number < 0 ? '-' : ''
  return sign + String(Math.abs(number)).padStart(width - sign.length, '0')
}

function wordOf(atoms: Atoms, {text}: Word): Word {
  const parts: WordPart[] = []
  let literal = ''
  const flush = () => {
    if (literal !== '') parts.push({kind: 'literal', text: literal, quoted: false})
    literal = ''
  }
  for (const atom of atoms) {
    if (typeof atom === 'string') literal += atom
    else {
      flush()
      parts.push(atom)
    }
  }
  flush()
  const isPlain = parts.every(part => part.kind === 'literal')
  return {parts, text: isPlain ? parts.map(part => (part.kind === 'literal' ? part.text : '')).join('') : text}
}
