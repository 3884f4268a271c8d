/** What a continued line begins with, at most: names of files are long, and terminals may be narrow. */
const DEEPEST = 12

/**
 * A line in lines of at most `width` columns, broken at spaces, what follows the first indented to where its text
 * begins. A word that is wider stays whole: a path or an address that is cut is none. Colours take no columns.
 */
export function wrapLine(line: string, width: number): string {
  if (columnsOf(line) <= width) return line
  const [start = ''] = /^ *(?:[a-z]+: +)?/.exec(line) ?? []
  const indent = ' '.repeat(Math.min(DEEPEST, start === '' ? 2 : start.length))
  const lines: string[] = []
  let current = start
  let isEmpty = true
  for (const word of line.slice(start.length).split(' ')) {
    const longer = isEmpty ? `${current}${word}` : `${current} ${word}`
    if (isEmpty || columnsOf(longer) <= width) {
      current = longer
      isEmpty = false
      continue
    }
    lines.push(current.trimEnd())
    current = `${indent}${word}`
  }
  return [...lines, current].join('\n')
}

/** Of characters that are not wide; wide ones (CJK, emoji) take two. https://www.unicode.org/reports/tr11/ */
function columnsOf(text: string): number {
  let columns = 0
  for (const character of text.replace(COLOR, '')) columns += WIDE.test(character) ? 2 : 1
  return columns
}

const COLOR = /\x1b\[\d+m/g
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
