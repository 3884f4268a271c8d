import type {Value} from './value.ts'

/** Of a command whose words may be several: more are not told apart. */
const MAX_WAYS = 6

/** All that a command's words may be, where one of them is one of a few values. */
export function alternativeWords(words: readonly Value[]): readonly (readonly Value[])[] | undefined {
  const open = words.findIndex(word => typeof word === 'object' && word.oneOf !== undefined)
  const word = words[open]
  if (typeof word !== 'object' || !word.oneOf) return undefined
  // The same variable has the same value in all words.
  const ways = word.oneOf.map((text, index) =>
    words.map((other, at) => {
      const isSame =
        typeof other === 'object' && other.oneOf?.length === word.oneOf?.length && other.unknown === word.unknown
      return at === open ? text : isSame ? (other.oneOf?.[index] ?? other) : other
    }),
  )
  const all = ways.flatMap(way => alternativeWords(way) ?? [way])
  // Of the words behind the first it is left open then which they are.
  return all.length > MAX_WAYS ? ways.map(way => way.map(withoutAlternatives)) : all
}

function withoutAlternatives(word: Value): Value {
  return typeof word === 'string' ? word : {unknown: word.unknown}
}
