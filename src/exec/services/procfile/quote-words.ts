/** Ruby's Shellwords.join. */
export function joinAsRuby(words: readonly string[]): string {
  return words
    .map(word => (word === '' ? "''" : word.replace(/[^\w\-.,:+/@\n]/g, one => `\\${one}`).replaceAll('\n', "'\n'")))
    .join(' ')
}

/** Python's shlex.quote, of each word: a sign of equality stays, so that `A=1` is an assignment. */
export function joinAsPython(words: readonly string[]): string {
  return words.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ')
}

/** npm's shell-quote, of each word: what means anything to a shell is escaped. */
export function joinAsNode(words: readonly string[]): string {
  return words.map(quoteAsNode).join(' ')
}

function quoteAsNode(word: string): string {
  if (word === '') return "''"
  const hasApostrophe = word.includes("'")
  if (hasApostrophe && word.includes('!')) return `'${word.replaceAll("'", `'"'"'`)}'`
  if (/["\s\\]/.test(word) && !hasApostrophe) return `'${word}'`
  if (/["'\s]/.test(word)) return `"${word.replace(/(["\\$`])/g, '\\$1')}"`
  return word.replace(/[#!"$&'()*,:;<=>?@[\\\]^`{|}~]/g, one => `\\${one}`)
}
