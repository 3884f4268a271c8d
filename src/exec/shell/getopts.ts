import type {ShellState, Status, Value} from './state.ts'

/**
 * XCU getopts: the next option of the parameters, one at each call. Where OPTIND is set otherwise than by itself, or a
 * word is not known, nothing is known of the option.
 */
export function getopts(args: readonly Value[], state: ShellState): Status {
  const [letters, name, ...given] = args
  if (typeof name !== 'string') return 'unknown'
  const words = given.length > 0 ? given : state.params
  const found = typeof letters === 'string' && words ? next(letters, words, placeOf(state)) : undefined
  if (!found) {
    for (const variable of [name, 'OPTARG', 'OPTIND']) state.vars.set(variable, {unknown: `$${variable}`})
    state.vars.set(LETTER, {unknown: LETTER})
    return 'unknown'
  }
  state.vars.set(name, found.option)
  if (found.argument === undefined) state.vars.delete('OPTARG')
  else state.vars.set('OPTARG', found.argument)
  state.vars.set('OPTIND', String(found.word))
  state.vars.set(LETTER, String(found.letter))
  return found.option === '?' && found.isEnd ? 'failure' : 'success'
}

/** Which letter of a word comes next: no name that a script could use. */
const LETTER = 'getopts letter'

interface Place {
  /** From 1, as OPTIND has it. */
  readonly word: number
  readonly letter: number
}

interface Found extends Place {
  readonly option: string
  readonly argument?: Value
  readonly isEnd?: true
}

function placeOf({vars}: ShellState): Place | undefined {
  const [word = '1', letter = '1'] = [vars.get('OPTIND'), vars.get(LETTER)]
  return typeof word === 'string' && typeof letter === 'string' && /^[1-9]\d*$/.test(word)
    ? {word: Number(word), letter: Number(letter)}
    : undefined
}

function next(letters: string, words: readonly Value[], place: Place | undefined): Found | undefined {
  const word = place && words[place.word - 1]
  if (!place || typeof word === 'object') return undefined
  const end = {option: '?', letter: 1, isEnd: true} as const
  if (word === undefined || word === '-' || !word.startsWith('-')) return {...end, word: place.word}
  if (word === '--') return {...end, word: place.word + 1}
  const option = word[place.letter] ?? ''
  const at = option === ':' ? -1 : letters.indexOf(option, letters.startsWith(':') ? 1 : 0)
  const rest = word.slice(place.letter + 1)
  const after: Place = rest === '' ? {word: place.word + 1, letter: 1} : {word: place.word, letter: place.letter + 1}
  const isSilent = letters.startsWith(':')
  if (option === '' || at < 0) return {...after, option: '?', ...(isSilent ? {argument: option} : {})}
  if (letters[at + 1] !== ':') return {...after, option}
  if (rest !== '') return {word: place.word + 1, letter: 1, option, argument: rest}
  const argument = words[place.word]
  if (argument !== undefined) return {word: place.word + 2, letter: 1, option, argument}
  const missing = {word: place.word + 1, letter: 1}
  return isSilent ? {...missing, option: ':', argument: option} : {...missing, option: '?'}
}
