/** A directive of nginx: its name and its arguments. */
export type Directive = readonly [name: string, ...args: string[]]

const ESCAPES: Readonly<Record<string, string>> = {t: '\t', r: '\r', n: '\n'}

/**
 * The directives outside of every block, as `ngx_conf_read_token` of src/core/ngx_conf_file.c takes them apart:
 * quotes and `#` count where a word begins, and a backslash keeps what is behind it.
 */
export function parseMainDirectives(text: string): readonly Directive[] {
  const directives: Directive[] = []
  let words: string[] = []
  let depth = 0
  const token =
    /\s+|#[^\n]*|[;{}]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|((?:[^\s;{\\]|\\[\s\S]|(?<=\$)\{)+)/y
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [all, double, single, plain] = match
    const word = double ?? single ?? plain
    if (word !== undefined) {
      if (depth === 0) words.push(word.replace(/\\([\s\S])/g, (_, one: string) => ESCAPES[one] ?? one))
      continue
    }
    if (all !== ';' && all !== '{' && all !== '}') continue
    const [name, ...args] = words
    if (all === ';' && depth === 0 && name !== undefined) directives.push([name, ...args])
    words = []
    if (all === '{') depth += 1
    if (all === '}') depth = Math.max(0, depth - 1)
  }
  return directives
}
