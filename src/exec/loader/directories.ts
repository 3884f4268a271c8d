/** What a loader's own file says about where it looks. */
export interface BuiltInDirectories {
  /** Without trailing slashes, in the loader's order. */
  readonly directories: readonly string[]
  /** Where they were not found in the file and are the architecture's usual ones. */
  readonly assumed: boolean
}

const SLASH = 0x2f
/** No glibc was built with more: a longer run of paths is something else, and each is searched for every library. */
const MOST = 64

/**
 * The directories that a glibc was built with, read from its ld.so: the array `system_dirs` of elf/dl-load.c stands in
 * it as NUL-terminated strings that end with a slash, one after the other. Distributions differ
 * (`/lib/x86_64-linux-gnu/`, `/lib64/`, `/nix/store/…/lib/`), and so only the file itself can say.
 */
export function readBuiltInDirectories(loader: Uint8Array, wide: boolean): BuiltInDirectories {
  let best: readonly string[] = []
  for (let at = nextPath(loader, 0); at < loader.length; at = nextPath(loader, at + 1)) {
    const run: string[] = []
    for (;;) {
      const end = loader.indexOf(0, at)
      const text = directoryAt(loader, at, end < 0 ? loader.length : end)
      if (text === undefined) break
      if (run.length <= MOST) run.push(text)
      at += text.length + 2
    }
    if (isBetter(run, best)) best = run
  }
  if (best.length > 0) return {directories: best, assumed: false}
  return {directories: wide ? ['/lib64', '/usr/lib64', '/lib', '/usr/lib'] : ['/lib', '/usr/lib'], assumed: true}
}

/** Where the next string begins that begins with a slash. */
function nextPath(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(SLASH, from)
  while (at > 0 && bytes[at - 1] !== 0) at = bytes.indexOf(SLASH, at + 1)
  return at < 0 ? bytes.length : at
}

function isBetter(run: readonly string[], best: readonly string[]): boolean {
  return run.length > best.length && run.length <= MOST && run.some(directory => /(^|\/)lib/.test(directory))
}

/** A printable absolute path with a trailing slash, which is taken off. */
function directoryAt(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start
  if (length < 3 || length > 4096 || bytes[start] !== SLASH || bytes[end - 1] !== SLASH) return undefined
  const text = bytes.subarray(start, end - 1)
  return text.every(byte => byte > 0x20 && byte < 0x7f) ? String.fromCharCode(...text) : undefined
}

/** What the dynamic string tokens stand for. https://man7.org/linux/man-pages/man8/ld.so.8.html */
export interface Tokens {
  /** The directory of the object that names them. */
  readonly origin: string
  /** `lib`, `lib64`, `lib/x86_64-linux-gnu`; undefined where `$LIB` is not a token: musl. */
  readonly lib?: string
}

/**
 * The directories of a DT_RPATH, a DT_RUNPATH or LD_LIBRARY_PATH: separated by colons (and, in the variable,
 * semicolons), an empty one is the cwd. A path with `$PLATFORM`, whose value depends on the processor, is
 * left out; any other `$` stays as it is.
 */
export function expandSearchPath(text: string, tokens: Tokens, separators: ':' | ':;' = ':'): readonly string[] {
  if (text === '') return []
  const parts = text.split(separators === ':' ? ':' : /[:;]/)
  return parts.flatMap(part => {
    const expanded = expandTokens(part, tokens)
    return expanded === undefined ? [] : [expanded === '' ? '.' : withoutTrailingSlash(expanded)]
  })
}

/** Undefined where a token has no value that is known. */
export function expandTokens(text: string, {origin, lib}: Tokens): string | undefined {
  if (lib !== undefined && /\$(PLATFORM(?![A-Za-z0-9_])|\{PLATFORM\})/.test(text)) return undefined
  const withOrigin = text.replace(/\$(ORIGIN(?![A-Za-z0-9_])|\{ORIGIN\})/g, () => origin)
  return lib === undefined ? withOrigin : withOrigin.replace(/\$(LIB(?![A-Za-z0-9_])|\{LIB\})/g, () => lib)
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? withoutTrailingSlash(path.slice(0, -1)) : path
}
