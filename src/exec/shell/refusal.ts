import type {ShellState} from './state.ts'
import type {Command, List} from './syntax.ts'

/**
 * A script that ends in failure because a variable, an argument or a file is not there waits for the run to give it:
 * `[ -z "$TOKEN" ] && exit 1`, `[ -f /config.yml ] || exit 1`. Where the condition names such a thing, it is taken as
 * given, a variable with a value that only the run knows. False where it names none.
 */
export function supposeGiven(state: ShellState, condition: List | Command): boolean {
  const names = [...parametersIn(condition)]
  const missing = names.filter(name => /^[A-Za-z_]\w*$/.test(name) && (state.vars.get(name) ?? '') === '')
  const argument = names.some(name => /^([1-9]\d*|[#@*])$/.test(name)) && state.params?.length === 0
  for (const name of missing) state.vars.set(name, {unknown: `$${name}`})
  if (argument) state.params = undefined
  return missing.length > 0 || argument || asksForFile(condition)
}

/** Whether a test is in a piece of the tree: of a file, or of a program. */
function asksForFile(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (
    'kind' in node &&
    (node.kind === 'simple' || node.kind === 'test') &&
    'words' in node &&
    Array.isArray(node.words)
  ) {
    const words: readonly unknown[] = node.words
    const [name = '', ...rest] = words.map(word =>
      typeof word === 'object' && word !== null && 'text' in word ? String(word.text) : '',
    )
    if (['command', 'which', 'type', 'hash', 'mountpoint'].includes(name)) return true
    const isTest = node.kind === 'test' || name === '[' || name === 'test'
    if (isTest && [name, ...rest].some(word => /^-[bcdefghkLprsSuwxOG]$/.test(word))) return true
  }
  return Object.values(node).some(asksForFile)
}

/** The names of all parameters in a piece of the tree. */
function* parametersIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return
  if ('kind' in node && node.kind === 'parameter' && 'name' in node && typeof node.name === 'string') yield node.name
  for (const child of Object.values(node)) yield* parametersIn(child)
}
