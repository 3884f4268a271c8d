import type {Dialect} from './state.ts'
import type {Command} from './syntax.ts'

/**
 * What a command has in it that dash and ash refuse as a syntax error when they read it, before any of it is run; they
 * end with 2 then. Undefined where there is nothing of that kind, and of bash.
 */
export function findBeyond(command: Command, dialect: Dialect | undefined): string | undefined {
  return dialect === 'dash' || dialect === 'ash' ? search(command, dialect) : undefined
}

function search(node: unknown, dialect: Dialect): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if ('elements' in node && 'name' in node) return `${String(node.name)}=(…)`
  if ('kind' in node && node.kind === 'for' && 'unknowable' in node && node.unknowable === true)
    return 'for ((…)) or select'
  if ('operator' in node && node.operator === '<<<' && 'target' in node) return '<<<'
  const isOpaque = 'kind' in node && node.kind === 'opaque' && 'text' in node
  if (dialect === 'dash' && isOpaque && /^[<>]\(/.test(String(node.text))) return String(node.text)
  for (const child of Object.values(node)) {
    const found = search(child, dialect)
    if (found !== undefined) return found
  }
  return undefined
}
