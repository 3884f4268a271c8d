/** A value, and whether any supervisord reads it so: it has no escape, no comment, no variable and one line. */
export interface IniValue {
  readonly text: string
  readonly isPlain: boolean
}

export type Ini = Map<string, Map<string, IniValue>>

/**
 * Reads a configuration into `ini`, as github.com/ochinchina/go-ini does: `key = value` or `key: value`,
 * comments behind a blank, escapes, `\` at the end of a line, and lines that are indented more than their key.
 * Undefined where a value is in three quotes.
 */
export function readIni(text: string, ini: Ini): Ini | undefined {
  let section: Map<string, IniValue> | undefined
  let key: {readonly name: string; readonly indent: number} | undefined
  const lines = text.split(/\r?\n/)
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const indent = /^\s*/.exec(line)?.[0].length ?? 0
    if (section && key && indent > key.indent) {
      const known = section.get(key.name)?.text ?? ''
      section.set(key.name, {text: `${known}\n${decodeEscapes(withoutComment(line))}`, isPlain: false})
      continue
    }
    if (/^\s*([;#]|$)/.test(line)) continue
    const header = /^\[(.*)\]$/.exec(line.trim())?.[1]?.trim()
    if (header !== undefined) {
      section = ini.get(header) ?? new Map()
      ini.set(header, section)
      key = undefined
      continue
    }
    const at = line.search(/[=:]/)
    if (at < 0) continue
    key = {name: line.slice(0, at).trim(), indent}
    let value = line.slice(at + 1).trim()
    if (value.startsWith('"""')) return undefined
    let isPlain = !/[%$\\]/.test(value)
    for (let more = continued(value); more !== undefined; more = continued(value)) {
      value = more + (lines.shift() ?? '').trimEnd()
      isPlain = false
    }
    const said = decodeEscapes(withoutComment(value)).trim()
    if (key.name !== '') section?.set(key.name, {text: said, isPlain: isPlain && said === value})
  }
  return ini
}

/** Without the backslash at its end, where that is not an escaped one. */
function continued(value: string): string | undefined {
  const backslashes = /\\+$/.exec(value)?.[0].length ?? 0
  return backslashes % 2 === 1 ? value.slice(0, -1) : undefined
}

function withoutComment(value: string): string {
  const [own = value] = /^(?:\\.|[^\\;#]|(?<=^|\S)[;#])*/s.exec(value) ?? []
  return own.trim()
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{a: '\x07', b: '\b', f: '\f', t: '\t', r: '\r', n: '\n', v: '\v', '0': '\0'},
}

function decodeEscapes(value: string): string {
  return value.replace(/\\([0-7]{3}|[\s\S])/g, (_, one: string) =>
    one.length === 3 ? String.fromCharCode(Number.parseInt(one, 8)) : (ESCAPES[one] ?? one),
  )
}
