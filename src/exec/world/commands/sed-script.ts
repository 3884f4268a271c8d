/** A substitution of sed. */
export interface Edit {
  readonly pattern: RegExp
  /** As String.replace takes it. */
  readonly replacement: string
}

/**
 * A script of sed that consists of substitutions, XCU sed; undefined for any other, and for patterns that JavaScript's
 * would match otherwise: POSIX takes the longest match of all alternatives.
 */
export function readEdits(script: string, isExtended: boolean): readonly Edit[] | undefined {
  const edits: Edit[] = []
  for (let at = 0; ; ) {
    while (/[\s;]/.test(script[at] ?? 'x')) at++
    if (at >= script.length) return edits
    const delimiter = script[at + 1]
    if (script[at] !== 's' || delimiter === undefined || /[\\\n]/.test(delimiter)) return undefined
    const pattern = readPart(script, at + 2, delimiter)
    const replacement = pattern && readPart(script, pattern.end, delimiter)
    if (!pattern || !replacement) return undefined
    const flags = /^g?/.exec(script.slice(replacement.end))?.[0] ?? ''
    at = replacement.end + flags.length
    if (!/^\s*(;|$|\n)/.test(script.slice(at))) return undefined
    const source = regularExpression(pattern.text, isExtended)
    const into = replacementOf(replacement.text)
    if (source === undefined || into === undefined) return undefined
    edits.push({pattern: new RegExp(source, flags), replacement: into})
  }
}

/** A part of `s/…/…/` up to its delimiter; one that stands behind a backslash is a letter. */
function readPart(script: string, from: number, delimiter: string): {text: string; end: number} | undefined {
  let text = ''
  for (let at = from; at < script.length; at++) {
    const letter = script[at] ?? ''
    if (letter === delimiter) return {text, end: at + 1}
    if (letter === '\n') return undefined
    if (letter !== '\\') {
      text += letter
      continue
    }
    const next = script[++at] ?? ''
    text += next === delimiter ? next : `\\${next}`
  }
  return undefined
}

/** A regular expression as JavaScript's; of POSIX what both take alike. */
export function regularExpression(pattern: string, isExtended: boolean): string | undefined {
  if (pattern === '' || pattern.length > 200) return undefined
  let source = ''
  let stars = 0
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern[at] ?? ''
    const next = pattern[at + 1] ?? ''
    if (letter === '\\') {
      at++
      const isOperator = isExtended ? false : /[()+?|{}]/.test(next)
      if (isOperator || /[a-zA-Z0-9<>`']/.test(next)) return undefined
      source += `\\${next}`
    } else if (letter === '[') {
      const list = readBracket(pattern, at)
      if (!list) return undefined
      source += list.text
      at = list.end
    } else if (letter === '*') {
      // More than one star may take long.
      if (++stars > 1 || source === '' || source === '^') return undefined
      source += '*'
    } else if (letter === '^') {
      if (at > 0) return undefined
      source += '^'
    } else if (letter === '$') {
      if (at < pattern.length - 1) return undefined
      source += '$'
    } else if (letter === '.') source += '.'
    else if (/[()+?|{}]/.test(letter)) {
      if (isExtended) return undefined
      source += `\\${letter}`
    } else source += /[/\-\]]/.test(letter) ? `\\${letter}` : letter
  }
  return source
}

/** Character classes, of ASCII: of other letters a locale decides. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9a-fA-F',
}

/** A bracket expression from its `[` to its `]`, which stands for itself at its beginning. XBD 9.3.5. */
function readBracket(pattern: string, from: number): {text: string; end: number} | undefined {
  const negates = pattern[from + 1] === '^'
  const first = from + (negates ? 2 : 1)
  let text = negates ? '[^' : '['
  for (let at = first; at < pattern.length; at++) {
    const letter = pattern[at] ?? ''
    if (letter === ']' && at > first) return {text: `${text}]`, end: at}
    if (letter === '\\') return undefined
    if (letter !== '[') {
      text += letter === ']' ? '\\]' : letter
      continue
    }
    const [whole = '', name = ''] = /^\[:([a-z]+):\]/.exec(pattern.slice(at)) ?? []
    const members = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined
    if (members === undefined) return undefined
    text += members
    at += whole.length - 1
  }
  return undefined
}

function replacementOf(text: string): string | undefined {
  let into = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (letter === '\\') {
      const next = text[++at] ?? ''
      if (/[a-zA-Z0-9\n]/.test(next)) return undefined
      into += next === '$' ? '$$' : next
    } else into += letter === '&' ? '$&' : letter === '$' ? '$$' : letter
  }
  return into
}
