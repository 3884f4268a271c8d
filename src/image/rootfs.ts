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
  /** The layer that brought the file, from the bottom, where the reader knows it. */
  readonly layer?: number
}

/** A symlink that was followed on the way. */
export interface Hop {
  readonly path: string
  readonly target: string
}

/** Where a path leads, as path_resolution(7) says; every symlink is followed, the last component's too. */
export type Lookup = LookupTrail &
  (
    | {readonly outcome: 'found'; readonly node: FileNode}
    /** ENOENT: `at` is the path that is not there. */
    | {readonly outcome: 'missing'; readonly at: string}
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
}

/** The root filesystem of one platform's image: seen, never run, never unpacked. Absolute links and `..` stay inside. */
export interface RootFs {
  /** `path` is absolute. */
  lookup(path: string): Promise<Lookup>
  /** The content of a regular file that `lookup` or `files` gave. */
  open(file: FileNode): Promise<RandomAccess>
  /** Every file of the merged tree, in the order of its paths' bytes. */
  files(): AsyncIterable<FileNode>
}
