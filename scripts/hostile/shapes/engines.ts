import {buildElf} from '../../../__tests__/support/elf-builder.ts'
import {type EngineFault, startEngineStandIn} from '../../faults/engine-stand-in.ts'
import {modelOf} from '../../faults/engine-suite.ts'
import {base256, padding, tarHeader, tarItem} from '../../support/tar-builder.ts'
import type {Scene} from '../shape.ts'
import {TAR_END} from '../tars.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
const PIECE = Buffer.alloc(MIB)
/** Of ELF: the program headers of a file, and where a header says that its content is. */
const [E_PHOFF, E_PHNUM, PHDR, P_OFFSET, PT_NOTE] = [32, 56, 56, 8, 4]

/**
 * Engines that print more than one would, as a stand-in for `docker` that answers by itself; all files are looked at.
 */
export const ENGINES: readonly Scene[] = [
  copied('a program of eight GiB', 8 * GIB, 'verified', 8),
  copied('a program of more', 8 * GIB + 1, 'could-not-check'),
  exported('eight GiB', 8 * GIB),
  exported('more', 8 * GIB + 1),
  saved('more than eight GiB', 8 * GIB + 1, 8),
  inspected('64 MiB', 64 * MIB, 'verified'),
  inspected('more than 64 MiB', 64 * MIB + 1, 'could-not-check'),
]

/** `docker cp` of a program that has to be read at its end; where every file is looked at there is no `docker cp`. */
function copied(name: string, size: number, outcome: Scene['outcome'], streams = 0): Scene {
  const answer = (command: string): EngineFault | undefined =>
    /^cp .*:\/usr\/bin\/app -$/.test(command) ? {kind: 'stream', chunks: () => programTar('app', size)} : undefined
  const options = ['--scope', 'essential']
  return {...engine(name, 'container-file-bytes', 'good', answer, options), outcome, streams}
}

/** `docker export` of an image that has such a program: what is asked of it is kept as it goes by, not copied. */
function exported(name: string, size: number): Scene {
  const answer = (command: string): EngineFault | undefined =>
    command.startsWith('export ') ? {kind: 'stream', chunks: () => containerTar(size)} : undefined
  const scene = engine(`an export with a program of ${name}`, 'container-file-bytes', 'good', answer)
  return {...scene, outcome: 'verified', streams: 8}
}

/** `docker save` of an image whose program is wrong, to say where that came from. */
function saved(name: string, size: number, streams: number): Scene {
  const answer = (command: string): EngineFault | undefined =>
    command.startsWith('save ') ? {kind: 'stream', chunks: () => fileTar('zeros', size - 1536, [])} : undefined
  const scene = engine(`a saved image of ${name}`, 'saved-image-bytes', 'wrong', answer)
  return {...scene, outcome: {rule: 'wrong-machine'}, streams}
}

/** `docker image inspect` that prints blanks behind what it has to say. */
function inspected(name: string, size: number, outcome: Scene['outcome']): Scene {
  const answer = (command: string): EngineFault | undefined =>
    command.startsWith('image inspect ') ? {kind: 'stream', chunks: stdout => padded(stdout, size)} : undefined
  return {...engine(`an inspection of ${name}`, 'docker-output-bytes', 'good', answer), outcome}
}

function engine(
  name: string,
  limit: NonNullable<Scene['limit']>,
  scene: 'good' | 'wrong',
  answer: (command: string) => EngineFault | undefined,
  options: readonly string[] = [],
): Omit<Scene, 'outcome'> {
  return {
    ...{name: `an engine: ${name}`, limit},
    prepare: async folder => {
      const {env, stop} = await startEngineStandIn({
        folder,
        model: modelOf(scene),
        fault: ({command}) => answer(command),
      })
      const only = scene === 'wrong' ? [] : ['--platforms', 'linux/amd64']
      return {args: ['127.0.0.1:5000/org/app:1', '--source', 'docker', ...options, ...only], env, stop}
    },
  }
}

/** What starts is a link to the program, and its user has a name, as in the image. */
function* containerTar(size: number): Generator<Uint8Array> {
  for (const name of ['etc/', 'usr/', 'usr/bin/']) yield tarHeader({name, type: '5'})
  yield tarItem({name: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\n'})
  yield tarHeader({name: 'app', type: '2', linkName: 'usr/bin/app'})
  yield* programTar('usr/bin/app', size)
}

/** A program that starts, with a note at its very end. */
function* programTar(name: string, size: number): Generator<Uint8Array> {
  const note = Buffer.alloc(32)
  const elf = Buffer.from(buildElf({notes: [note]}))
  const at = Number(elf.readBigUInt64LE(E_PHOFF))
  for (let header = at; header < at + PHDR * elf.readUInt16LE(E_PHNUM); header += PHDR)
    if (elf.readUInt32LE(header) === PT_NOTE) elf.writeBigUInt64LE(BigInt(size - note.length), header + P_OFFSET)
  yield* fileTar(name, size, [elf])
}

/** What is printed as JSON; an id is short. */
function* padded(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  yield bytes
  if (bytes[0] === '{'.charCodeAt(0)) yield Buffer.alloc(size - bytes.length, ' ')
}

function* fileTar(name: string, size: number, start: readonly Uint8Array[]): Generator<Uint8Array> {
  const patch = (block: Buffer): void => base256(block, 124, 12, BigInt(size))
  yield tarHeader({name, mode: 0o755, patch})
  yield* start
  let left = size - start.reduce((sum, {length}) => sum + length, 0)
  for (; left > 0; left -= PIECE.length) yield left < PIECE.length ? PIECE.subarray(0, left) : PIECE
  yield padding(size)
  yield TAR_END
}
