import type {NativeFile} from '../addon.ts'
import type {NodeManifest} from './manifest.ts'
import type {NodeTarget} from './node-target.ts'
import type {ModuleFiles} from './resolve.ts'

/** What a walk through all files saw of packages of Node. */
export interface NodeListing {
  /** By the directory of the package. */
  readonly manifests: ReadonlyMap<string, NodeManifest>
  /** Files that end in `.node`, and all programs and libraries of the platform's machine. */
  readonly natives: ReadonlyMap<string, NativeFile>
  /** Paths of files that end in `.wasm`. */
  readonly wasm: readonly string[]
}

export interface NodeAddonInput extends NodeListing {
  readonly target: NodeTarget
  readonly env: ReadonlyMap<string, string>
  /** Sees directories and links. */
  readonly directories: Pick<ModuleFiles, 'lookup'>
  /** Asked for the modules of a package where something is wrong with it. */
  readonly files: ModuleFiles
}
