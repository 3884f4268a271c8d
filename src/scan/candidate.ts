import type {FileNode} from '../image/rootfs.ts'
import type {Seen} from './seen.ts'

/**
 * Where a file counts more than elsewhere: `path`, directly in a directory of PATH or the end of a link that is;
 * `loader`, a library directly in a directory where loaders look.
 */
export type Place = 'path' | 'loader' | 'elsewhere'

/** A file that is not of the platform's machine. */
export interface Candidate {
  readonly node: FileNode
  readonly seen: Seen
  readonly place: Place
  /** The names that it goes by: in PATH those of the links to it and its own if it stands there, elsewhere its own. */
  readonly names: readonly string[]
}

/** What of the rest of the image decides about a file. */
export interface RunEnvironment {
  /** The platform's machine, as machineName gives it. */
  readonly machine: string
  /** Its bits. */
  readonly width: 32 | 64
  /** A native C library or loader is in the image. */
  readonly hasOwnLibc: boolean
  /** A loader of a machine that the platform's kernels also run (i386 on amd64) is in the image. */
  readonly hasCompatLoader: boolean
  /** A native file has a parallel name: see parallelName. */
  hasSibling(path: string): boolean
  /** A native file has the same name without the words for a machine, however many: see plainName. */
  hasPlain(path: string): boolean
}
