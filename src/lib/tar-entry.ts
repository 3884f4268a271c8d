import type {SparseRegion} from './tar-sparse.ts'

export type TarEntryKind =
  | 'file'
  | 'hard-link'
  | 'symlink'
  | 'character-device'
  | 'block-device'
  | 'directory'
  | 'fifo'
  /** Of a type that no engine unpacks. */
  | 'other'

/** One entry of a tar, its extended headers read. */
export interface TarEntry {
  /** As it is written (`./a//b/` stays that), in the form of decodeName, which loses no byte. */
  readonly name: string
  readonly kind: TarEntryKind
  /** The type's character in the header. */
  readonly type: string
  /** Permission bits, 0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** In bytes, of the file; 0 for all but files. */
  readonly size: number
  /** What a link points to, as written, in the form of decodeName; empty for all others. */
  readonly linkName: string
  /** Of a device; 0, 0 for all others. */
  readonly device: {readonly major: number; readonly minor: number}
  /** Extended attributes (SCHILY.xattr), `security.capability` for one. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>
  /** Where the entry's first header starts in the tar, in bytes. */
  readonly offset: number
  /** Where its content lies in the tar. That of a sparse file is its regions only. */
  readonly content: {readonly offset: number; readonly length: number}
  /**
   * The parts of a sparse file that are in the tar: see sparseAccess. Undefined for a file that is there as a whole.
   */
  readonly sparse: readonly SparseRegion[] | undefined
  /**
   * The first bytes of the content as it lies in the tar, `length` or all of a shorter one, while nothing of `body` is
   * read. They belong to the reader behind, as the chunks of `body` do.
   */
  start(length: number): Uint8Array | Promise<Uint8Array>
  /** The same where it is at hand; undefined where it has to be waited for. */
  startAtHand(length: number): Uint8Array | undefined
  /**
   * The content as it lies in the tar, once, and only until the next entry is requested; what is not read is skipped.
   * The chunks belong to the reader behind: copy what is kept, or 256 KiB stay for a few bytes.
   */
  body(): AsyncGenerator<Uint8Array, void, undefined>
}

/** What an entry is, by the type in its header. */
export function entryKind(type: string, name: string): TarEntryKind {
  switch (type) {
    case '\0':
      // Before there was a type for directories, a slash at the end said it.
      return name.endsWith('/') ? 'directory' : 'file'
    case '0':
    case '7':
    case 'S':
      return 'file'
    case '1':
      return 'hard-link'
    case '2':
      return 'symlink'
    case '3':
      return 'character-device'
    case '4':
      return 'block-device'
    case '5':
      return 'directory'
    case '6':
      return 'fifo'
    default:
      return 'other'
  }
}

/**
 * A file's capabilities (security.capability), in hexadecimal; undefined where it has
 * none, or more bytes than any kernel takes.
 */
export function fileCapability({kind, xattrs}: Pick<TarEntry, 'kind' | 'xattrs'>): string | undefined {
  const value = kind === 'file' && xattrs.size > 0 ? xattrs.get('security.capability') : undefined
  return value === undefined || value.length > CAPABILITY_LIMIT ? undefined : Buffer.from(value).toString('hex')
}

/** In bytes: XATTR_CAPS_SZ_3 of include/uapi/linux/capability.h. */
const CAPABILITY_LIMIT = 24
