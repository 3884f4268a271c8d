import {isObject} from '../../lib/is-object.ts'
import {LIMITS} from '../../lib/limits.ts'

/** What is kept of a package.json. https://docs.npmjs.com/cli/v11/configuring-npm/package-json */
export interface NodeManifest {
  readonly name: string
  readonly version: string
  /** Names in `dependencies`, those that are optional as well left out, as npm does. */
  readonly dependencies: readonly string[]
  /** Names in `optionalDependencies`. */
  readonly optional: readonly string[]
  /** Of node-pre-gyp: `module_name`, and `module_path` with variables in it. */
  readonly binary?: {readonly moduleName: string; readonly modulePath: string}
}

/** npm takes names of 214 characters. */
const NAME = /^(?:@[^/\\\s\0]{1,213}\/)?[^/\\\s\0]{1,214}$/

/** Reads a package.json as Node does: JSON, an object. Undefined where it is none. */
export function parseNodeManifest(text: string): NodeManifest | undefined {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const optional = namesIn(value.optionalDependencies)
  const isOptional = new Set(optional)
  return {
    name: typeof value.name === 'string' ? value.name.slice(0, 300) : '',
    version: typeof value.version === 'string' ? value.version.slice(0, 100) : '',
    dependencies: namesIn(value.dependencies).filter(name => !isOptional.has(name)),
    optional,
    ...binaryOf(value.binary),
  }
}

/** In characters: a path has no more of them in one name. */
const LONGEST = 255

function binaryOf(value: unknown): Pick<NodeManifest, 'binary'> {
  if (!isObject(value)) return {}
  const {module_name: moduleName, module_path: modulePath} = value
  if (typeof moduleName !== 'string' || typeof modulePath !== 'string') return {}
  const isPlain = /^[\w.-]+$/.test(moduleName) && modulePath.length <= LONGEST && moduleName.length <= LONGEST
  return isPlain ? {binary: {moduleName, modulePath}} : {}
}

function namesIn(value: unknown): readonly string[] {
  if (!isObject(value)) return []
  return Object.keys(value)
    .filter(name => NAME.test(name) && !/(?:^|\/)\.\.?$/.test(name))
    .slice(0, LIMITS['package-dependencies'].most)
}
