import {escapeText} from './escape.ts'

/**
 * A zero-width space between two characters that GitHub would join to a mention, a reference or a link. An
 * entity alone does not help there: GitHub looks for them in the rendered text. Renovate and Dependabot
 * write `@&#8203;name` for the same reason.
 */
const BREAK = '&#8203;'

/**
 * What has a meaning in GitHub's Markdown, in prose or in a cell of a table; first what
 * has one at the start of a block only.
 */
const PROSE =
  /^(?:[#+=\- ]|\d+(?=[.)]))|[&<>"'`|[\]\\*_~$@]|:(?=\/\/|[\w+-]+:)|(?<=www)\.|#(?=\d|[# ]*$)|(?<=GH)-(?=\d)/gi

/**
 * Text that stands in prose, in a heading or in a cell of a table and is nothing but text: no markup, HTML, link,
 * image, mention, reference, emoji or formula. https://github.github.com/gfm/
 */
export function escapeMarkdown(text: string): string {
  return escapeText(text).replace(PROSE, (match, offset: number) => {
    if (offset === 0 && /^[#+=\-\d ]/.test(match)) return `${entity(match[0] ?? '')}${match.slice(1)}${BREAK}`
    switch (match) {
      case '*':
      case '_':
      case '~':
        return `\\${match}`
      case '$':
        // GitHub's own advice for a dollar sign that starts no formula.
        return '<span>$</span>'
      case '@':
      case ':':
      case '#':
        return match + BREAK
      case '.':
      case '-':
        return BREAK + match
      default:
        return entity(match)
    }
  })
}

/** What a code span takes as it is, everywhere; `|` would end the cell of a table, and a backtick the span. */
const PLAIN_CODE = /^(?! )[\p{L}\p{N}\p{M}\-_/.,:;@+=%(){}~!?#^*&'" ]+(?<! )$/u

/** A name, a path or a command in the letters of code, in prose or in a cell of a table. */
export function markdownCode(text: string): string {
  const seen = escapeText(text)
  if (seen === '') return '(empty)'
  return PLAIN_CODE.test(seen) ? `\`${seen}\`` : `<code>${escapeHtml(text)}</code>`
}

/** Characters that are never broken: every usual platform. */
const UNBROKEN = 16

/**
 * The same in a cell of a table, where a column is as wide as what does not break: a phone may break it behind each
 * sign that joins its parts. Nothing is added that a copy of it would hold.
 */
export function markdownCell(text: string): string {
  const seen = escapeText(text)
  if (seen === '') return '(empty)'
  const parts = seen.length <= UNBROKEN ? [seen] : seen.split(/(?<=.[/@:_-])(?=.{4})/u)
  return parts.length === 1 ? markdownCode(text) : `<code>${parts.map(escapeHtml).join('<wbr>')}</code>`
}

/** Text in an element of HTML, whether Markdown is read there or not. */
export function escapeHtml(text: string): string {
  return escapeText(text).replace(MARKUP, (match, joining: string | undefined) => {
    if (joining === undefined) return entity(match)
    return joining === '.' ? BREAK + entity(joining) : entity(joining) + BREAK
  })
}

/**
 * All but letters and harmless signs; the first group is what GitHub would join with what
 * follows, or `.` with what stands before.
 */
const MARKUP = /(@|#|:(?=\/\/|[\w+-]+:)|(?<=www)\.)|^ | $|[^\p{L}\p{N}\p{M} /.,;=%()+-]/giu

/** A link of our own; an address that is more than a plain https address is shown and not linked. */
export function markdownLink(words: string, address: string): string {
  return /^https:\/\/[\w.-]+(?:\/[\w./%?=&~+-]*)?(?:#[\w-]*)?$/.test(address)
    ? `[${escapeMarkdown(words)}](${address})`
    : `${escapeMarkdown(words)}: ${markdownCode(address)}`
}

function entity(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '"':
      return '&quot;'
    default:
      return `&#${character.codePointAt(0)};`
  }
}
