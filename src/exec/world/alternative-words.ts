import type {Value} from './value.ts'

/** Of a command whose words may be several: more are not distinguished. */
const MAX_WAYS = 6

/**
 * All that a command's words may be, where one of them is one of a few values. Where it may be any other as well, that
 * is the last of them.
 */
export function alternativeWords(words: readonly Value[]): readonly (readonly Value[])[] | undefined {
  const open = words.findIndex(word => openTexts(word) !== undefined)
  const word = words[open]
  const texts = openTexts(word)
  if (typeof word !== 'object' || !texts) return undefined
  const choices = word.oneOf ? texts : [...texts, withoutAlternatives(word)]
  // The same variable has the same value in all words.
  const ways = choices.map((choice, index) =>
    words.map((other, at) => {
      if (at === open) return choice
      const same = openTexts(other)
      const isSame = typeof other === 'object' && same?.length === texts.length && other.unknown === word.unknown
      return isSame ? (same[index] ?? withoutAlternatives(other)) : other
    }),
  )
  const all = ways.flatMap(way => alternativeWords(way) ?? [way])
  // Of the words behind the first it is left open then which they are.
  return all.length > MAX_WAYS ? ways.map(way => way.map(withoutAlternatives)) : all
}

function openTexts(word: Value | undefined): readonly string[] | undefined {
  return typeof word === 'object' ? (word.oneOf ?? word.perhaps) : undefined
}

function withoutAlternatives(word: Value): Value {
  if (typeof word === 'string') return word
  const {oneOf: _, perhaps: __, ...rest} = word
  return rest
}
