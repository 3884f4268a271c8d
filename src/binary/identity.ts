import type {ElfIdentity} from './elf/types.ts'
import type {ExecErrno, Malformed} from './problem.ts'

/** A `#!` line as fs/binfmt_script.c reads it: what it would run, or why it would not. */
export type Shebang =
  | {readonly kind: 'runs'; readonly interpreter: string; readonly argument?: string}
  | {readonly kind: 'refused'; readonly errno: ExecErrno; readonly reason: string}

export interface ScriptIdentity {
  readonly kind: 'script'
  /**
   * The first line as it stands, at most the 256 bytes that the kernel looks at; a trailing CR is kept, the LF is not.
   */
  readonly line: string
  readonly shebang: Shebang
}

export interface PeIdentity {
  readonly kind: 'pe'
  /** IMAGE_FILE_MACHINE_…; undefined for a DOS program without PE header. */
  readonly machine: number | undefined
  /** A Windows image's architecture (`amd64`, `386`, `arm64`); undefined for others. */
  readonly architecture: string | undefined
  readonly dll: boolean
  readonly malformed?: Malformed
}

export interface MachOIdentity {
  readonly kind: 'mach-o'
  /** `arm64`, `x86_64`: one, or several in a fat file. */
  readonly cpus: readonly string[]
  readonly fat: boolean
  /** `program`, `dynamic library`, `object file`…; undefined for a fat file. */
  readonly fileType: string | undefined
  readonly malformed?: Malformed
}

/** A Unix archive: what `go build` of a package that is not main writes, a static library, a Debian package. */
export interface ArIdentity {
  readonly kind: 'ar'
  readonly flavour: 'go-package' | 'static-library' | 'debian-package'
  /** `go object GOOS GOARCH VERSION`, of a Go package. */
  readonly go?: {readonly goos: string; readonly goarch: string; readonly version: string}
}

export type ArchiveFormat = 'gzip' | 'zip' | 'xz' | 'zstd' | 'bzip2' | 'lz4' | '7z' | 'tar' | 'rpm'

export type TextEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be'

/** What a file is, from a first look that reads a few KiB. */
export type Identity =
  | ElfIdentity
  | ScriptIdentity
  | PeIdentity
  | MachOIdentity
  | ArIdentity
  | {readonly kind: 'wasm'; readonly version: number; readonly component: boolean}
  /** `major` 61 is Java 17. */
  | {readonly kind: 'java-class'; readonly major: number}
  /** The pointer that Git leaves where `git lfs pull` was not run; `size` in bytes of the file that it stands for. */
  | {readonly kind: 'git-lfs-pointer'; readonly oid: string | undefined; readonly size: number | undefined}
  | {readonly kind: 'archive'; readonly format: ArchiveFormat}
  /** HTML or XML; the title of a page, the Code of an object store's error (`NoSuchKey`). */
  | {
      readonly kind: 'markup'
      readonly language: 'html' | 'xml'
      readonly title?: string
      readonly code?: string
    }
  /** `message`: what an API's error says. `isError`: the whole file is such an error and nothing else. */
  | {readonly kind: 'json'; readonly message?: string; readonly isError?: true}
  /**
   * An Actually Portable Executable: a shell script that is a Windows program, too. No kernel takes it for a program
   * of its own.
   */
  | {readonly kind: 'ape'}
  | {
      readonly kind: 'text'
      readonly encoding: TextEncoding
      /** Begins with a byte order mark. */
      readonly bom: boolean
      /** `#!` stands there, but not as the first two bytes: after a byte order mark or blanks. */
      readonly hiddenShebang: boolean
      /** At most 120 characters. */
      readonly firstLine: string
      /** The whole file is what a server says of a request that failed: `404: Not Found`. */
      readonly isError?: true
    }
  | {readonly kind: 'empty'}
  /**
   * `magic`: the first bytes (at most 8) in hexadecimal; `name` where the magic is known (`LLVM bitcode`). Shells look
   * at the first line alone to tell a script without `#!` from a binary file. `nulInFirstLine`: where the first NUL is
   * in a first line that is text without its NULs.
   */
  | {
      readonly kind: 'unknown'
      readonly magic: string
      readonly name?: string
      readonly beginsAsText?: true
      readonly nulInFirstLine?: number
    }
