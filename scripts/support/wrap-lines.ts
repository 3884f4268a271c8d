/** The columns of a line of code, of a comment or of the documentation. biome wraps code only. */
export const MAX_COLUMNS = 120

/** Words, each with the code span that it is part of: a span in backticks is not broken. */
const WORDS = /(?:`[^`]*`|[^\s`]|`)+/g

/** What would become a list, a heading or a quotation at the start of a line. */
const STARTS_BLOCK = /^(?:[-+*>|]|#{1,6}|\d+[.)])$|^(?:\||>)/

/** Less than this in the last line looks lost. */
const SHORTEST_END = 40

/** Breaks a text at its spaces. A word longer than a line has a line to itself; no single word is left for the last. */
export function fillLines(text: string, first: string, others: string): readonly string[] {
  const widest = fillTo(MAX_COLUMNS, text, first, others)
  if ((widest.at(-1) ?? '').length >= SHORTEST_END) return widest
  for (let width = MAX_COLUMNS - 1; width > MAX_COLUMNS - SHORTEST_END; width--) {
    const lines = fillTo(width, text, first, others)
    if (lines.length > widest.length) break
    if ((lines.at(-1) ?? '').length >= SHORTEST_END) return lines
  }
  return widest
}

function fillTo(width: number, text: string, first: string, others: string): readonly string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const words of unbreakable(text)) {
    if (!isEmpty && line.length + 1 + words.length > width) {
      lines.push(line)
      line = others
      isEmpty = true
    }
    line += isEmpty ? words : ` ${words}`
    isEmpty = false
  }
  return [...lines, line]
}

/** The words of a text; what must not begin a line is joined to the word before it. */
function unbreakable(text: string): readonly string[] {
  const joined: string[] = []
  for (const [word] of text.matchAll(WORDS)) {
    if (joined.length > 0 && STARTS_BLOCK.test(word)) joined.push(`${joined.pop()} ${word}`)
    else joined.push(word)
  }
  return joined
}

/** A line of a paragraph. */
export interface ProseLine {
  /** What all lines of the paragraph begin with. */
  readonly margin: string
  /** The mark of the list item that begins here, else empty. */
  readonly mark: string
  readonly text: string
}

/**
 * Fills paragraphs again from their first line that is too long; all other lines stay as they are. `read` gives
 * undefined for a line that is not prose.
 */
export function wrapProse(
  lines: readonly string[],
  read: (line: string, before: ProseLine | undefined) => ProseLine | undefined,
): readonly string[] {
  const result: string[] = []
  let paragraph: {readonly source: string; readonly prose: ProseLine}[] = []
  const flush = (): void => {
    const from = paragraph.findIndex(({source}) => source.length > MAX_COLUMNS)
    const kept = from < 0 ? paragraph : paragraph.slice(0, from)
    result.push(...kept.map(({source}) => source))
    const [first] = from < 0 ? [] : paragraph.slice(from)
    if (first !== undefined) {
      const {margin, mark} = first.prose
      const text = paragraph
        .slice(from)
        .map(({prose}) => prose.text)
        .join(' ')
      result.push(...fillLines(text, margin + mark, margin + ' '.repeat(mark.length)))
    }
    paragraph = []
  }
  for (const source of lines) {
    const before = paragraph.at(-1)?.prose
    const prose = read(source, before)
    const isContinued =
      prose !== undefined &&
      before !== undefined &&
      prose.mark === '' &&
      prose.margin.length === before.margin.length + before.mark.length
    if (!isContinued) flush()
    if (prose === undefined) result.push(source)
    else paragraph.push({source, prose})
  }
  flush()
  return result
}
