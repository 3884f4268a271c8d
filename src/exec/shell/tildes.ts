import type {Word, WordPart} from './syntax.ts'

/** The user's home as `~` means it. */
const HOME: WordPart = {kind: 'parameter', name: 'HOME', quoted: true}

/** Tilde expansion in the value of an assignment, XCU 2.6.1: at its beginning and behind each colon. */
export function withTildes(value: Word): Word {
  return value.text.includes('~') ? {...value, parts: replaceTildes(value.parts)} : value
}

/** The same of `NAME=value` as an argument: of `export` and its like, and in bash of any command. */
export function withTildesBehindName(word: Word): Word {
  const [head, ...others] = word.parts
  if (!word.text.includes('~') || head?.kind !== 'literal' || head.quoted) return word
  const [name] = /^[A-Za-z_]\w*\+?=/.exec(head.text) ?? []
  if (name === undefined) return word
  const rest = head.text.slice(name.length)
  const value: readonly WordPart[] = rest === '' ? others : [{...head, text: rest}, ...others]
  return {...word, parts: [{...head, text: name}, ...replaceTildes(value)]}
}

function replaceTildes(parts: readonly WordPart[]): readonly WordPart[] {
  const replaced: WordPart[] = []
  let mayBegin = true
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'literal' || part.quoted) {
      replaced.push(part)
      mayBegin = false
      continue
    }
    const pieces = part.text.split(':')
    for (const [at, piece] of pieces.entries()) {
      if (at > 0) replaced.push({...part, text: ':'})
      const begins = at > 0 || mayBegin
      const ends = at < pieces.length - 1 || index === parts.length - 1
      if (begins && (piece.startsWith('~/') || (piece === '~' && ends))) {
        replaced.push(HOME, {...part, text: piece.slice(1)})
      } else if (begins && /^~[A-Za-z_]/.test(piece)) replaced.push({kind: 'opaque', text: piece, quoted: true})
      else replaced.push({...part, text: piece})
    }
    mayBegin = part.text.endsWith(':')
  }
  return replaced
}
