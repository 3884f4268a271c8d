/**
 * What an image says is written by whoever made the image: names of files, labels, history, platforms. Here, and in
 * escape-markdown.ts, is the one place where such text is made fit for a medium. Each text is escaped
 * once, by the layer that knows its medium:
 *
 *     terminal          escapeText      by text.ts
 *     log of a job      escapeLog       by text.ts and annotations.ts
 *     ::error …::data   by @actions/core
 *     Markdown, HTML    escape-markdown by markdown.ts
 *     JSON              formatJson      by json.ts, sarif.ts and predicate.ts; parsed, it is the text itself
 *
 * The marks (`\n`, `\x1b`, `\u{202e}`) are for reading; the JSON report alone has the text as it is.
 */

/**
 * Controls, formatting (bidirectional overrides, zero-width characters), halves of surrogate pairs, noncharacters, what
 * is ignored by default, white space but the plain space, and the blank Braille cell.
 * https://www.unicode.org/reports/tr36/
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|[^\S ]/gu

const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/** One line in which every character is seen: nothing moves the cursor, turns the direction of writing or hides. */
export function escapeText(text: string): string {
  return text.replace(UNSEEN, character => NAMED.get(character) ?? formatCodePoint(character.codePointAt(0) ?? 0))
}

/**
 * A line, or a part of one, for the log of a job: escapeText, and nothing in it is a command. The runner takes
 * `::name …::` at the start of a line and `##[name …]` anywhere.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function escapeLog(text: string): string {
  return escapeText(text)
    .replaceAll('##[', '##\\[')
    .replace(/^( *):(?=:)/, '$1\\:')
}

/** Lines that are ours, such as a message and a hint below it, each made safe for the log of a job. */
export function escapeLogLines(text: string): string {
  return text.split('\n').map(escapeLog).join('\n')
}

/**
 * JSON, indented, with a newline at its end. Unseen characters and `##[` are written as `\u…`: it parses to the same
 * value, and it may be printed in the log of a job or on a terminal.
 */
export function formatJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2)
  const seen = json.replace(UNSEEN, unseen => (unseen === '\n' ? unseen : Array.from(units(unseen), jsonUnit).join('')))
  return `${seen.replaceAll('##[', `##${jsonUnit(0x5b)}`)}\n`
}

/** The beginning of a text that is too long for its place, with a mark where it was cut. Cut first, then escape. */
export function shorten(text: string, limit: number, mark = '…'): string {
  if (text.length <= limit) return text
  const kept = text.slice(0, Math.max(0, limit - mark.length))
  return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + mark
}

function formatCodePoint(code: number): string {
  const hex = code.toString(16)
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`
}

function* units(text: string): Generator<number> {
  for (let index = 0; index < text.length; index++) yield text.charCodeAt(index)
}

function jsonUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
