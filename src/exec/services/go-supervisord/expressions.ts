/**
 * `%(NAME)s` and `%(NAME)d` of ochinchina/supervisord (config/string_expression.go): undefined where a name has no
 * meaning, or the form is another.
 */
export function expand(text: string, meanings: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true
  const expanded = text.replace(
    /%\(([^)]*)\)([^A-Za-z]*)([A-Za-z])/g,
    (_, name: string, form: string, type: string) => {
      const value = meanings.get(name)
      const width = /^(0?)(\d*)$/.exec(form)
      const isNumber = type === 'd' && /^[+-]?\d+$/.test(value ?? '')
      if (value === undefined || !width || !(type === 's' || isNumber)) isKnown = false
      else if (type === 's') return value
      else return String(Number(value)).padStart(Math.min(Number(width[2] || 0), 20), width[1] ? '0' : ' ')
      return ''
    },
  )
  return isKnown && !expanded.includes('%(') ? expanded : undefined
}

/** A command line: words, of which one that begins with a quote ends with it (process/command_parser.go). */
export function splitCommand(command: string): readonly string[] {
  const words: string[] = []
  let rest = command.trimStart()
  while (rest !== '') {
    // A quote anywhere ends the word where it is closed.
    const [word = rest] = /^(?:\\.|[^\s\\"'])*(?:"(?:\\.|[^\\"])*(?:"|$)|'(?:\\.|[^\\'])*(?:'|$))?/s.exec(rest) ?? []
    words.push(/^["']/.test(word) ? word.slice(1, -1) : word)
    rest = rest.slice(word.length || 1).trimStart()
  }
  return words
}

/** `A="one two",B=three` (config/config.go, parseEnv). */
export function parseEnvironment(text: string): ReadonlyMap<string, string> {
  const env = new Map<string, string>()
  let rest = text
  for (;;) {
    const [whole, name = '', quoted, plain] = /^([^=]*)=(?:"([^"]*)"|([^,"][^,]*|))(?:,|$)/s.exec(rest) ?? []
    if (whole === undefined || whole === '') return env
    env.set(name.trim(), (quoted ?? plain ?? '').trim())
    rest = rest.slice(whole.length)
  }
}
