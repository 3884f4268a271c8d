import {decodeCString, readRange} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {machineName} from '../../platform/index.ts'
import type {Malformed} from '../problem.ts'
import {EHDR_SIZE, INTERP_LIMIT, PT} from './constants.ts'
import {decodeHeaderByIdent, findIdentProblems} from './header.ts'
import {readSegments, type SegmentTable} from './segments.ts'
import type {ElfHeader, ElfIdentity, Interpreter} from './types.ts'

/** The largest loff_t. */
const MAX_LOFF = 2n ** 63n - 1n

/**
 * What an ELF file is: header, program headers and PT_INTERP. Section headers are not
 * looked at. `head`: the file's beginning.
 */
export async function identifyElf(file: RandomAccess, head: Uint8Array): Promise<ElfIdentity> {
  const header = decodeHeaderByIdent(head)
  const short = findShortHeader(header, file.size)
  const table: SegmentTable = short ? {segments: []} : await readSegments(header, file)
  const interpreter = await readInterpreter(table, file)
  const malformed = short ?? table.malformed
  return {
    kind: 'elf',
    header,
    machine: machineName(header.machine, header.class, header.data),
    segments: table.segments,
    ...defined({interpreter}),
    identProblems: findIdentProblems(header),
    ...defined({malformed}),
    head: head.slice(0, EHDR_SIZE[64]),
    size: file.size,
  }
}

function findShortHeader(header: ElfHeader, size: number): Malformed | undefined {
  const needed = EHDR_SIZE[header.class]
  return size < needed
    ? {offset: size, reason: `the file ends after ${size} bytes of its ${needed}-byte ELF header`}
    : undefined
}

/** fs/binfmt_elf.c load_elf_binary: only the first PT_INTERP counts. At most 4096 bytes are read. */
async function readInterpreter(table: SegmentTable, file: RandomAccess): Promise<Interpreter | undefined> {
  const segment = table.segments.find(({type}) => type === PT.PT_INTERP)
  if (!segment) return undefined
  const size = segment.filesz
  const refuse = (errno: 'ENOEXEC' | 'EIO' | 'EINVAL' | 'EACCES', reason: string): Interpreter => ({
    path: '',
    size,
    refused: {errno, reason},
  })
  if (size < 2 || size > INTERP_LIMIT)
    return refuse('ENOEXEC', `PT_INTERP is ${size} bytes long, not 2 to ${INTERP_LIMIT}`)
  const offset = table.interpreterOffset ?? BigInt(segment.offset)
  // fs/read_write.c rw_verify_area: a loff_t has a sign, and so must what is read have an end.
  if (offset + BigInt(size) > MAX_LOFF) return refuse('EINVAL', `PT_INTERP is at ${offset}, beyond any file`)
  const bytes = await readRange(file, segment.offset, size)
  if (!bytes) return refuse('EIO', `PT_INTERP is at ${offset}, the file ends at ${file.size}`)
  if (bytes[size - 1] !== 0) return refuse('ENOEXEC', 'PT_INTERP does not end with a NUL')
  const path = decodeCString(bytes)
  return path === '' ? refuse('EACCES', 'PT_INTERP is an empty path') : {path, size}
}
