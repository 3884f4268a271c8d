import type {Declarations} from './declarations.ts'

interface Exported {
  readonly name: string
  readonly isType: boolean
  /** As the face names it: `../binary/describe.ts`. */
  readonly from: string
}

/** What the face of the package exports, in its order. */
export function exportsOf(face: string): readonly Exported[] {
  return [...face.matchAll(/export (type )?\{([^}]*)\} from '([^']+)'/g)].flatMap(([, isType, names = '', from = '']) =>
    names
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
      .map(name => ({
        name: name.replace(/^type /, ''),
        isType: isType !== undefined || name.startsWith('type '),
        from,
      })),
  )
}

/** The part of docs/api.md that is made: each export with its comment and its declaration; functions first. */
export function apiReference(declarations: Declarations, first: string): string {
  const face = declarations.get(first)
  if (face === undefined) throw new Error(`there is no ${first}`)
  const sections = exportsOf(face).map(({name, isType, from}) => {
    const path = new URL(from.replace(/\.ts$/, '.d.ts'), `file:///${first}`).pathname.slice(1)
    const found = declarationOf(declarations.get(path) ?? '', name)
    if (found === undefined) throw new Error(`${path} has no declaration of ${name}`)
    return {name, isType, ...found}
  })
  const byName = (a: {readonly name: string}, b: {readonly name: string}): number => (a.name < b.name ? -1 : 1)
  const values = sections.filter(({isType}) => !isType).toSorted(byName)
  const types = sections.filter(({isType}) => isType).toSorted(byName)
  const show = ({name, comment, code}: (typeof sections)[number]): string =>
    [`#### ${name}`, ...(comment === '' ? [] : [comment]), `\`\`\`ts\n${code}\n\`\`\``].join('\n\n')
  return ['### Functions and values', ...values.map(show), '### Types', ...types.map(show)].join('\n\n')
}

/** A declaration as the compiler prints it, and what the comment above it says; undefined where there is none. */
export function declarationOf(
  text: string,
  name: string,
): {readonly comment: string; readonly code: string} | undefined {
  const start = new RegExp(
    `^export (?:declare )?(?:abstract )?(?:function|class|const|interface|type) ${name}\\b`,
    'm',
  ).exec(text)
  if (start === null) return undefined
  const rest = text.slice(start.index)
  const end = endOf(rest)
  const code = rest
    .slice(0, end)
    .trim()
    .replace(/^export (?:declare )?/, '')
    // As this project indents, so that no line becomes wider than it was.
    .replaceAll(/^ +/gm, ({length}) => ' '.repeat(2 * Math.floor(length / 4) + (length % 4)))
  const [, comment = ''] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n$/.exec(text.slice(0, start.index)) ?? []
  return {comment: plain(comment), code}
}

/**
 * Where a declaration ends: behind its semicolon, or, of an interface or a class, behind its closing brace; outside of
 * comments, strings and brackets. The compiler puts comments of a union's members at the start of a line.
 */
function endOf(text: string): number {
  const isBody = /^export (?:declare )?(?:abstract )?(?:interface|class) /.test(text)
  let depth = 0
  for (const {0: token, index} of text.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|"[^"\n]*"|[[\](){};]/g)) {
    if (/^[[({]$/.test(token)) depth += 1
    else if (/^[\])}]$/.test(token)) depth -= 1
    if (depth === 0 && (token === ';' || (isBody && token === '}'))) return index + 1
  }
  return text.length
}

/** A comment as one paragraph. */
function plain(comment: string): string {
  return comment
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .trim()
}
