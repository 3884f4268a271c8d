/**
 * The packages that an R script attaches or loads whenever it is run: `library(x)` and `loadNamespace("x")` that begin
 * a line, outside of every bracket and brace. After `require` of a package that fails R goes on.
 * https://stat.ethz.ch/R-manual/R-devel/library/base/html/library.html
 */
export function readCertainLibraries(text: string): readonly string[] {
  const names: string[] = []
  let depth = 0
  for (const line of text.split('\n')) {
    if (depth === 0) {
      const [, name] = /^(?:base::)?(?:library|loadNamespace)\(\s*["'`]?([A-Za-z][\w.]*)["'`]?\s*[,)]/.exec(line) ?? []
      if (name !== undefined && !/\b(?:character\.only|logical\.return)\b/.test(line)) names.push(name)
      if (/^(?:quit|q|stop)\(/.test(line)) break
    }
    // What a string contains is not followed: with an odd one nothing more is certain.
    const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '').replace(/#.*/, '')
    if (/["'`]/.test(code)) break
    depth += count(code, /[({[]/g) - count(code, /[)}\]]/g)
  }
  return names
}

function count(text: string, signs: RegExp): number {
  return text.match(signs)?.length ?? 0
}

/** The packages whose namespaces a NAMESPACE file imports, and the libraries that it loads. */
export function readNamespace(text: string): {
  readonly imports: readonly string[]
  readonly libraries: readonly string[]
} {
  const code = text.replace(/#.*/g, '')
  const argumentsOf = (directive: string): readonly string[] =>
    [...code.matchAll(new RegExp(`(?:^|[\\s;}])${directive}\\(([^)]*)\\)`, 'g'))].map(([, list = '']) => list)
  const named = (list: string): readonly string[] =>
    list.split(',').flatMap(one => /^\s*["'`]?([A-Za-z][\w.]*)["'`]?\s*$/.exec(one)?.[1] ?? [])
  const first = (list: string): readonly string[] => named(list.replace(/,[\s\S]*/, ''))
  return {
    imports: [
      ...argumentsOf('import').flatMap(list => named(list.replace(/,\s*except\s*=[\s\S]*/, ''))),
      ...argumentsOf('importFrom').flatMap(first),
    ],
    libraries: argumentsOf('useDynLib').flatMap(first),
  }
}
