import {posix} from 'node:path'

/** Where a script writes a file of this name: behind `-o` or `>`, or as the target of cp, mv, install. */
export function findWrite(script: string, path: string): RegExpExecArray | null {
  const named = `(?:[\\w./$\{}~@-]*/)?${escapeExpression(posix.basename(path))}(?![\\w.-])`
  return new RegExp(
    `(?:\\s-[a-zA-Z]*[oO][= ]?|--(?:output|out|output-document|dest)[= ]|>{1,2}\\|?)\\s*["']?${named}|\\b(?:cp|mv|install|ln|rsync)\\b[^\\n;&|]{0,500}[\\s"']${named}["']?\\s*(?:$|[\\n;&|)])`,
  ).exec(script)
}

/** Whether a script names a file of this name as a word. */
export function hasName(script: string, path: string): boolean {
  return new RegExp(`(?<![\\w.-])${escapeExpression(posix.basename(path))}(?![\\w.-])`).test(script)
}

/** A text as a regular expression that matches it. */
export function escapeExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
