import type {ResolvedStage} from '../resolve.ts'
import type {PlatformBuild} from './context.ts'
import {COMPILED_FOR, compiledArchitecture, textOf, URL} from './mentions.ts'
import {findArchitectures} from './names.ts'

/** Architectures that are named: one that stands beside others is not the only one, and somebody chooses among them. */
export interface NamedBeside {
  /** For compilers, in all reachable stages. */
  readonly compiled: ReadonlySet<string>
  /** In this stage. */
  readonly downloaded: ReadonlySet<string>
  readonly copied: ReadonlySet<string>
}

export function compiledFor({reachable}: PlatformBuild): ReadonlySet<string> {
  const texts = reachable.flatMap(({instructions}) => instructions.map(({instruction}) => textOf(instruction)))
  const named = texts.flatMap(text => Array.from(text.matchAll(COMPILED_FOR), compiledArchitecture))
  return new Set(named.flatMap(architecture => (architecture === undefined ? [] : [architecture])))
}

export function namedIn({instructions}: ResolvedStage): Omit<NamedBeside, 'compiled'> {
  const urls = instructions.flatMap(({instruction}) => textOf(instruction).match(URL) ?? [])
  const sources = instructions.flatMap(({instruction}) => (instruction.kind === 'copy' ? instruction.sources : []))
  return {downloaded: architecturesIn(urls), copied: architecturesIn(sources)}
}

function architecturesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(text => findArchitectures(text).map(({architecture}) => architecture)))
}

export function hasOther(named: ReadonlySet<string>, architecture: string): boolean {
  return named.size > (named.has(architecture) ? 1 : 0)
}
