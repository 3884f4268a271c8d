import {SourceError} from '../../errors.ts'
import type {FileNode} from '../../image/rootfs.ts'
import {type Bound, raiseHint, tellLimit} from '../../lib/over-limit.ts'
import type {NamelessFileOptions} from '../archive/spool.ts'
import type {OpenedFile} from '../file-access.ts'

/** Writes the whole content of a file into one without a name. */
export type CopyWhole = (options: NamelessFileOptions) => Promise<OpenedFile>

export interface LargeFilesOptions extends Omit<NamelessFileOptions, 'limit'> {
  /** `container-file-bytes`: for one file, and for all that nobody reads just now. */
  readonly bound: Bound
}

interface Kept {
  readonly size: number
  readonly file: Promise<OpenedFile>
  readers: number
}

/**
 * Files of a container that are too large for memory, each copied once to disk, without a name there. Where all of them
 * take more than the bound, those that were used longest ago go.
 */
export class LargeFiles {
  readonly #options: LargeFilesOptions
  /** By path; the latest used last. */
  readonly #kept = new Map<string, Kept>()

  constructor(options: LargeFilesOptions) {
    this.#options = options
  }

  /** Bytes of a regular file, which is copied first unless it is here. Throws where it is larger than the bound. */
  async read({path, size}: FileNode, copy: CopyWhole, offset: number, length: number): Promise<Uint8Array> {
    const {bound, ...where} = this.#options
    if (size > bound.most) {
      const message = tellLimit(bound, most => `${path} has ${size} bytes, and docker cp reads at most ${most}`)
      throw new SourceError('unsupported', message, {hint: raiseHint(bound, size)})
    }
    const kept = this.#kept.get(path) ?? {size, file: copy({...where, limit: bound}), readers: 0}
    this.#kept.delete(path)
    this.#kept.set(path, kept)
    kept.readers += 1
    try {
      const file = await kept.file.catch((thrown: unknown) => {
        // It may be copied the next time.
        if (this.#kept.get(path) === kept) this.#kept.delete(path)
        throw thrown
      })
      return await file.read(offset, length)
    } finally {
      kept.readers -= 1
      await this.#makeRoom()
    }
  }

  /** Removes all of them; nothing is read afterwards. */
  async close(): Promise<void> {
    const all = [...this.#kept.values()]
    this.#kept.clear()
    await Promise.all(all.map(closeCopy))
  }

  async #makeRoom(): Promise<void> {
    let room = this.#options.bound.most
    for (const [path, kept] of [...this.#kept].reverse()) {
      room -= kept.size
      if (room >= 0 || kept.readers > 0) continue
      this.#kept.delete(path)
      await closeCopy(kept)
    }
  }
}

async function closeCopy({file}: Kept): Promise<void> {
  // One that could not be copied is not there.
  await (await file.catch(() => undefined))?.close()
}
