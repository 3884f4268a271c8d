import type {RandomAccess} from '../lib/bytes.ts'

export const FILE_KINDS = [
  'file',
  'directory',
  'symlink',
  'character-device',
  'block-device',
  'fifo',
  'socket',
] as const
export type FileKind = (typeof FILE_KINDS)[number]

/** One file of the merged root filesystem. */
export interface FileNode {
  /** Absolute, no symlink in it. */
  readonly path: string
  readonly kind: FileKind
  /** Permission bits, 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** In bytes; 0 for all but regular files. */
  readonly size: number
  /** A symlink's target, as written. */
  readonly target?: string
  /** Of a regular file, in hexadecimal: its extended attribute security.capability. */
  readonly capability?: string
  /** The layer that brought the file, from the bottom, where the reader knows it. */
  readonly layer?: number
}

/** A symlink that was followed on the way. */
export interface Hop {
  readonly path: string
  readonly target: string
  /** No symlink: a script has made the path a copy of the target. */
  readonly isCopy?: true
}

/** What changes the files of a running container. */
export interface Cause {
  /**
   * A command of a script; a volume that a user may have mounted; what an engine mounts over the image; a file that it
   * makes; a change of the working directory to where only the run knows.
   */
  readonly kind: 'command' | 'volume' | 'mount' | 'engine' | 'directory'
  /** `cp in /entrypoint.sh`, `the volume /data`, `the engine`. */
  readonly name: string
}

/** Why what is said of a path is not certain in a running container: `by` is what may have changed it. */
export interface Doubtful {
  readonly by: Cause
  /** It may be there although it is missing, be gone, have other permissions, or be another thing. */
  readonly grade: 'made' | 'removed' | 'mode' | 'replaced'
}

/** Where a path leads, as path_resolution(7) says; every symlink is followed, the last component's too. */
export type Lookup = LookupTrail &
  (
    | {readonly outcome: 'found'; readonly node: FileNode}
    /** ENOENT: `at` is the path that is not there. */
    | {
        readonly outcome: 'missing'
        readonly at: string
        /** What has removed it in a running container. A view of an image alone knows of nothing. */
        readonly removedBy?: Cause
      }
    /** ENOTDIR: `at` is used as a directory and is none. */
    | {readonly outcome: 'not-a-directory'; readonly at: string}
    /** ELOOP: more than 40 symlinks. */
    | {readonly outcome: 'too-many-links'; readonly at: string}
    /** ENAMETOOLONG: a component of more than 255 bytes, or a path of 4096 or more. */
    | {readonly outcome: 'name-too-long'; readonly at: string}
  )

export interface LookupTrail {
  readonly hops: readonly Hop[]
  /** The directories that were walked through, the root first: each needs search permission. */
  readonly through: readonly FileNode[]
  /** What may have changed it in a running container. A view of an image alone knows of nothing. */
  readonly maybe?: Doubtful
}

/**
 * What a survey makes of one regular file while its content comes by. What it makes is plain JSON data, so that it can
 * be kept with the layer that the file is from and used again for another image: it must follow from the file alone.
 */
export interface Inspection<T> {
  /** Names the function and its version: what was kept under another id is not used. */
  readonly id: string
  /**
   * `path` is one that the file came by under in its layer. It may have others (hard links), and a symlink in a
   * directory's place may hide it, so it is good for a guess how much of the file is worth reading. `content` gives the
   * start of the file cheaply (at least 4 KiB), and of programs what their readers ask for; anything else may cost one
   * more pass over the layer, and `inspect` is then called anew. Undefined: nothing worth keeping.
   */
  inspect(
    file: {readonly path: string; readonly mode: number; readonly size: number},
    content: RandomAccess,
  ): Promise<T | undefined>
  /**
   * Whether `inspect` may find something, by the first eight bytes (all, of a shorter file): where it says no, a file
   * costs next to nothing, unless it is read for another reason. Left out, everything is inspected.
   */
  mayFind?(file: {readonly path: string; readonly mode: number; readonly size: number}, start: Uint8Array): boolean
}

/** In bytes: what `mayFind` is given. */
export const MAGIC_LENGTH = 8

/** One file of the merged tree, and what the inspection made of it; undefined for all but regular files. */
export interface Surveyed<T> {
  readonly node: FileNode
  readonly result: T | undefined
}

/**
 * The root filesystem of one platform's image: seen, never run, never unpacked. Absolute links and `..` stay inside.
 */
export interface RootFs {
  /** `path` is absolute. */
  lookup(path: string): Promise<Lookup>
  /** The content of a regular file that `lookup` or `files` gave. */
  open(file: FileNode): Promise<RandomAccess>
  /**
   * The names in a directory that `lookup` or `files` gave, in the order of their bytes, as readdir(3) has them but for
   * `.` and `..`.
   */
  list(directory: FileNode): Promise<readonly string[]>
  /**
   * Counts memory, in bytes, that whoever walks through the tree keeps of it. Throws a SourceError where
   * the image takes more than its limit.
   */
  keep?(size: number): void
  /** Every file of the merged tree, in the order of its paths' bytes. */
  files(): AsyncIterable<FileNode>
  /**
   * Every file of the merged tree in the order of `files()`, each regular file's content inspected once as it is read.
   */
  survey<T>(inspection: Inspection<T>): AsyncIterable<Surveyed<T>>
}
