/**
 * The commands that GitHub's runner would take from what a step prints: the oracle for «nothing that an image says
 * becomes a command». Two grammars, tried in this order on each line of stdout and stderr:
 *
 *     [space] "::" name [ " " key "=" value *( "," key "=" value ) ] "::" data
 *                     %25 %0D %0A, in values also %3A %2C
 *     any text "##[" name [ " " key "=" value *( ";" key "=" value ) ] "]" data
 *                     %25 %0D %0A %3B %5D, the first `##[` only
 *
 * after the behaviour of actions/runner 2.336: src/Runner.Common/ActionCommand.cs (grammar),
 * src/Runner.Worker/ActionCommandManager.cs (registered commands, stop-commands),
 * src/Runner.Sdk/ProcessInvoker.cs (lines).
 */
export interface Command {
  /** In lower case. */
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
  readonly syntax: 'current' | 'legacy'
}

/** set-env and add-path are refused by default, but they are commands. */
export const REGISTERED_COMMANDS: readonly string[] = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]

/** What .NET's TrimStart takes away; JavaScript's takes U+FEFF too and leaves U+0085. */
const LEADING_SPACE = /^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/**
 * The commands in what a step prints. Between `stop-commands` and its token there are none;
 * the line that resumes is none either.
 */
export function parseRunnerCommands(output: string): Command[] {
  const commands: Command[] = []
  let stopToken: string | undefined
  // .NET's ReadLine: CR, LF or both end a line; no other character does.
  for (const line of output.split(/\r\n|\r|\n/)) {
    const names = new Set(REGISTERED_COMMANDS)
    if (stopToken !== undefined) names.add(stopToken)
    const command = parseCurrent(line, names) ?? parseLegacy(line, names)
    if (command === undefined) continue
    if (stopToken !== undefined) {
      if (command.name === stopToken && stopToken !== '') stopToken = undefined
      continue
    }
    commands.push(command)
    if (command.name === 'stop-commands') stopToken = command.data.toLowerCase()
  }
  return commands
}

/**
 * The same text as the runner's search for `##[` and `::` may see it: .NET compares by culture, and ICU passes
 * over controls and characters that are ignored by default. The parser counts them again and trips, so no attack
 * is known; nothing should rest on that.
 */
export function withoutIgnorables(output: string): string {
  return output.replace(/(?![\t\r\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
}

function parseCurrent(line: string, names: ReadonlySet<string>): Command | undefined {
  const text = line.replace(LEADING_SPACE, '')
  if (!text.startsWith('::')) return undefined
  const end = text.indexOf('::', 2)
  if (end < 0) return undefined
  const {name, rest} = splitName(text.slice(2, end))
  if (!names.has(name)) return undefined
  const properties = parseProperties(rest.trim(), ',', ['%0D', '%0A', '%3A', '%2C', '%25'])
  return {name, properties, data: unescapeIn(text.slice(end + 2), ['%0D', '%0A', '%25']), syntax: 'current'}
}

function parseLegacy(line: string, names: ReadonlySet<string>): Command | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  if (end < 0) return undefined
  const {name, rest} = splitName(line.slice(start + 3, end))
  if (!names.has(name)) return undefined
  const escapes = ['%3B', '%0D', '%0A', '%5D', '%25']
  return {
    name,
    properties: parseProperties(rest, ';', escapes),
    data: unescapeIn(line.slice(end + 1), escapes),
    syntax: 'legacy',
  }
}

function splitName(info: string): {readonly name: string; readonly rest: string} {
  const space = info.indexOf(' ')
  return space < 0
    ? {name: info.toLowerCase(), rest: ''}
    : {name: info.slice(0, space).toLowerCase(), rest: info.slice(space + 1)}
}

/**
 * Empty parts are passed over: `k==v` is `k=v`, and `k=` is nothing. Keys are the same
 * in any case; the first spelling stays.
 */
function parseProperties(text: string, separator: string, escapes: readonly string[]): Record<string, string> {
  const properties: Record<string, string> = {}
  for (const part of text.split(separator)) {
    const [, key, value] = /^=*([^=]+)=+([^=].*)$/s.exec(part) ?? []
    if (key === undefined || value === undefined) continue
    const known = Object.keys(properties).find(other => other.toLowerCase() === key.toLowerCase())
    properties[known ?? key] = unescapeIn(value, escapes)
  }
  return properties
}

/** One escape after the other, `%25` last. */
function unescapeIn(text: string, escapes: readonly string[]): string {
  return escapes.reduce(
    (rest, code) => rest.replaceAll(code, String.fromCharCode(Number.parseInt(code.slice(1), 16))),
    text,
  )
}
