import {posix} from 'node:path'
import type {FileNode, Lookup} from '../../image/rootfs.ts'
import {bytesAccess, type RandomAccess} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import {readZipDirectory, type ZipEntry} from '../../lib/zip-directory.ts'
import {openEntry} from '../../lib/zip-entry.ts'
import {readTextAt} from '../files.ts'
import {type PnpPackage, type PnpState, parsePnpState} from './pnp-state.ts'
import type {ModuleFiles} from './resolve.ts'

/** The state of Plug'n'Play in a directory; undefined where it has none. */
export async function readPnpState(files: ModuleFiles, directory: string): Promise<PnpState | undefined> {
  for (const name of ['.pnp.data.json', '.pnp.cjs']) {
    const text = await readTextAt(files, `${directory}/${name}`, LIMITS['pnp-state-bytes'].most)
    const state = text === undefined ? undefined : parsePnpState(text, directory || '/')
    if (state !== undefined) return state
  }
  return undefined
}

/** Where a zip of the cache ends on a path, and what is behind it in the zip. */
const IN_ZIP = /^(.*?\.zip)(?:\/(.*))?$/

/**
 * The files of an image as a Node with Plug'n'Play sees them: the directory `node_modules/NAME` of a package is
 * that of the package which it may require by this name, and zips of Yarn's cache are directories.
 */
export function pnpFiles(files: ModuleFiles, state: PnpState): ModuleFiles {
  const byLocation = new Map([...state.values()].map(one => [one.location, one] as const))
  const zips = new Map<string, Promise<OpenZip | undefined>>()
  const zipAt = (path: string): Promise<OpenZip | undefined> => {
    const known = zips.get(path) ?? (zips.size < LIMITS['followed-modules'].most ? openZip(files, path) : undefined)
    if (known !== undefined) zips.set(path, known)
    return known ?? Promise.resolve(undefined)
  }
  const lookInto = async (path: string): Promise<Lookup> => {
    // There are no links in a zip: `./main.js` of a package.json and the like can be told from the path alone.
    const plain = posix.normalize(path).replace(/(?<=.)\/$/, '')
    const [, zip, below = ''] = /\.zip(?:\/|$)/.test(plain) ? (IN_ZIP.exec(plain) ?? []) : []
    if (zip === undefined) return files.lookup(path)
    const found = (await zipAt(zip))?.find(below)
    return found === undefined
      ? {outcome: 'missing', at: path, hops: [], through: []}
      : {outcome: 'found', node: {...found, path: plain}, hops: [], through: []}
  }
  return {
    lookup: async path => {
      const [, from = '', name, below = ''] = /^(.*)\/node_modules\/((?:@[^/]+\/)?[^/]+)((?:\/.*)?)$/.exec(path) ?? []
      const required = name === undefined ? undefined : requiredBy(byLocation.get(from || '/'), name, state)
      return lookInto(required === undefined ? path : `${required.location}${below}`)
    },
    open: async node => {
      const [, zip, below = ''] = /\.zip\//.test(node.path) ? (IN_ZIP.exec(node.path) ?? []) : []
      if (zip === undefined) return files.open(node)
      return (await (await zipAt(zip))?.open(below)) ?? bytesAccess(new Uint8Array())
    },
  }
}

/** The package that another one gets by a name. */
export function requiredBy(from: PnpPackage | undefined, name: string, state: PnpState): PnpPackage | undefined {
  const key = from?.dependencies.get(name)
  return key === undefined ? undefined : state.get(key)
}

interface OpenZip {
  find(path: string): FileNode | undefined
  open(path: string): Promise<RandomAccess | undefined>
}

async function openZip(files: ModuleFiles, path: string): Promise<OpenZip | undefined> {
  const found = await files.lookup(path)
  if (found.outcome !== 'found' || found.node.kind !== 'file') return undefined
  const {node} = found
  const content = await files.open(node)
  const entries = await readZipDirectory(content, LIMITS['zip-directory-bytes'].most)
  if (entries === undefined) return undefined
  const byName = new Map<string, ZipEntry>()
  const directories = new Set<string>([''])
  for (const entry of entries) {
    if (!entry.name.endsWith('/')) byName.set(entry.name, entry)
    for (let at = entry.name.indexOf('/'); at >= 0; at = entry.name.indexOf('/', at + 1))
      directories.add(entry.name.slice(0, at))
  }
  const most = LIMITS['module-bytes'].most
  return {
    find: name => {
      const entry = byName.get(name)
      if (entry !== undefined) return {...node, size: entry.compressedSize}
      return directories.has(name) ? {...node, kind: 'directory', size: 0} : undefined
    },
    open: async name => {
      const entry = byName.get(name)
      return entry && openEntry(content, entry, most)
    },
  }
}
