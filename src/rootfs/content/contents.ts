import type {LayerFile} from '../tree/layer-tree.ts'
import type {Part} from './at-hand.ts'

/**
 * In bytes. Together, and the one file more that is always held of those that were requested, these bound what the
 * contents of a run's files take of memory.
 */
export interface ContentBudget {
  /** Files that were requested; the one that was used longest ago goes first. */
  readonly demanded: number
  /** Small files that settings are in: programs must not take their place. */
  readonly settings: number
  /** What was read of programs and libraries when they were prefetched. */
  readonly prefetched: number
}

const MIB = 2 ** 20

export const CONTENT_BUDGET: ContentBudget = {
  demanded: 32 * MIB,
  settings: 8 * MIB,
  prefetched: 32 * MIB,
}

/** Room that all layers of a run share. */
export class Quota {
  #room: number
  readonly #makeRoom: () => void

  /** `makeRoom` is called where there is not enough, and may give some back. */
  constructor(budget: number, makeRoom: () => void = () => undefined) {
    this.#room = budget
    this.#makeRoom = makeRoom
  }

  /** Whether there are `size` bytes. */
  has(size: number): boolean {
    if (size > this.#room) this.#makeRoom()
    return size <= this.#room
  }

  take(size: number): boolean {
    if (!this.has(size)) return false
    this.#room -= size
    return true
  }

  give(size: number): void {
    this.#room += size
  }
}

/** The room for contents, each kind its own. */
export type Quotas = Readonly<Record<Exclude<keyof ContentBudget, 'demanded'>, Quota>>

/** In bytes: of the largest that small parts share. */
const SLAB = 256 * 1024
/** In bytes: of the first, since most layers have few programs, and a run may have thousands of layers. */
const FIRST_SLAB = 2048

/** Copies of parts of the files of one layer, first come, first kept, as far as there is room. */
export class KeptParts {
  readonly #parts = new Map<LayerFile, readonly Part[]>()
  readonly #taken = new Map<Quota, number>()
  /** What is left of the last. */
  #slab = new Uint8Array()
  /** In bytes: of the next. */
  #next = FIRST_SLAB

  /** Where there is no room for all, those that fit are kept, from the first on. */
  keep(file: LayerFile, parts: readonly Part[], quota: Quota): void {
    const fitting = parts
      .filter(({bytes}) => quota.take(bytes.length))
      .map(({offset, bytes}) => ({offset, bytes: this.#copy(bytes)}))
    if (fitting.length === 0) return
    this.#parts.set(file, fitting)
    const size = fitting.reduce((sum, {bytes}) => sum + bytes.length, 0)
    this.#taken.set(quota, (this.#taken.get(quota) ?? 0) + size)
  }

  /** Thousands of small buffers would keep the garbage collector busy: small parts share one. */
  #copy(bytes: Uint8Array): Uint8Array {
    if (bytes.length > SLAB / 8) return bytes.slice()
    if (this.#slab.length < bytes.length) {
      this.#slab = new Uint8Array(Math.max(this.#next, bytes.length))
      this.#next = Math.min(SLAB, this.#next * 2)
    }
    const copy = this.#slab.subarray(0, bytes.length)
    this.#slab = this.#slab.subarray(bytes.length)
    copy.set(bytes)
    return copy
  }

  /** What is kept of a file between two offsets, if that is all of it. */
  get(file: LayerFile, offset: number, end: number): Uint8Array | undefined {
    const part = this.#parts.get(file)?.find(one => one.offset <= offset && end <= one.offset + one.bytes.length)
    return part?.bytes.subarray(offset - part.offset, end - part.offset)
  }

  entries(): Iterable<readonly [LayerFile, readonly Part[]]> {
    return this.#parts
  }

  /** In bytes. */
  get size(): number {
    return [...this.#taken.values()].reduce((sum, size) => sum + size, 0)
  }

  /** Gives the room back. */
  forget(): void {
    for (const [quota, size] of this.#taken) quota.give(size)
    this.#taken.clear()
    this.#parts.clear()
    this.#slab = new Uint8Array()
    this.#next = FIRST_SLAB
  }
}

/**
 * Whether a file may be read as a program or a library. Debian's libraries have no execute permission.
 */
export function isProgram(path: string, mode: number): boolean {
  return (mode & 0o111) !== 0 || /\.so(?:\.[0-9.]+)?$/.test(path)
}

/** Whether a file is one that loaders and users are looked up in, and small enough to be kept. */
export function isSetting(path: string, length: number): boolean {
  return path.startsWith('etc/') && length <= (path === 'etc/ld.so.cache' ? CACHE_LIMIT : SETTING_LIMIT)
}

/** In bytes. */
const SETTING_LIMIT = 64 * 2 ** 10
/** In bytes: some hundred for every library of the image. */
const CACHE_LIMIT = 4 * MIB
/**
 * Contents as they lie in the tar, in the order of use. It holds at most `budget` bytes, or the one file
 * that came last where that alone is more.
 */
export class ContentCache {
  readonly #budget: number
  /** The latest used last. */
  readonly #kept = new Map<LayerFile, Uint8Array>()
  #size = 0

  constructor(budget: number) {
    this.#budget = budget
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
