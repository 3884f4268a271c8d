import type {TarEntry} from '../lib/tar.ts'
import type {LayerFile} from './layer-tree.ts'

/** What is kept in memory of the contents of an image's files. */
export interface KeptContents {
  /** Files that were asked for; the one that was used longest ago goes first. */
  readonly demanded: ContentCache
  /** Whole programs, libraries and settings that came by and may be asked for; first come, first kept. */
  readonly likely: ContentCache
  /** The first bytes of larger programs and libraries: enough to say what they are. */
  readonly heads: ContentCache
  /** What is kept of a file, if it reaches to `end`. */
  get(file: LayerFile, end: number): Uint8Array | undefined
}

/** In bytes. Together, and the one file more that `demanded` always holds, these bound what an image's contents take of memory. */
export interface ContentBudget {
  readonly demanded: number
  readonly likely: number
  readonly heads: number
}

export const CONTENT_BUDGET: ContentBudget = {demanded: 64 * 2 ** 20, likely: 32 * 2 ** 20, heads: 4 * 2 ** 20}

export function keptContents(budget: ContentBudget): KeptContents {
  const demanded = new ContentCache(budget.demanded)
  const likely = new ContentCache(budget.likely)
  const heads = new ContentCache(budget.heads)
  return {
    demanded,
    likely,
    heads,
    get: (file, end) =>
      [demanded, likely, heads].map(cache => cache.get(file)).find(bytes => bytes !== undefined && bytes.length >= end),
  }
}

/** Which cache has room for how much of a file that comes by; undefined where it is not worth keeping. */
export function likelyPart(
  kept: KeptContents,
  path: string,
  {mode, content: {length}}: TarEntry,
): {readonly cache: ContentCache; readonly length: number} | undefined {
  // Debian's libraries have no execute permission.
  const isProgram = (mode & 0o111) !== 0 || /\.so(?:\.[0-9.]+)?$/.test(path)
  const isSetting = path.startsWith('etc/') && length <= SETTING_LIMIT
  if (!isProgram && !isSetting) return undefined
  if (length <= Math.min(LIKELY_LIMIT, kept.likely.room)) return {cache: kept.likely, length}
  return isProgram && kept.heads.room >= HEAD ? {cache: kept.heads, length: HEAD} : undefined
}

/** In bytes. */
const LIKELY_LIMIT = 8 * 2 ** 20
const SETTING_LIMIT = 64 * 2 ** 10
/** In bytes: an ELF file's header and program headers lie in here. */
const HEAD = 4096

/** Contents as they lie in the tar, in the order of use. It holds at most `budget` bytes, or the one file that came last where that alone is more. */
export class ContentCache {
  readonly #budget: number
  /** The latest used last. */
  readonly #kept = new Map<LayerFile, Uint8Array>()
  #size = 0

  constructor(budget: number) {
    this.#budget = budget
  }

  /** Bytes that can be kept before any other must go. */
  get room(): number {
    return this.#budget - this.#size
  }

  get(file: LayerFile): Uint8Array | undefined {
    const bytes = this.#kept.get(file)
    if (bytes) {
      this.#kept.delete(file)
      this.#kept.set(file, bytes)
    }
    return bytes
  }

  keep(file: LayerFile, bytes: Uint8Array): void {
    this.#drop(file)
    this.#kept.set(file, bytes)
    this.#size += bytes.length
    for (const other of this.#kept.keys()) {
      if (this.#size <= this.#budget || other === file) return
      this.#drop(other)
    }
  }

  #drop(file: LayerFile): void {
    this.#size -= this.#kept.get(file)?.length ?? 0
    this.#kept.delete(file)
  }
}
