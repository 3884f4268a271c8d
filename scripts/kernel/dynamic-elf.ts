/** A dynamically linked x86-64 program or library without a single symbol, made for its dynamic table. */
export interface DynamicShape {
  /** Of a program; a library has none. */
  readonly interp?: string
  readonly needed: readonly string[]
  readonly soname?: string
  readonly rpath?: string
  readonly runpath?: string
  readonly noDefaultLibraries?: boolean
  /** Versions that it defines, besides its own name. */
  readonly defines?: readonly string[]
  readonly needs?: readonly {
    readonly file: string
    readonly versions: readonly {readonly name: string; readonly weak: boolean}[]
  }[]
}

const BASE = 0x400000
/** exit(42). */
const CODE = Uint8Array.of(0xbf, 42, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05)
const DT = {NEEDED: 1, HASH: 4, STRTAB: 5, SYMTAB: 6, STRSZ: 10, SYMENT: 11, SONAME: 14, RPATH: 15, RUNPATH: 29}
const VERSION = {
  VERSYM: 0x6ffffff0,
  FLAGS_1: 0x6ffffffb,
  VERDEF: 0x6ffffffc,
  VERDEFNUM: 0x6ffffffd,
  VERNEED: 0x6ffffffe,
  VERNEEDNUM: 0x6fffffff,
}

/** Lays out the file: header, program headers, strings, tables, dynamic table, code; one segment for all. */
export function dynamicElf(shape: DynamicShape): Uint8Array {
  const base = shape.interp === undefined ? 0 : BASE
  const strings = newStrings()
  const interp = shape.interp === undefined ? undefined : encode(`${shape.interp}\0`)
  const phnum = interp ? 4 : 3
  const out = new Writer(64 + 56 * phnum)
  const interpAt = interp ? out.append(interp) : 0
  const verneed = encodeNeeds(shape.needs ?? [], strings)
  const verdef = encodeDefinitions(shape, strings)
  const entries: [number, number][] = shape.needed.map(name => [DT.NEEDED, strings.add(name)])
  if (shape.soname !== undefined) entries.push([DT.SONAME, strings.add(shape.soname)])
  if (shape.rpath !== undefined) entries.push([DT.RPATH, strings.add(shape.rpath)])
  if (shape.runpath !== undefined) entries.push([DT.RUNPATH, strings.add(shape.runpath)])
  if (shape.noDefaultLibraries) entries.push([VERSION.FLAGS_1, 0x800])
  const text = strings.bytes()
  entries.push([DT.STRTAB, base + out.append(text)], [DT.STRSZ, text.length])
  entries.push([DT.SYMTAB, base + out.append(new Uint8Array(24))], [DT.SYMENT, 24])
  entries.push([DT.HASH, base + out.append(words([1, 1, 0, 0]))])
  entries.push([VERSION.VERSYM, base + out.append(new Uint8Array(8))])
  if (verneed.count > 0)
    entries.push([VERSION.VERNEED, base + out.append(verneed.bytes)], [VERSION.VERNEEDNUM, verneed.count])
  if (verdef.count > 0)
    entries.push([VERSION.VERDEF, base + out.append(verdef.bytes)], [VERSION.VERDEFNUM, verdef.count])
  const table = new Uint8Array(16 * (entries.length + 1))
  const view = new DataView(table.buffer)
  entries.forEach(([tag, value], index) => {
    view.setBigUint64(16 * index, BigInt(tag), true)
    view.setBigUint64(16 * index + 8, BigInt(value), true)
  })
  const dynamicAt = out.append(table)
  const codeAt = out.append(CODE)
  const file = out.bytes()
  writeHeaders(file, {
    base,
    phnum,
    entry: base + codeAt,
    interp: interp ? [interpAt, interp.length] : undefined,
    dynamic: [dynamicAt, table.length],
  })
  return file
}

class Writer {
  #chunks: Uint8Array[]
  #length: number

  constructor(reserved: number) {
    this.#chunks = [new Uint8Array(reserved)]
    this.#length = reserved
  }

  /** Appends, aligned to 8, and tells where. */
  append(chunk: Uint8Array): number {
    const padding = (8 - (this.#length % 8)) % 8
    const at = this.#length + padding
    this.#chunks.push(new Uint8Array(padding), chunk)
    this.#length = at + chunk.length
    return at
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks))
  }
}

interface Headers {
  readonly base: number
  readonly phnum: number
  readonly entry: number
  readonly interp: readonly [number, number] | undefined
  readonly dynamic: readonly [number, number]
}

function writeHeaders(file: Uint8Array, {base, phnum, entry, interp, dynamic}: Headers): void {
  const view = new DataView(file.buffer)
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, base === 0 ? 3 : 2, true)
  view.setUint16(18, 62, true)
  view.setUint32(20, 1, true)
  view.setBigUint64(24, BigInt(entry), true)
  view.setBigUint64(32, 64n, true)
  view.setUint16(52, 64, true)
  view.setUint16(54, 56, true)
  view.setUint16(56, phnum, true)
  const segments: (readonly [number, number, number, number])[] = [
    ...(interp ? [[3, 4, ...interp] as const] : []),
    [1, 7, 0, file.length],
    [2, 6, ...dynamic],
    // PT_GNU_STACK: without it a loader makes the stack executable, or refuses to.
    [0x6474e551, 6, 0, 0],
  ]
  segments.forEach(([type, flags, offset, size], index) => {
    const at = 64 + 56 * index
    view.setUint32(at, type, true)
    view.setUint32(at + 4, flags, true)
    ;[offset, base + offset, base + offset, size, size, type === 1 ? 0x1000 : 8].forEach((value, field) => {
      view.setBigUint64(at + 8 + 8 * field, BigInt(value), true)
    })
  })
}

function encodeNeeds(needs: NonNullable<DynamicShape['needs']>, strings: Strings): {bytes: Uint8Array; count: number} {
  const chunks: Uint8Array[] = []
  let index = 2
  needs.forEach(({file, versions}, place) => {
    const record = new DataView(new ArrayBuffer(16 + 16 * versions.length))
    record.setUint16(0, 1, true)
    record.setUint16(2, versions.length, true)
    record.setUint32(4, strings.add(file), true)
    record.setUint32(8, 16, true)
    record.setUint32(12, place === needs.length - 1 ? 0 : record.byteLength, true)
    versions.forEach(({name, weak}, aux) => {
      const at = 16 + 16 * aux
      record.setUint32(at, elfHash(name), true)
      record.setUint16(at + 4, weak ? 2 : 0, true)
      record.setUint16(at + 6, index++, true)
      record.setUint32(at + 8, strings.add(name), true)
      record.setUint32(at + 12, aux === versions.length - 1 ? 0 : 16, true)
    })
    chunks.push(new Uint8Array(record.buffer))
  })
  return {bytes: new Uint8Array(Buffer.concat(chunks)), count: needs.length}
}

function encodeDefinitions(
  {defines, soname = 'base'}: DynamicShape,
  strings: Strings,
): {bytes: Uint8Array; count: number} {
  if (!defines) return {bytes: new Uint8Array(), count: 0}
  const names = [soname, ...defines]
  const view = new DataView(new ArrayBuffer(28 * names.length))
  names.forEach((name, index) => {
    const at = 28 * index
    view.setUint16(at, 1, true)
    view.setUint16(at + 2, index === 0 ? 1 : 0, true)
    view.setUint16(at + 4, index + 1, true)
    view.setUint16(at + 6, 1, true)
    view.setUint32(at + 8, elfHash(name), true)
    view.setUint32(at + 12, 20, true)
    view.setUint32(at + 16, index === names.length - 1 ? 0 : 28, true)
    view.setUint32(at + 20, strings.add(name), true)
  })
  return {bytes: new Uint8Array(view.buffer), count: names.length}
}

interface Strings {
  add(text: string): number
  bytes(): Uint8Array
}

function newStrings(): Strings {
  let text = '\0'
  return {
    add: name => {
      const at = text.length
      text += `${name}\0`
      return at
    },
    bytes: () => encode(text),
  }
}

/** The System V ABI's hash of a name. */
function elfHash(name: string): number {
  let hash = 0
  for (const byte of encode(name)) {
    hash = (hash * 16 + byte) >>> 0
    const high = hash & 0xf0000000
    hash = (hash ^ (high >>> 24)) & ~high
  }
  return hash >>> 0
}

function words(values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer)
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
