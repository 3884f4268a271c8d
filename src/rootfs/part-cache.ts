import type {LayerFile} from './layer-tree.ts'
import type {Part} from './rehearsal.ts'

/** Parts of many files, first come, first kept, up to `budget` bytes. */
export class PartCache {
  readonly #parts = new Map<LayerFile, readonly Part[]>()
  #room: number

  constructor(budget: number) {
    this.#room = budget
  }

  /** In bytes. */
  get room(): number {
    return this.#room
  }

  /** Where there is no room for all, those that fit are kept, from the first on. */
  keep(file: LayerFile, parts: readonly Part[]): void {
    const fitting = parts.filter(({bytes}) => {
      if (bytes.length > this.#room) return false
      this.#room -= bytes.length
      return true
    })
    if (fitting.length > 0) this.#parts.set(file, fitting)
  }

  /** What is kept of a file between two offsets, if that is all of it. */
  get(file: LayerFile, offset: number, end: number): Uint8Array | undefined {
    const part = this.#parts.get(file)?.find(one => one.offset <= offset && end <= one.offset + one.bytes.length)
    return part?.bytes.subarray(offset - part.offset, end - part.offset)
  }
}
