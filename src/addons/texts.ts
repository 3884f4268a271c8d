import {LIMITS} from '../lib/limits.ts'
import {isDepsManifest, type NativeAssets, parseDepsManifest} from './dotnet/deps-manifest.ts'
import {type NodeManifest, parseNodeManifest} from './node/manifest.ts'
import {parseModuleVersion} from './node/node-target.ts'

/** What is kept of a file that says which add-ons are wanted. */
export type AddonText =
  | {readonly kind: 'node-manifest'; readonly manifest: NodeManifest}
  /** `process.versions.modules` of the Node beside it. */
  | {readonly kind: 'node-version'; readonly modules: string}
  | {readonly kind: 'dotnet-deps'; readonly libraries: readonly NativeAssets[]}

/** Where a package of Node, or an application, says what it depends on. */
const NODE_MANIFEST = /\/package\.json$/
const NODE_VERSION = /\/include\/node\/node_version\.h$/

/** Whether a file says which add-ons are wanted, by its name. */
export function isAddonText({path, size}: {readonly path: string; readonly size: number}): boolean {
  if (isDepsManifest(path)) return size <= LIMITS['dotnet-deps-bytes'].most
  return size <= LIMITS['package-manifest-bytes'].most && (NODE_MANIFEST.test(path) || NODE_VERSION.test(path))
}

/** What such a file says; undefined where it is not what its name says. */
export function readAddonText(path: string, bytes: Uint8Array): AddonText | undefined {
  const text = new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)
  if (isDepsManifest(path)) {
    const libraries = parseDepsManifest(text)
    return libraries.length === 0 ? undefined : {kind: 'dotnet-deps', libraries}
  }
  if (NODE_VERSION.test(path)) {
    const modules = parseModuleVersion(text)
    return modules === undefined ? undefined : {kind: 'node-version', modules}
  }
  const manifest = NODE_MANIFEST.test(path) ? parseNodeManifest(text) : undefined
  return manifest && {kind: 'node-manifest', manifest}
}
