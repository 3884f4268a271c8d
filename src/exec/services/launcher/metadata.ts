/** One process of `<layers>/config/metadata.toml`. */
export interface LaunchProcess {
  readonly type: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly isDirect: boolean
  readonly buildpack: string
  readonly directory: string
  readonly execEnv: readonly string[]
}

export interface LaunchMetadata {
  readonly processes: readonly LaunchProcess[]
  /** In the order of the build. */
  readonly buildpacks: readonly {readonly id: string; readonly api: string}[]
}

type Value = string | boolean | readonly string[]
type Table = Map<string, Value>

/**
 * Reads metadata.toml as the lifecycle writes it: by one encoder of TOML (BurntSushi/toml, and encoding/json for
 * commands), one key a line, strings in double quotes, arrays of strings in one line. Undefined where a table that
 * matters has anything else in it. No library is needed for that; one for all of TOML would be read by nothing else.
 */
export function parseMetadata(text: string): LaunchMetadata | undefined {
  const tables: {readonly name: string; readonly values: Table}[] = []
  let values: Table | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const header = /^(\[\[?)([^[\]]+)\]\]?$/.exec(trimmed)
    if (header) {
      const name = header[1] === '[[' ? (header[2] ?? '').trim() : ''
      values = name === 'processes' || name === 'buildpacks' ? new Map() : undefined
      if (values) tables.push({name, values})
      continue
    }
    // Of other tables nothing is read, unless a text of several lines might hold a header.
    if (!values) {
      if (/"""|'''/.test(trimmed)) return undefined
      continue
    }
    const pair = /^([\w-]+)\s*=\s*(.+)$/.exec(trimmed)
    const value = pair ? parseValue(pair[2] ?? '') : undefined
    if (!pair || value === undefined) return undefined
    values.set(pair[1] ?? '', value)
  }
  const named = (name: string) => tables.filter(table => table.name === name).map(table => table.values)
  return {
    processes: named('processes').map(table => ({
      type: textOf(table, 'type'),
      command: listOf(table, 'command'),
      args: listOf(table, 'args'),
      isDirect: table.get('direct') === true,
      buildpack: textOf(table, 'buildpack-id'),
      directory: textOf(table, 'working-dir'),
      execEnv: listOf(table, 'exec-env'),
    })),
    buildpacks: named('buildpacks').map(table => ({id: textOf(table, 'id'), api: textOf(table, 'api')})),
  }
}

function textOf(table: Table, name: string): string {
  const value = table.get(name)
  return typeof value === 'string' ? value : ''
}

/** A command is a string, or since Platform API 0.10 a list of them. */
function listOf(table: Table, name: string): readonly string[] {
  const value = table.get(name)
  if (typeof value === 'string') return [value]
  return typeof value === 'object' ? value : []
}

const STRING = /^"((?:[^"\\]|\\.)*)"/

function parseValue(text: string): Value | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  if (!text.startsWith('[')) {
    const whole = STRING.exec(text)
    return whole && whole[0].length === text.length ? unescaped(whole[1] ?? '') : undefined
  }
  const values: string[] = []
  let rest = text.slice(1).trimStart()
  while (!rest.startsWith(']')) {
    const next = STRING.exec(rest)
    const value = next ? unescaped(next[1] ?? '') : undefined
    if (!next || value === undefined) return undefined
    values.push(value)
    rest = rest.slice(next[0].length).trimStart()
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart()
    else if (!rest.startsWith(']')) return undefined
  }
  return rest === ']' ? values : undefined
}

/** Escapes of TOML: those of JSON, and eight digits. */
function unescaped(text: string): string | undefined {
  const plain = text
    .replace(/\\U([0-9a-fA-F]{8})/g, (_, digits: string) => {
      const point = Number.parseInt(digits, 16)
      return point > 0x10ffff ? '\\x' : JSON.stringify(String.fromCodePoint(point)).slice(1, -1)
    })
    .replaceAll('\t', '\\t')
  try {
    const value: unknown = JSON.parse(`"${plain}"`)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
