import {type Inspection, MAGIC_LENGTH} from '../../image/rootfs.ts'
import {startsWith} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {weigh} from '../../lib/weigh.ts'
import {cleanPath, type LayerFile} from '../tree/layer-tree.ts'
import {SIZES} from '../tree/room.ts'
import {accessParts, ifAtHand, type Part, runPrefetch, START, takeParts} from './at-hand.ts'
import {isProgram, isSetting, type KeptParts} from './contents.ts'
import type {LayerContext} from './layer-context.ts'

/** What an inspection made of files, where it made something. */
export type InspectionResults<T> = ReadonlyMap<LayerFile, T>

/** A file whose inspection asked for bytes that were not at hand. */
export interface MissedFile {
  readonly file: LayerFile
  readonly path: string
}

export interface StreamInspectorOptions<T> {
  readonly context: LayerContext
  readonly kept: KeptParts
  readonly inspection?: Inspection<T> | undefined
  /** Told, in bytes, what memory a result takes; it may throw. */
  readonly onKeep?: ((size: number) => void) | undefined
}

/** In bytes: files up to this are at hand as a whole. */
const SMALL = 64 * 1024
/** In bytes: what is at hand of a larger file that is not a program. */
const HEAD = 4096
/** In bytes: what somebody looks for is kept as a whole up to this. */
const WANTED_LIMIT = 256 * 2 ** 20
/** In bytes. */
const SCRATCH = 2 ** 20

/**
 * What is done with the regular files of a layer while their contents come by: some are kept,
 * programs are prefetched, all are inspected.
 */
export class StreamInspector<T> {
  readonly results = new Map<LayerFile, T>()
  readonly missed: MissedFile[] = []
  readonly #options: StreamInspectorOptions<T>
  /** Where larger programs are put, one after the other. */
  #scratch = new Uint8Array()
  #isDone = false
  #last: T | undefined

  constructor(options: StreamInspectorOptions<T>) {
    this.#options = options
  }

  /**
   * `keeping`: what may be needed later is to stay in memory. Most files of a layer that
   * nobody inspects need no waiting for.
   */
  take(file: LayerFile, entry: TarEntry, keeping: boolean): Promise<void> | undefined {
    const {inspection, context} = this.#options
    const path = cleanPath(entry.name)
    const isOfInterest = (): boolean =>
      isProgram(path, entry.mode) || isSetting(path, entry.content.length) || context.wanted.has(path)
    if (keeping && isOfInterest()) return this.#take(file, entry, path, keeping)
    return inspection && mayFind(inspection, file, entry, path) ? this.#take(file, entry, path, keeping) : undefined
  }

  async #take(file: LayerFile, entry: TarEntry, path: string, keeping: boolean): Promise<void> {
    const {inspection, context, kept} = this.#options
    const {length} = entry.content
    const prefetches = keeping && isProgram(path, entry.mode) && !entry.sparse
    const parts = (keeping && (await this.#keep(file, entry, path))) || (await this.#atHand(entry, path, prefetches))
    if (prefetches && parts.length > 0) {
      kept.keep(file, await runPrefetch(parts, length, path, context.prefetch), context.quotas.prefetched)
    }
    if (inspection) await this.#inspect(inspection, {file, path}, entry.sparse ? undefined : accessParts(parts, length))
  }

  /** Takes up a file that was missed. */
  async takeLate(missed: MissedFile, content: RandomAccess): Promise<void> {
    const {inspection} = this.#options
    if (inspection) await this.#inspect(inspection, missed, content)
  }

  /** Says that all files came by. */
  end(): void {
    this.#scratch = new Uint8Array()
    this.#isDone = true
  }

  get isInspecting(): boolean {
    return this.#options.inspection !== undefined
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** Keeps a file that somebody looks for, or that holds settings; undefined where it is neither. */
  async #keep(file: LayerFile, entry: TarEntry, path: string): Promise<readonly Part[] | undefined> {
    const {context, kept} = this.#options
    const {length} = entry.content
    if (length <= WANTED_LIMIT && context.wanted.has(path)) {
      const bytes = await copyStart(entry, length)
      context.demanded.keep(file, bytes)
      const parts = [{offset: 0, bytes}]
      if (length <= SMALL && !isProgram(path, entry.mode)) kept.keep(file, parts, context.quotas.settings)
      return parts
    }
    const {settings} = context.quotas
    if (isProgram(path, entry.mode) || !isSetting(path, length) || !settings.has(length)) return undefined
    const parts = [{offset: 0, bytes: await copyStart(entry, length)}]
    kept.keep(file, parts, settings)
    return parts
  }

  /** What is at hand of a file while it comes by; none where nobody is to read it. */
  async #atHand(entry: TarEntry, path: string, prefetches: boolean): Promise<readonly Part[]> {
    const {inspection, context} = this.#options
    const {length} = entry.content
    const hasReader = inspection !== undefined || (prefetches && context.quotas.prefetched.has(1))
    if (entry.sparse || !hasReader) return []
    const start = await entry.start(length <= SMALL ? length : HEAD)
    if (length <= SMALL || !(isProgram(path, entry.mode) || looksLikeProgram(start))) return [{offset: 0, bytes: start}]
    const room = Math.min(length, START)
    if (this.#scratch.length < room) this.#scratch = new Uint8Array(Math.max(room, SCRATCH))
    return takeParts(entry, context.prefetch, this.#scratch)
  }

  async #inspect(inspection: Inspection<T>, missed: MissedFile, content: RandomAccess | undefined): Promise<void> {
    const {file, path} = missed
    const {size, owner} = file
    const answer = content
      ? await ifAtHand(() => inspection.inspect({path: `/${path}`, mode: owner.mode, size}, content))
      : 'not at hand'
    if (answer === 'not at hand') this.missed.push(missed)
    else if (answer.result !== undefined) {
      // What is the same for many files is there once.
      this.#options.onKeep?.(SIZES.result + (answer.result === this.#last ? 0 : weigh(answer.result)))
      this.#last = answer.result
      this.results.set(file, answer.result)
    }
  }
}

/** What cannot be decided without waiting is inspected. */
function mayFind(inspection: Inspection<unknown>, {size, owner}: LayerFile, entry: TarEntry, path: string): boolean {
  if (!inspection.mayFind || entry.sparse) return true
  const start = entry.startAtHand(MAGIC_LENGTH)
  return !start || inspection.mayFind({path: `/${path}`, mode: owner.mode, size}, start)
}

/** Kernel modules and object files have no execute permission, and are looked into as programs are; so are jars. */
function looksLikeProgram(start: Uint8Array): boolean {
  return PROGRAM_MAGIC.some(magic => startsWith(start, magic))
}

/** ELF, PE; a zip, whose directory stands at its end. */
const PROGRAM_MAGIC = [
  [0x7f, 0x45, 0x4c, 0x46],
  [0x4d, 0x5a],
  [0x50, 0x4b, 0x03, 0x04],
] as const

/** The first `length` bytes of an entry's content, or all of a shorter one, in memory of their own. */
async function copyStart(entry: TarEntry, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(length, entry.content.length))
  let filled = 0
  if (bytes.length === 0) return bytes
  for await (const chunk of entry.body()) {
    const part = chunk.subarray(0, bytes.length - filled)
    bytes.set(part, filled)
    filled += part.length
    if (filled === bytes.length) break
  }
  return bytes
}
