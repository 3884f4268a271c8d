import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {isObject} from '../../lib/is-object.ts'
import {LIMITS} from '../../lib/limits.ts'
import {fileAt, readTextAt} from '../files.ts'

/** The files of the image, as far as Node's resolution asks for them. */
export type ModuleFiles = Pick<RootFs, 'lookup' | 'open'>

/** A module's file. */
export interface ModuleFile {
  readonly node: FileNode
}

const ENDS = ['', '.js', '.json', '.node'] as const

/**
 * The directories of a package of this name that Node would look at from a directory, the nearest first: node_modules
 * of each directory upwards. https://nodejs.org/api/modules.html#loading-from-node_modules-folders
 */
export function packageDirectories(from: string, name: string): readonly string[] {
  const parts = from.split('/').filter(part => part !== '')
  const found: string[] = []
  for (let length = parts.length; length >= 0; length -= 1) {
    if (parts[length - 1] === 'node_modules') continue
    const above = parts.slice(0, length).join('/')
    found.push(`${above === '' ? '' : `/${above}`}/node_modules/${name}`)
  }
  return found
}

/**
 * The directory, without a link in it, of the package that Node takes from a directory; undefined where there is none.
 */
export async function findPackage(
  files: Pick<ModuleFiles, 'lookup'>,
  from: string,
  name: string,
): Promise<string | undefined> {
  for (const directory of packageDirectories(from, name)) {
    const found = await files.lookup(directory)
    if (found.outcome === 'found' && found.node.kind === 'directory') return found.node.path
  }
  return undefined
}

/** The main file of a package. */
export async function packageMain(
  files: ModuleFiles,
  directory: string,
  isImport: boolean,
): Promise<ModuleFile | undefined> {
  const manifest = await readManifest(files, directory)
  if (manifest?.exports === undefined || manifest.exports === null) return mainOf(files, directory, manifest)
  const target = exported(manifest.exports, '.', isImport)
  return target === undefined ? undefined : findFile(files, `${directory}/${target}`, [''])
}

/** The file that a module of `from`, a directory, names; undefined for what is Node's own, or is not found. */
export async function resolveModule(
  files: ModuleFiles,
  from: string,
  specifier: string,
  isImport: boolean,
): Promise<ModuleFile | undefined> {
  if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(specifier)) {
    const path = specifier.startsWith('/') ? specifier : `${from}/${specifier}`
    return isImport ? findFile(files, path, ['']) : fileOrDirectory(files, path)
  }
  const [, name, below = ''] = /^((?:@[^/]+\/)?[^/@.:][^/:]*)(\/.*)?$/.exec(specifier) ?? []
  if (name === undefined) return undefined
  const directory = await findPackage(files, from, name)
  if (directory === undefined) return undefined
  const manifest = await readManifest(files, directory)
  if (manifest?.exports !== undefined && manifest.exports !== null) {
    const target = exported(manifest.exports, `.${below}`, isImport)
    return target === undefined ? undefined : findFile(files, `${directory}/${target}`, [''])
  }
  return below === '' ? mainOf(files, directory, manifest) : fileOrDirectory(files, `${directory}${below}`)
}

async function fileOrDirectory(files: ModuleFiles, path: string): Promise<ModuleFile | undefined> {
  const file = path.endsWith('/') ? undefined : await findFile(files, path, ENDS)
  if (file !== undefined) return file
  const found = await files.lookup(path)
  if (found.outcome !== 'found' || found.node.kind !== 'directory') return undefined
  return mainOf(files, found.node.path, await readManifest(files, found.node.path))
}

/** `main`, as a file or as a directory with an index, else the directory's own index. */
async function mainOf(
  files: ModuleFiles,
  directory: string,
  manifest: Manifest | undefined,
): Promise<ModuleFile | undefined> {
  const main = manifest?.main
  const named =
    main === undefined
      ? undefined
      : ((await findFile(files, `${directory}/${main}`, ENDS)) ??
        (await findFile(files, `${directory}/${main}/index`, ENDS.slice(1))))
  return named ?? findFile(files, `${directory}/index`, ENDS.slice(1))
}

async function findFile(files: ModuleFiles, path: string, ends: readonly string[]): Promise<ModuleFile | undefined> {
  for (const end of ends) {
    const node = await fileAt(files, path + end)
    if (node !== undefined) return {node}
  }
  return undefined
}

interface Manifest {
  readonly main?: string
  readonly exports?: unknown
}

async function readManifest(files: ModuleFiles, directory: string): Promise<Manifest | undefined> {
  const text = await readTextAt(files, `${directory}/package.json`, LIMITS['package-manifest-bytes'].most)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value)) return undefined
    const {main, exports} = value
    return {...defined({main: typeof main === 'string' && main !== '' ? main : undefined}), exports}
  } catch {
    return undefined
  }
}

/**
 * What the `exports` of a package give for `.` or a path: the first condition that fits, in their order. Patterns are
 * not followed. https://nodejs.org/api/packages.html#conditional-exports
 */
function exported(exports: unknown, path: string, isImport: boolean): string | undefined {
  const hasPaths = isObject(exports) && Object.keys(exports).some(key => key.startsWith('.'))
  if (hasPaths) return Object.hasOwn(exports, path) ? conditional(exports[path], isImport, 0) : undefined
  return path === '.' ? conditional(exports, isImport, 0) : undefined
}

function conditional(value: unknown, isImport: boolean, level: number): string | undefined {
  if (typeof value === 'string') return value.startsWith('./') ? value : undefined
  if (level >= LIMITS['package-conditions'].most || !isObject(value)) return undefined
  for (const [condition, target] of Object.entries(value)) {
    const fits = condition === (isImport ? 'import' : 'require') || condition === 'node' || condition === 'default'
    // What depends on Node's release leads to the same add-on.
    const found = fits ? conditional(target, isImport, level + 1) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
