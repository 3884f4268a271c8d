import {type ProseLine, wrapProse} from './wrap-lines.ts'

const LINE = /^(?<margin>\s*)(?<mark>(?:[-*+]|\d+[.)]) +)?(?<text>[^\s|<#>].*)$/

/**
 * A document with the paragraphs that are too long wrapped. Tables, code, headings, and what is made by `npm run docs`
 * stay.
 */
export function wrapMarkdown(source: string): string {
  let end: RegExp | undefined
  return wrapProse(source.split('\n'), line => {
    if (end !== undefined) {
      if (end.test(line)) end = undefined
      return undefined
    }
    end = endOf(line)
    return end === undefined ? readLine(line) : undefined
  }).join('\n')
}

/** What ends a block that begins in this line. */
function endOf(line: string): RegExp | undefined {
  const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
  if (fence !== undefined) return new RegExp(`^\\s*${fence}`)
  const generated = /^<!-- ([a-z-]+) -->$/.exec(line)?.[1]
  return generated === undefined ? undefined : new RegExp(`^<!-- /${generated} -->$`)
}

function readLine(line: string): ProseLine | undefined {
  const {margin, mark = '', text} = LINE.exec(line)?.groups ?? {}
  return margin === undefined || text === undefined ? undefined : {margin, mark, text}
}
