import type {TarEntry} from '../lib/tar.ts'
import type {LayerFile} from './layer-tree.ts'
import {PartCache} from './part-cache.ts'

/** What is kept in memory of the contents of an image's files. */
export interface KeptContents {
  /** Files that were asked for; the one that was used longest ago goes first. */
  readonly demanded: ContentCache
  /** Whole programs, libraries and settings that came by and may be asked for; first come, first kept. */
  readonly likely: ContentCache
  /** The first bytes of larger programs and libraries: enough to say what they are. */
  readonly heads: ContentCache
  /** Small files that settings are in: programs must not take their place. */
  readonly settings: ContentCache
  /** What was read of programs and libraries when they were rehearsed with. */
  readonly rehearsed: PartCache
  /** What is kept of a file, if it is all between `offset` and `end`. */
  get(file: LayerFile, offset: number, end: number): Uint8Array | undefined
}

/** In bytes. Together, and the one file more that `demanded` always holds, these bound what an image's contents take of memory. */
export interface ContentBudget {
  readonly demanded: number
  readonly likely: number
  readonly heads: number
  readonly settings: number
  readonly rehearsed: number
}

const MIB = 2 ** 20

/** `likely` and `heads` are for who has nothing to rehearse. */
export const CONTENT_BUDGET: ContentBudget = {
  demanded: 64 * MIB,
  likely: 32 * MIB,
  heads: 4 * MIB,
  settings: 8 * MIB,
  rehearsed: 64 * MIB,
}

export function keptContents(budget: Partial<ContentBudget>): KeptContents {
  const sizes = {...CONTENT_BUDGET, ...budget}
  const demanded = new ContentCache(sizes.demanded)
  const likely = new ContentCache(sizes.likely)
  const heads = new ContentCache(sizes.heads)
  const settings = new ContentCache(sizes.settings)
  const rehearsed = new PartCache(sizes.rehearsed)
  const caches = [demanded, settings, likely, heads]
  return {
    demanded,
    likely,
    heads,
    settings,
    rehearsed,
    get: (file, offset, end) => {
      const whole = caches.map(cache => cache.get(file)).find(bytes => bytes !== undefined && bytes.length >= end)
      return whole ? whole.subarray(offset, end) : rehearsed.get(file, offset, end)
    },
  }
}

/** Whether something may be asked of a file as of a program or a library. Debian's libraries have no execute permission. */
export function isProgram(path: string, mode: number): boolean {
  return (mode & 0o111) !== 0 || /\.so(?:\.[0-9.]+)?$/.test(path)
}

/** Whether a file is one that loaders and users are looked up in, and small enough to be kept. */
function isSetting(path: string, length: number): boolean {
  return path.startsWith('etc/') && length <= (path === 'etc/ld.so.cache' ? CACHE_LIMIT : SETTING_LIMIT)
}

/** Which cache has room for how much of a file that comes by; undefined where it is not worth keeping. */
export function likelyPart(
  kept: KeptContents,
  path: string,
  {mode, content: {length}}: TarEntry,
): {readonly cache: ContentCache; readonly length: number} | undefined {
  if (isSetting(path, length) && length <= kept.settings.room) return {cache: kept.settings, length}
  if (!isProgram(path, mode)) return undefined
  if (length <= Math.min(LIKELY_LIMIT, kept.likely.room)) return {cache: kept.likely, length}
  return kept.heads.room >= HEAD ? {cache: kept.heads, length: HEAD} : undefined
}

/** In bytes. */
const LIKELY_LIMIT = 8 * 2 ** 20
const SETTING_LIMIT = 64 * 2 ** 10
/** In bytes: some hundred for every library of the image. */
const CACHE_LIMIT = 4 * 2 ** 20
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
