import {readTokens, type Token} from './javascript.ts'

/** A module that another one loads whenever it is loaded itself. */
export interface CertainLoad {
  readonly specifier: string
  /** By `import` or `export … from`; else by `require`. */
  readonly isImport: boolean
  /** What it gives is called at once: `require('node-gyp-build')(__dirname)`. */
  readonly isCalled: boolean
  /** An object is made of what it gives: `new Database('/data/app.db')`. */
  readonly isMade?: boolean
}

/** What a module does when it is loaded. */
export interface ModuleText {
  readonly loads: readonly CertainLoad[]
  /** It may throw where its blocks run: not only within functions. */
  readonly throws: boolean
}

const NOTHING: ModuleText = {loads: [], throws: false}

/**
 * What a module loads for certain: its `import` declarations, which are hoisted, and each `require` of a literal that
 * is a statement of its own, or the value of one, outside of every block. Before such a statement nothing may end the
 * module: a `return`, a `process.exit` that runs with it. Where an error handler for the whole process is named,
 * nothing is certain. Whatever is written otherwise is not seen.
 */
export function readModuleText(text: string): ModuleText {
  const tokens = readTokens(text)
  if (tokens === undefined || tokens.some(isErrorHandler)) return NOTHING
  const end = tokens.findIndex((_, index) => endsModule(tokens, index))
  const loads: CertainLoad[] = []
  /** Names that stand for the value of a module, and the place of that in `loads`. */
  const names = new Map<string, number>()
  for (const [index, token] of tokens.entries()) {
    if (token.depth !== 0 || !startsStatement(tokens, index)) continue
    const imported = readImport(tokens, index)
    if (imported !== undefined) {
      if (imported.name !== undefined) names.set(imported.name, loads.length)
      loads.push({specifier: imported.specifier, isImport: true, isCalled: false})
      continue
    }
    if (end >= 0 && index >= end) continue
    const {name, value} = readAssigned(tokens, index)
    const made = readMade(tokens, value)
    if (made !== undefined) {
      const known = 'name' in made ? names.get(made.name) : undefined
      const load = known === undefined ? undefined : loads[known]
      if (known !== undefined && load !== undefined) loads[known] = {...load, isMade: true}
      if ('specifier' in made) loads.push({...made, isImport: false, isCalled: false, isMade: true})
      continue
    }
    const required = readRequire(tokens, value)
    if (required !== undefined) {
      if (name !== undefined) names.set(name, loads.length)
      loads.push({specifier: required.specifier, isImport: false, isCalled: required.isCalled})
      continue
    }
    const called = calledName(tokens, value)
    const known = called === undefined ? undefined : names.get(called)
    const load = known === undefined ? undefined : loads[known]
    if (known !== undefined && load !== undefined) loads[known] = {...load, isCalled: true}
  }
  return {
    loads,
    throws: tokens.some(({kind, text: word, isOfModule}) => kind === 'word' && word === 'throw' && isOfModule),
  }
}

function isErrorHandler({kind, text}: Token): boolean {
  return kind === 'string' && (text === 'uncaughtException' || text === 'unhandledRejection')
}

function endsModule(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index]
  if (token?.kind !== 'word' || !token.isOfModule) return false
  if (token.text === 'return') return true
  return token.text === 'process' && isMark(tokens[index + 1], '.') && tokens[index + 2]?.text === 'exit'
}

/** Words and marks after which a line goes on. */
const GOES_ON = /^(?:[=(,.?:&|+\-*%<>!^~[{]|=>|[=!]==?|[<>]=|&&=?|\|\|=?|\?\?=?|\?\.|[-+*/%&|^]=|\*\*=?)$/

/** Whether a statement begins at a token outside of all brackets, and is not a body of another. */
function startsStatement(tokens: readonly Token[], index: number): boolean {
  const [previous, token] = [tokens[index - 1], tokens[index]]
  if (token?.kind !== 'word') return isMark(token, '(') && (previous === undefined || isMark(previous, ';'))
  if (previous === undefined) return true
  if (previous.kind === 'mark') {
    if (previous.text === ';') return true
    if (previous.text === '}') return token.startsLine
    return token.startsLine && previous.endsHead !== true && !GOES_ON.test(previous.text)
  }
  return (
    token.startsLine && !/^(?:else|do|return|typeof|await|void|new|in|of|extends|const|let|var)$/.test(previous.text)
  )
}

/** `import x from 'm'`, `import 'm'`, `export * from 'm'`; not `import('m')`, and not `import type`. */
function readImport(
  tokens: readonly Token[],
  index: number,
): {specifier: string; name: string | undefined} | undefined {
  const word = tokens[index]?.text
  const next = tokens[index + 1]
  if ((word !== 'import' && word !== 'export') || tokens[index]?.kind !== 'word') return undefined
  if (word === 'import' && next?.kind === 'string') return {specifier: next.text, name: undefined}
  if (isMark(next, '(') || isMark(next, '.') || next?.text === 'type') return undefined
  if (word === 'export' && !isMark(next, '*') && !isMark(next, '{')) return undefined
  for (let at = index + 1; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined || isMark(token, ';') || isMark(token, '=')) return undefined
    if (token.kind === 'string' && token.depth > 0) continue
    if (token.kind === 'string') {
      const isFrom = tokens[at - 1]?.text === 'from'
      const name = next?.kind === 'word' ? next.text : undefined
      return isFrom && token.depth === 0 ? {specifier: token.text, name} : undefined
    }
    if (at > index + 1 && token.depth === 0 && token.startsLine && /^(?:import|export|const|let|var)$/.test(token.text))
      return undefined
  }
  return undefined
}

/** The place of what a statement gives to a name, and the name; of any other statement its own place. */
function readAssigned(tokens: readonly Token[], index: number): {name: string | undefined; value: number} {
  let at = index
  if (tokens[at]?.text === 'export') at += 1
  const isDeclaration = /^(?:const|let|var)$/.test(tokens[at]?.text ?? '')
  if (isDeclaration) at += 1
  const first = tokens[at]
  const name = isDeclaration && first?.kind === 'word' ? first.text : undefined
  if (isDeclaration && (isMark(first, '{') || isMark(first, '['))) {
    const depth = first?.depth ?? 0
    at += 1
    while (at < tokens.length && (tokens[at]?.depth ?? 0) > depth) at += 1
    // The closing bracket itself stands outside.
    at += 1
  } else {
    at += 1
    while (isMark(tokens[at], '.') && tokens[at + 1]?.kind === 'word') at += 2
  }
  return isMark(tokens[at], '=') ? {name, value: at + 1} : {name: undefined, value: index}
}

/** What compilers of TypeScript and bundlers put around a `require`. */
const WRAPPERS = /^(?:__importDefault|__importStar|_interopRequireDefault|_interopRequireWildcard|__toESM)$/

function readRequire(
  tokens: readonly Token[],
  index: number,
): {readonly specifier: string; readonly isCalled: boolean} | undefined {
  const isWrapped = WRAPPERS.test(tokens[index]?.text ?? '') && isMark(tokens[index + 1], '(')
  const at = isWrapped ? index + 2 : index
  const [word, open, specifier, close] = tokens.slice(at, at + 4)
  if (word?.kind !== 'word' || word.text !== 'require' || !isMark(open, '(')) return undefined
  if (specifier?.kind !== 'string' || !isMark(close, ')')) return undefined
  return {specifier: specifier.text, isCalled: !isWrapped && isMark(tokens[at + 4], '(')}
}

/** `name(`, `name.default(`, `(0, name.default)(`, `name.find(`: the name of what is called there. */
function calledName(tokens: readonly Token[], index: number): string | undefined {
  const isComma = isMark(tokens[index], '(') && tokens[index + 1]?.text === '0' && isMark(tokens[index + 2], ',')
  let at = isComma ? index + 3 : index
  const name = tokens[at]
  if (name?.kind !== 'word') return undefined
  at += 1
  if (isMark(tokens[at], '.') && /^(?:default|find)$/.test(tokens[at + 1]?.text ?? '')) at += 2
  if (isComma) {
    if (!isMark(tokens[at], ')')) return undefined
    at += 1
  }
  return isMark(tokens[at], '(') ? name.text : undefined
}

/**
 * `new name(`, `new name.default(`, `new (require('m'))(`: what an object is made of. Undefined where the words behind
 * it may hold settings that are not written out.
 */
function readMade(tokens: readonly Token[], index: number): {name: string} | {specifier: string} | undefined {
  if (tokens[index]?.kind !== 'word' || tokens[index]?.text !== 'new') return undefined
  const required = isMark(tokens[index + 1], '(') ? readRequire(tokens, index + 2) : undefined
  if (required !== undefined && !required.isCalled) {
    const isWhole = isMark(tokens[index + 6], ')') && hasPlainSettings(tokens, index + 7)
    return isWhole ? {specifier: required.specifier} : undefined
  }
  const name = calledName(tokens, index + 1)
  if (name === undefined || isMark(tokens[index + 1], '(')) return undefined
  const open = isMark(tokens[index + 2], '.') ? index + 4 : index + 2
  return hasPlainSettings(tokens, open) ? {name} : undefined
}

/** Words by which a package may take its native code from elsewhere. */
const ELSEWHERE = new Set(['nativeBinding', '__proto__'])

/** Whether the second of the values in brackets, if there is one, is an object whose keys are all written out. */
function hasPlainSettings(tokens: readonly Token[], open: number): boolean {
  if (!isMark(tokens[open], '(')) return false
  const depth = tokens[open]?.depth ?? 0
  const close = tokens.findIndex((token, at) => at > open && token.depth === depth && isMark(token, ')'))
  const values = tokens.slice(open + 1, close)
  const isSpread = ({text}: Token, at: number): boolean => text === '.' && values[at + 1]?.text === '.'
  if (values.some((token, at) => ELSEWHERE.has(token.text) || isSpread(token, at))) return false
  const comma = values.findIndex(token => token.depth === depth + 1 && isMark(token, ','))
  const settings = comma < 0 ? [] : values.slice(comma + 1)
  return settings.length === 0 || (isMark(settings[0], '{') && !settings.some(token => isMark(token, '[')))
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text
}
