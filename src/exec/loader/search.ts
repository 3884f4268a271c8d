import {createLimiter} from '../../lib/concurrency.ts'
import {type Bound, fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {joinPath} from '../resolved-path.ts'
import {type LoadedObject, type Opened, openLibrary, type Sights} from './object.ts'
import type {LibcKind, Rejected} from './obstacle.ts'

/** How one libc's loader looks for libraries. */
export interface LoaderRules {
  readonly libc: LibcKind
  /** Paths to try for a name, in order; made as they are tried, for there may be many and the first may do. */
  candidates(name: string, requester: LoadedObject): Iterable<string>
  /** The loader brings it itself, or it is one of those that are loaded. */
  satisfies(name: string, loaded: readonly LoadedObject[]): boolean
  /** The directories that are searched, for the report. */
  searched(requester: LoadedObject): readonly string[]
}

/** A name for which nothing was found. */
export interface Unfound {
  readonly name: string
  readonly requester: LoadedObject
  readonly rejected: readonly Rejected[]
  /** Where the loader gave up over a file instead of looking on. */
  readonly fatal?: Rejected
  readonly otherClass: boolean
}

/**
 * All that the loader loads for a program, breadth first as it does, and what it does not find. `beyond`: why there may
 * be more of both.
 */
export async function loadAll(
  sights: Sights,
  program: LoadedObject,
  rules: LoaderRules,
  bound: Bound = fixedBound('loaded-objects'),
): Promise<{
  readonly loaded: readonly LoadedObject[]
  readonly unfound: readonly Unfound[]
  readonly beyond: string | undefined
}> {
  const loaded: LoadedObject[] = [program]
  const unfound: Unfound[] = []
  // Of what is loaded, and of what is not there, nothing changes: a thousand libraries may name each other.
  const settled = new Set<string>()
  const search = (name: string, requester: LoadedObject) => find(sights, name, requester, rules)
  let level = 0
  let ahead: SearchedAhead = new Map()
  for (let index = 0; index < loaded.length && loaded.length <= bound.most; index++) {
    const requester = loaded[index]
    if (!requester) break
    if (index === level) {
      const isKnown = (name: string): boolean => settled.has(name) || rules.satisfies(name, loaded)
      ahead = searchAhead(loaded.slice(level), {isKnown, search, most: bound.most})
      level = loaded.length
    }
    for (const name of requester.dynamic.needed) {
      if (settled.has(name)) continue
      if (rules.satisfies(name, loaded)) {
        settled.add(name)
        continue
      }
      const early = ahead.get(name)
      const found = await (early?.requester === requester ? early.found : search(name, requester))
      if ('requester' in found) {
        unfound.push(found)
        settled.add(name)
      }
      // A second name for a file that is loaded already adds nothing.
      else if (!loaded.some(object => object.node.path === found.node.path)) loaded.push(found)
    }
  }
  return {loaded, unfound, beyond: beyondLimits(loaded, bound)}
}

/** What is searched for before its turn, by name. */
type SearchedAhead = ReadonlyMap<
  string,
  {readonly requester: LoadedObject; readonly found: Promise<LoadedObject | Unfound>}
>

/** How many are searched for at once: with a long search path each takes memory for every directory of it. */
const AT_ONCE = 32

/**
 * Begins to search for all that the objects of one level need, for the first that needs it: what is asked for at once
 * is read in one pass over a layer. A search that fails does so where its result is asked for.
 */
function searchAhead(
  level: readonly LoadedObject[],
  {
    isKnown,
    search,
    most,
  }: {
    isKnown(name: string): boolean
    search(name: string, requester: LoadedObject): Promise<LoadedObject | Unfound>
    readonly most: number
  },
): SearchedAhead {
  const first = new Map<string, LoadedObject>()
  for (const requester of level) {
    for (const name of requester.dynamic.needed) if (first.size < most && !first.has(name)) first.set(name, requester)
  }
  const limiter = createLimiter(AT_ONCE)
  const ahead = new Map<string, {requester: LoadedObject; found: Promise<LoadedObject | Unfound>}>()
  for (const [name, requester] of first) {
    if (isKnown(name)) continue
    const found = limiter(() => search(name, requester))
    found.catch(() => undefined)
    ahead.set(name, {requester, found})
  }
  return ahead
}

function beyondLimits(loaded: readonly LoadedObject[], bound: Bound): string | undefined {
  if (loaded.length > bound.most) return tellLimit(bound, most => `more than ${most} libraries are loaded`)
  const [one] = loaded.filter(({dynamic}) => dynamic.unknownNeeds !== undefined)
  return one && `what ${one.path} needs is not all known: ${one.dynamic.unknownNeeds}`
}

async function find(
  sights: Sights,
  name: string,
  requester: LoadedObject,
  rules: LoaderRules,
): Promise<LoadedObject | Unfound> {
  const rejected: Rejected[] = []
  let otherClass = false
  for (const path of rules.candidates(name, requester)) {
    const opened: Opened = await openLibrary(sights, {name, path, loader: requester}, rules.libc)
    if (opened.kind === 'loaded') return opened.object
    if (opened.kind === 'missing') continue
    rejected.push(opened.rejected)
    if (opened.kind === 'fatal') return {name, requester, rejected, fatal: opened.rejected, otherClass}
    otherClass ||= opened.otherClass
  }
  return {name, requester, rejected, otherClass}
}

/** `directory/name` for each directory, each once. */
export function inDirectories(directories: readonly string[], name: string): readonly string[] {
  return [...new Set(directories)].map(directory => joinPath(directory, name))
}
