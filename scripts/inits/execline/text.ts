import type {Random} from '../../kernel/random.ts'

/** A word of a script, or a block. */
export type Part = string | readonly Part[]

const BLANKS = [' ', ' ', ' ', '\n', '\n  ', '\t', ' # a comment\n', '\r\n']

/** A script as somebody may write it: with quotes, escapes, comments and numbers. */
export function scriptText(random: Random, parts: readonly Part[]): string {
  return parts.map(part => partText(random, part)).join(random.pick(BLANKS))
}

function partText(random: Random, part: Part): string {
  if (typeof part === 'string') return wordText(random, part)
  return `{${random.pick(BLANKS)}${scriptText(random, part)}${random.pick(BLANKS)}}`
}

const PLAIN = /^[^\s"\\#{}]+$/

function wordText(random: Random, word: string): string {
  if (PLAIN.test(word) && !random.oneIn(8)) return word
  switch (random.below(4)) {
    case 0:
      return quoted(random, word)
    case 1:
      return word === '' || word.includes('\n') ? quoted(random, word) : escaped(word)
    case 2: {
      const middle = random.below(word.length + 1)
      const rest = word.slice(middle)
      const isPlain = PLAIN.test(rest)
      return `${quoted(random, word.slice(0, middle))}${isPlain ? rest : quoted(random, rest)}`
    }
    default:
      return quoted(random, word)
  }
}

function escaped(word: string): string {
  return word.replace(/[\s"\\#{}]/g, character => `\\${character}`)
}

const NAMED: Readonly<Record<string, string>> = {'\n': '\\n', '\t': '\\t', '\r': '\\r', '"': '\\"', '\\': '\\\\'}

function quoted(random: Random, word: string): string {
  const characters = [...word].map((character, index) => {
    const code = character.charCodeAt(0)
    const next = word[index + 1] ?? ''
    const isNumber = code > 0 && code < 128 && random.oneIn(9) && !/[0-9a-fA-F]/.test(next)
    if (!isNumber) return NAMED[character] ?? character
    return random.pick([`\\${code}`, `\\0${code.toString(8)}`, `\\0x${code.toString(16)}`])
  })
  const isBroken = random.oneIn(20)
  return `"${characters.join(isBroken && characters.every(one => !one.startsWith('\\')) ? '\\\n' : '')}"`
}
