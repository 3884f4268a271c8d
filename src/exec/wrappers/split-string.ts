/** Escapes outside single quotes; `\_` is a space, which separates words only outside double quotes. */
const ESCAPES: Readonly<Record<string, string>> = {
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '#': '#',
  $: '$',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** The words of `env -S TEXT`, GNU coreutils src/env.c build_argv; undefined where env would refuse the text. */
export function splitString(text: string, variables: ReadonlyMap<string, string>): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  const end = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === quote) {
      quote = ''
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (character === '\\') {
      const next = text[++at]
      if (next === undefined) return undefined
      if (quote === "'") {
        word = (word ?? '') + (next === '\\' || next === "'" ? next : `\\${next}`)
      } else if (next === 'c') {
        if (quote !== '') return undefined
        break
      } else if (next === '_') {
        if (quote === '') end()
        else word = `${word ?? ''} `
      } else {
        const escaped = ESCAPES[next]
        if (escaped === undefined) return undefined
        word = (word ?? '') + escaped
      }
    } else if (quote === '' && ' \t\n\v\f\r'.includes(character)) {
      end()
    } else if (quote === '' && character === '#' && word === undefined) {
      break
    } else if (character === '$' && quote !== "'") {
      const name = /^\{([A-Za-z_]\w*)\}/.exec(text.slice(at + 1))?.[1]
      if (name === undefined) return undefined
      const value = variables.get(name)
      if (value !== undefined) word = (word ?? '') + value
      at += name.length + 2
    } else word = (word ?? '') + character
  }
  if (quote !== '') return undefined
  end()
  return words
}
