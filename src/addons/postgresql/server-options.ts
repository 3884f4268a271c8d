/**
 * The settings among the options of `postgres`: `-c NAME=VALUE`, `--NAME=VALUE` with `-` for `_`, `-D DIRECTORY`. The
 * last of a name counts. https://www.postgresql.org/docs/current/app-postgres.html
 */
export function readServerOptions(words: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  const set = (text: string): void => {
    const [, name, value] = /^([\w.-]+)=([\s\S]*)$/.exec(text) ?? []
    if (name !== undefined && value !== undefined) settings.set(name.replaceAll('-', '_').toLowerCase(), value)
  }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word.startsWith('--')) set(word.slice(2))
    else if (word === '-c' || word === '-D') {
      const value = words[at + 1] ?? ''
      at += 1
      if (word === '-c') set(value)
      else settings.set('data_directory', value)
    } else if (word.startsWith('-c')) set(word.slice(2))
    else if (word.startsWith('-D')) settings.set('data_directory', word.slice(2))
  }
  return settings
}
