import type {ByteInput} from './byte-input.ts'
import {concatBytes} from './bytes.ts'
import {FormatError} from './format-error.ts'
import {fixedBound, tellLimit} from './over-limit.ts'
import {BLOCK, parseTarNumber, type TarHeader} from './tar-header.ts'
import {decodeName} from './tar-name.ts'
import {type PaxRecords, parseDecimal, SPARSE_MAP} from './tar-pax.ts'
import {
  inlineRegionLines,
  parseGnuRegions,
  parseInlineRegions,
  parsePaxRegions,
  regionsFit,
  type SparseRegion,
} from './tar-sparse.ts'

/** What is known of a file before its sparse map is read. */
export interface SparseContext {
  readonly block: Uint8Array
  readonly header: TarHeader
  readonly pax: PaxRecords
  /** In bytes, of what follows in the tar; the blocks that go on with a map of type `S` do not count. */
  readonly stored: number
  readonly offset: number
}

export interface SparseFile {
  readonly name: string | undefined
  /** In bytes, holes included. */
  readonly size: number
  readonly regions: readonly SparseRegion[]
  readonly content: {readonly offset: number; readonly length: number}
}

const MAP = fixedBound('tar-sparse-map-bytes')

/**
 * Reads the sparse map of a file, in whichever of GNU's four formats it is; undefined for a file that is not sparse.
 */
export async function readSparse(input: ByteInput, context: SparseContext): Promise<SparseFile | undefined> {
  if (context.header.type === 'S') return readOldGnu(input, context)
  return context.pax.size === 0 ? undefined : readPax(input, context)
}

/**
 *     386 four pairs of offset 12 and length 12 · 482 whether blocks follow that go on · 483 size of the file 12
 *     in those: 0 twenty-one pairs · 504 whether one more follows
 */
async function readOldGnu(input: ByteInput, context: SparseContext): Promise<SparseFile> {
  const {block, header, stored} = context
  if (header.format !== 'gnu') throw malformed(context)
  const size = parseTarNumber(block, 483, 12)
  const parts = [parseGnuRegions(block, 386, 4)]
  let goesOn = block[482] !== 0
  for (let read = 0; goesOn; read += BLOCK) {
    const next = await input.take(BLOCK)
    if (read >= MAP.most) throw tooLarge(context)
    if (next.length < BLOCK) throw malformed(context)
    parts.push(parseGnuRegions(next, 0, 21))
    goesOn = next[504] !== 0
  }
  const regions = parts.every(part => part !== undefined) ? parts.flat() : undefined
  return checked(context, {name: undefined, size, regions, content: {offset: input.position, length: stored}})
}

async function readPax(input: ByteInput, context: SparseContext): Promise<SparseFile | undefined> {
  const {pax, stored} = context
  const text = (key: string): string | undefined => {
    const value = pax.get(key)
    return value && value.length > 0 ? decodeName(value) : undefined
  }
  const version = `${text('GNU.sparse.major') ?? ''}.${text('GNU.sparse.minor') ?? ''}`
  const map = pax.get(SPARSE_MAP)
  const inline = version === '1.0'
  // Formats 0.0 and 0.1 did not state their version at first. Other versions are not sparse files to Go's archive/tar.
  if (!inline && !(version === '0.0' || version === '0.1' || (version === '.' && map && map.length > 0)))
    return undefined
  const told = pax.get('GNU.sparse.size') ?? pax.get('GNU.sparse.realsize')
  const size = told ? parseDecimal(told) : stored
  const start = input.position
  const regions = inline ? await readInlineRegions(input, context) : parsePaxRegions(map ?? new Uint8Array())
  const content = {offset: input.position, length: stored - (input.position - start)}
  return checked(context, {name: text('GNU.sparse.name'), size, regions, content})
}

async function readInlineRegions(input: ByteInput, context: SparseContext): Promise<SparseRegion[] | undefined> {
  const {stored} = context
  const blocks: Uint8Array[] = []
  let lines = 0
  let wanted: number | undefined
  for (let read = 0; read < stored; read += BLOCK) {
    if (read >= MAP.most) throw tooLarge(context)
    const block = await input.take(BLOCK)
    blocks.push(block)
    if (read === 0) wanted = inlineRegionLines(block)
    for (const byte of block) if (byte === 0x0a) lines += 1
    if (wanted === undefined) return undefined
    if (lines >= wanted) return parseInlineRegions(concatBytes(blocks), wanted)
  }
  return undefined
}

function checked(
  context: SparseContext,
  found: Omit<SparseFile, 'size' | 'regions'> & {
    readonly size: number | undefined
    readonly regions: readonly SparseRegion[] | undefined
  },
): SparseFile {
  const {size, regions, content} = found
  if (size === undefined || !regions || !regionsFit(regions, size, content.length)) throw malformed(context)
  return {...found, size, regions}
}

function tooLarge({offset}: SparseContext): FormatError {
  const tell = (most: string): string => `tar header at offset ${offset}: a sparse map of more than ${most}`
  return new FormatError('malformed', tellLimit(MAP, tell))
}

function malformed({offset}: SparseContext): FormatError {
  return new FormatError('malformed', `tar header at offset ${offset}: the sparse map is malformed`)
}
