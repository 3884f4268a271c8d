import {MAX_COLUMNS, type ProseLine, wrapProse} from './wrap-lines.ts'

const LINE = /^(?<margin>\s*(?:\/\/|\*) {1,3})(?<mark>(?:[-*]|\d+\.) +)?(?<text>[^\s@|].*)$/
const ONE_LINE = /^(?<indent>\s*)(?<open>\/\*\*?) (?<text>.*\S) \*\/$/

/** A source file with the comments that are too long wrapped. Comments behind code, `@tags` and drawings stay. */
export function wrapComments(source: string): string {
  const lines = source.split('\n').flatMap(line => {
    const {indent = '', open = '', text = ''} = ONE_LINE.exec(line)?.groups ?? {}
    const isLong = open !== '' && line.length > MAX_COLUMNS && !text.includes('*/')
    return isLong ? [indent + open, `${indent} * ${text}`, `${indent} */`] : [line]
  })
  return wrapProse(lines, readComment).join('\n')
}

function readComment(line: string): ProseLine | undefined {
  const {margin, mark = '', text} = LINE.exec(line)?.groups ?? {}
  return margin === undefined || text === undefined || text === '/' ? undefined : {margin, mark, text}
}

/** The numbers of the lines with a comment that is too long and has a place to break it at, from 1. */
export function longComments(source: string): readonly number[] {
  return source.split('\n').flatMap((line, index) => {
    const {margin, text} = /^(?<margin>\s*(?:\/\/|\/?\*+) +)(?<text>.*)$/.exec(line)?.groups ?? {}
    const isLong = margin !== undefined && line.length > MAX_COLUMNS
    return isLong && (text ?? '').trim().includes(' ') ? [index + 1] : []
  })
}
