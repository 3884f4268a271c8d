import type {FileNode} from '../image/rootfs.ts'
import {LIMITS} from '../lib/limits.ts'
import {baseName, directoryOf} from '../lib/paths.ts'
import type {NativeFile} from './addon.ts'
import type {NativeAssets} from './dotnet/deps-manifest.ts'
import type {DotnetListing} from './dotnet/find-dotnet-addons.ts'
import {isJavaLibrary, type JavaListing} from './java/find-java-addons.ts'
import type {JarNatives} from './java/java-archive.ts'
import type {NodeManifest} from './node/manifest.ts'
import type {NodeListing} from './node/node-input.ts'
import type {PythonListing} from './python/find-python-addons.ts'
import type {AddonText} from './texts.ts'

/** What is kept of a walk through all files until it is known which interpreters the image has. */
export interface AddonCollector {
  /** A file that may be an add-on; `native` where it is one. */
  addFile(node: FileNode, native: NativeFile | undefined): void
  addText(path: string, text: AddonText): void
  addJar(path: string, natives: readonly JarNatives[]): void
  finish(): AddonListing
}

export interface AddonListing {
  readonly node: NodeListing
  readonly python: PythonListing
  readonly java: JavaListing
  readonly dotnet: DotnetListing
  /** NODE_MODULE_VERSION by the directory in which Node was installed: `/usr/local`. */
  readonly moduleVersions: ReadonlyMap<string, string>
}

/** Of Python: below a directory of packages, a module of its own, or by its name anywhere. */
const EXTENSION = /\/(?:site-packages|dist-packages|lib-dynload)\/.*\.so$|\.(?:cpython-3[0-9]+t?-[^/.]*|abi3)\.so$/
const SITE = /\/lib(?:64)?\/python3\.[0-9]+t?\/(?:site|dist)-packages$/

const UNKNOWN: NativeFile = {machine: '', fit: 'unknown'}

const KEPT = LIMITS['addon-files'].most

export function createAddonCollector(): AddonCollector {
  const manifests = new Map<string, NodeManifest>()
  const natives = new Map<string, NativeFile>()
  const wasm: string[] = []
  const extensions = new Map<string, NativeFile>()
  const sites: string[] = []
  const moduleVersions = new Map<string, string>()
  const jars = new Map<string, readonly JarNatives[]>()
  const ofJava = new Set<string>()
  const applications = new Map<string, readonly NativeAssets[]>()
  return {
    addFile({path, kind}, native) {
      if (kind === 'directory') {
        if (SITE.test(path) && sites.length < KEPT) sites.push(path)
        return
      }
      if (EXTENSION.test(path) && extensions.size < KEPT) extensions.set(path, native ?? UNKNOWN)
      if (native?.fit === 'own' && isJavaLibrary(path)) ofJava.add(baseName(path))
      if (natives.size >= KEPT) return
      if (path.endsWith('.node')) natives.set(path, native ?? UNKNOWN)
      else if (!path.includes('/node_modules/')) return
      else if (native?.fit === 'own') natives.set(path, native)
      else if (path.endsWith('.wasm') && wasm.length < KEPT) wasm.push(path)
    },
    addText(path, text) {
      if (text.kind === 'node-version') moduleVersions.set(path.replace(/\/include\/node\/[^/]+$/, ''), text.modules)
      else if (text.kind === 'dotnet-deps') {
        if (applications.size < KEPT) applications.set(path, text.libraries)
      } else if (manifests.size < KEPT && isPackage(path)) manifests.set(directoryOf(path), text.manifest)
    },
    addJar(path, found) {
      if (jars.size < KEPT) jars.set(path, found)
    },
    finish: () => ({
      node: {manifests, natives, wasm},
      python: {extensions, sites},
      java: {jars, names: ofJava},
      dotnet: {manifests: applications},
      moduleVersions,
    }),
  }
}

/** The package.json of an installed package, or of what is not in node_modules: not one within a package. */
function isPackage(path: string): boolean {
  const at = path.lastIndexOf('/node_modules/')
  return at < 0 || /^(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path.slice(at + '/node_modules/'.length))
}
