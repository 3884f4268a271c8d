import {posix} from 'node:path'
import {isObject} from '../../lib/is-object.ts'

/** A package as Yarn's Plug'n'Play knows it. */
export interface PnpPackage {
  /** Empty of the top of the tree. */
  readonly name: string
  /** Absolute, without a slash at the end; of a package in the cache a path into its zip. */
  readonly location: string
  /** What it may require, by name: the keys of packages. What is left out is a peer that nobody gave. */
  readonly dependencies: ReadonlyMap<string, string>
  /** It is a part of the project itself. */
  readonly isWorkspace: boolean
}

/** By `name@reference`. */
export type PnpState = ReadonlyMap<string, PnpPackage>

/** The key of a package. */
function keyOf(name: unknown, reference: unknown): string {
  return `${typeof name === 'string' ? name : ''}@${typeof reference === 'string' ? reference : ''}`
}

/**
 * What `.pnp.cjs` of Yarn 2 and newer, or `.pnp.data.json` beside it, says of packages; the same on every platform,
 * whichever packages are installed. Undefined where it is not such a file. `directory` is where it stands.
 * https://yarnpkg.com/advanced/pnp-spec
 */
export function parsePnpState(text: string, directory: string): PnpState | undefined {
  const json = text.startsWith('{') ? text : stateIn(text)
  let value: unknown
  try {
    value = JSON.parse(json ?? '')
  } catch {
    return undefined
  }
  if (!isObject(value) || !Array.isArray(value.packageRegistryData)) return undefined
  const packages = new Map<string, PnpPackage>()
  for (const [name, references] of pairsIn(value.packageRegistryData)) {
    for (const [reference, data] of pairsIn(references)) {
      if (!isObject(data) || typeof data.packageLocation !== 'string') continue
      packages.set(keyOf(name, reference), {
        name: typeof name === 'string' ? name : '',
        location: locationOf(data.packageLocation, directory),
        dependencies: dependenciesIn(data.packageDependencies),
        isWorkspace: data.linkType === 'SOFT' && !/(?:^|\/)\.yarn\//.test(data.packageLocation),
      })
    }
  }
  return packages.size === 0 ? undefined : packages
}

/**
 * The text of its state. Yarn 4 has it as a string of its own, Yarn 3 as a string that is parsed where it is handed
 * over, Yarn 2 as what is handed over.
 */
function stateIn(text: string): string | undefined {
  const start = /^(?:const RAW_RUNTIME_STATE =\s*| *return hydrateRuntimeState\(JSON\.parse\()'/m.exec(text)
  if (start !== null) return stringAt(text, start.index + start[0].length)
  const [call] = /^ *return hydrateRuntimeState\((?=\{)/m.exec(text) ?? []
  const begin = call === undefined ? -1 : text.indexOf(call) + call.length
  const end = text.indexOf(', {basePath: basePath || __dirname});', begin)
  return begin < 0 || end < 0 ? undefined : text.slice(begin, end)
}

/** A string between single quotes, with a backslash before those in it, other backslashes and ends of lines. */
function stringAt(text: string, begin: number): string | undefined {
  for (let end = text.indexOf("'", begin); end >= 0; end = text.indexOf("'", end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === '\\') escapes += 1
    if (escapes % 2 === 0) return text.slice(begin, end).replace(/\\([\s\S])/g, '$1')
  }
  return undefined
}

function pairsIn(value: unknown): readonly (readonly [unknown, unknown])[] {
  return Array.isArray(value) ? value.flatMap(one => (Array.isArray(one) ? [[one[0], one[1]] as const] : [])) : []
}

/** `["name", "reference"]`, or of an alias `["name", ["other", "reference"]]`. */
function dependenciesIn(value: unknown): ReadonlyMap<string, string> {
  return new Map(
    pairsIn(value).flatMap(([name, target]) => {
      if (typeof name !== 'string' || target === null || target === undefined) return []
      const key = Array.isArray(target) ? keyOf(target[0], target[1]) : keyOf(name, target)
      return [[name, key] as const]
    }),
  )
}

/**
 * A copy for other peers has a path of its own that leads to the one package: `.yarn/__virtual__/HASH/1/cache/x.zip`
 * is one directory above `.yarn`. https://yarnpkg.com/advanced/pnp-spec#virtual-folders
 */
function locationOf(location: string, directory: string): string {
  const path = posix.join('/', directory, location).replace(/(?<=.)\/+$/, '')
  const [, above, depth, below = ''] =
    /^(.*)\/(?:__virtual__|\$\$virtual)\/[^/]+\/([0-9]+)(?:\/(.*))?$/.exec(path) ?? []
  if (above === undefined || depth === undefined) return path
  return posix.join(above, ...Array<string>(Math.min(Number(depth), 100)).fill('..'), below)
}
