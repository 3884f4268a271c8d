import {layerTar} from '../../__tests__/support/image-builder.ts'

/** A layer to generate. */
export interface GeneratedLayer {
  /** Names and contents are its own. */
  readonly number: number
  /** In bytes, of all files. */
  readonly size: number
  readonly files: number
  readonly kind: 'cuts' | 'programs'
  /** What files are cut out of. */
  readonly material: Buffer
  /** Of the platform. */
  readonly program: Uint8Array
  /** The file to start, where it is in this layer. */
  readonly app: Uint8Array | undefined
}

const FILES_PER_DIRECTORY = 100
const END = Buffer.alloc(1024)
const BLOCK = 512
const CHECKSUM_FIELD = {at: 148, length: 8}

/**
 * Files of one size, a hundred in a directory, one in fifty of them with an execute permission; of programs all. Each
 * entry is a copy of one with the right size under another name, so that a million take seconds.
 */
export function* tarOf(layer: GeneratedLayer): Generator<Uint8Array, void, undefined> {
  const {number, files, material, kind, program, app} = layer
  const length = kind === 'programs' ? program.length + 8 : Math.round(layer.size / files)
  const template = (mode: number): Buffer =>
    Buffer.from(layerTar({x: {content: new Uint8Array(length), mode}}).subarray(0, -END.length))
  const [plain, executable] = [template(0o644), template(0o755)]
  for (let at = 0; at < files; at += 1) {
    const isProgram = kind === 'programs'
    const entry = Buffer.from(isProgram || at % 50 === 0 ? executable : plain)
    const name = `usr/lib/layer-${number}/directory-${Math.floor(at / FILES_PER_DIRECTORY)}/a-file-of-many-${at}`
    rename(entry, name)
    if (isProgram) {
      entry.set(program, BLOCK)
      // No two programs are the same.
      entry.writeUInt32LE(number, BLOCK + program.length)
      entry.writeUInt32LE(at, BLOCK + program.length + 4)
    } else {
      const start = (at * 7919 * 512) % Math.max(1, material.length - length)
      material.copy(entry, BLOCK, start, start + length)
    }
    yield entry
  }
  if (app !== undefined) yield layerTar({app: {content: app, mode: 0o755}}).subarray(0, -END.length)
  yield END
}

/** Of a ustar header: the checksum is the sum of its bytes, with blanks in its own place. */
function rename(entry: Buffer, name: string): void {
  if (name.length > 100) throw new Error(`${name} is too long for a ustar header`)
  entry.write(name, 0, 'latin1')
  entry.fill(' ', CHECKSUM_FIELD.at, CHECKSUM_FIELD.at + CHECKSUM_FIELD.length)
  let sum = 0
  for (let at = 0; at < BLOCK; at += 1) sum += entry[at] ?? 0
  entry.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_FIELD.at, 'latin1')
}
