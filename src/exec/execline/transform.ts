import type {Budget} from '../budget.ts'

/** How a value is changed before it stands for a variable: the options of define, importas and their like. */
export interface Transform {
  /** `-d`: each of its characters ends a word; none for netstrings. */
  readonly delimiters: string
  /** `-C`: delimiters behind each other are one. */
  readonly crunches: boolean
  /** `-n`: one delimiter at the end is taken off. */
  readonly chomps: boolean
  /** `-s` */
  readonly splits: boolean
}

export const PLAIN: Transform = {delimiters: ' \n\r\t', crunches: false, chomps: false, splits: false}

/**
 * The words that a value becomes, https://skarnet.org/software/execline/el_transform.html. Undefined of a netstring
 * that is none.
 */
export function transform(value: string, how: Transform, budget?: Budget): readonly string[] | undefined {
  budget?.charge('work', value.length)
  const {delimiters, crunches, chomps, splits} = how
  let text = crunches && delimiters !== '' ? crunch(value, delimiters) : value
  const isChomped = chomps && text !== '' && delimiters.includes(text.at(-1) ?? '\0')
  if (isChomped) text = text.slice(0, -1)
  if (!splits) return [text]
  if (delimiters === '') return readNetstrings(text)
  const words = text.split('').reduce<string[]>(
    (made, character) => {
      if (delimiters.includes(character)) made.push('')
      else made.push(`${made.pop() ?? ''}${character}`)
      return made
    },
    [''],
  )
  // Behind the last delimiter there is a word only if something is there; chomping takes it for an unfinished one.
  const last = words.pop() ?? ''
  return last === '' || (chomps && !isChomped) ? words : [...words, last]
}

function crunch(value: string, delimiters: string): string {
  let crunched = ''
  for (const character of value) {
    if (!(delimiters.includes(character) && delimiters.includes(crunched.at(-1) ?? '\0'))) crunched += character
  }
  return crunched
}

/** `5:hello,3:abc,` */
function readNetstrings(text: string): readonly string[] | undefined {
  const words: string[] = []
  for (let at = 0; at < text.length; ) {
    const [whole, digits] = /^(\d+):/.exec(text.slice(at, at + 24)) ?? []
    if (whole === undefined) return undefined
    const end = at + whole.length + Number(digits)
    if (text[end] !== ',') return undefined
    words.push(text.slice(at + whole.length, end))
    at = end + 1
  }
  return words
}
