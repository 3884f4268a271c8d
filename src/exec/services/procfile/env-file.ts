/** Variables of a file, in their order; undefined where the value is not read. */
export type EnvFile = ReadonlyMap<string, string | undefined>

/** As foreman reads it: foreman/env.rb. */
export function parseForemanEnv(text: string): EnvFile {
  return readLines(text, /^([A-Za-z_0-9]+)=(.*)$/, value => {
    const single = /^'(.*)'$/.exec(value)?.[1]
    const double = /^"(.*)"$/.exec(value)?.[1]
    return single ?? double?.replaceAll('\\n', '\n').replace(/\\(.)/g, '$1') ?? value
  })
}

/** As honcho reads it, by Python's shlex, which takes blanks and comments away: honcho/environ.py. */
export function parseHonchoEnv(text: string): EnvFile {
  return readLines(text, /^\s*([A-Za-z_]\w*)\s*=\s*(.+?)\s*$/, value => {
    const quoted = /^"([^"\\]*)"$/.exec(value)?.[1] ?? /^'([^']*)'$/.exec(value)?.[1]
    if (quoted !== undefined) return quoted.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
    return /["'\\]/.test(value) ? undefined : value.replace(/#.*/, '').replace(/\s/g, '')
  })
}

/** As godotenv reads it, which hivemind and overmind use. */
export function parseGoEnv(text: string): EnvFile {
  return readLines(text, /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*[=:]\s*(.*?)\s*$/, value => {
    const quoted = /^"([^"\\$]*)"(?:\s+#.*)?$/.exec(value)?.[1] ?? /^'([^']*)'(?:\s+#.*)?$/.exec(value)?.[1]
    if (quoted !== undefined) return quoted
    return /["'\\$]/.test(value) ? undefined : value.replace(/\s+#.*$/, '')
  })
}

function readLines(text: string, line: RegExp, read: (value: string) => string | undefined): EnvFile {
  return new Map(
    text.split(/\r?\n/).flatMap(one => {
      const [, name, value] = line.exec(one) ?? []
      return name === undefined || value === undefined ? [] : [[name, read(value)] as const]
    }),
  )
}
