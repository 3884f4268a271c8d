import type {Flag} from './model.ts'

/**
 * The flags at the start of an instruction's arguments, and what follows them. Quotes and escapes are taken away, a
 * white space in them does not end a flag, and `--` ends the flags; dockerfile-ast knows none of the three.
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/split_command.go
 */
export function splitFlags(
  text: string,
  escapeToken: string,
): {readonly flags: readonly Flag[]; readonly rest: string} {
  const flags: Flag[] = []
  for (let at = 0; ; ) {
    while (/\s/.test(text[at] ?? '')) at++
    if (!text.startsWith('--', at)) return {flags, rest: text.slice(at).trim()}
    const [word, end] = readWord(text, at, escapeToken)
    at = end
    if (word === '--') return {flags, rest: text.slice(at).trim()}
    const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
    flags.push({name, value})
  }
}

/** A word from `at` on, and where it ends. */
function readWord(text: string, at: number, escapeToken: string): [string, number] {
  let word = ''
  let quote = ''
  let index = at
  for (; index < text.length; index++) {
    const character = text[index] ?? ''
    if (quote === '' && /\s/.test(character)) break
    if (character === quote) quote = ''
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else if (character === escapeToken) word += text[++index] ?? ''
    else word += character
  }
  return [word, index]
}
