/** One line of postgresql.conf. */
export interface Setting {
  /** In lower case. */
  readonly name: string
  readonly value: string
}

/**
 * The settings of a file, the last of a name counts: `NAME [=] VALUE`, with `'` around a value that is more than one
 * word, doubled or behind a backslash within. https://www.postgresql.org/docs/current/config-setting.html
 */
export function parseSettings(text: string): readonly Setting[] {
  return text.split('\n').flatMap(line => {
    const [, name, quoted, plain] =
      /^\s*([A-Za-z_][\w.]*)\s*(?:=|\s)\s*(?:'((?:[^'\\]|''|\\.)*)'|([^\s'#=][^\s'#]*))\s*(?:#.*)?$/.exec(line) ?? []
    const value = quoted?.replace(/''|\\(.)/g, (_, escaped: string | undefined) => escaped ?? "'") ?? plain
    return name === undefined || value === undefined ? [] : [{name: name.toLowerCase(), value}]
  })
}

/** The libraries of a list: separated by commas, blanks around each left out, `"` around what holds one. */
export function parseLibraries(list: string): readonly string[] {
  return [...list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"]+))\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '')
    .filter(name => name !== '')
}
