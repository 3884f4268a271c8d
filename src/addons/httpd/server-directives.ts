/** A directive of httpd: its name in lower case, and its arguments. */
export type Directive = readonly [name: string, ...args: string[]]

/**
 * The directives outside of every section, as `ap_cfg_getline` and `ap_getword_conf` of httpd's server take them apart:
 * a backslash at the end of a line continues it, and a comment is a line of its own. What stands in a section
 * (`<IfModule>`) counts under a condition only.
 */
export function parseServerDirectives(text: string): readonly Directive[] {
  const directives: Directive[] = []
  let depth = 0
  for (const raw of text.replace(/\\\r?\n/g, '').split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('</')) depth = Math.max(0, depth - 1)
    else if (line.startsWith('<')) depth += 1
    else if (depth === 0) {
      const [name = '', ...args] = wordsOf(line)
      directives.push([name.toLowerCase(), ...args])
    }
  }
  return directives
}

function wordsOf(line: string): readonly string[] {
  const words = line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g)
  return [...words].map(([, double, single, plain = '']) => (double ?? single)?.replace(/\\(["'\\])/g, '$1') ?? plain)
}
