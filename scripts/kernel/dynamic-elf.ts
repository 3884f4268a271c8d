/** A symbol that an object wants bound. */
export interface Import {
  readonly name: string
  readonly weak?: boolean
  /** By a relocation of DT_JMPREL, as a call has it; else by one of DT_RELA. */
  readonly call?: boolean
  /** One of the versions in `needs`. */
  readonly version?: string
  /** STB_LOCAL in place of STB_GLOBAL. */
  readonly local?: boolean
  /** st_value: of a program, the address that stands for a function of a library. */
  readonly value?: number
}

/** A symbol that an object defines. */
export interface Export {
  readonly name: string
  /** One of `defines`. */
  readonly version?: string
  readonly hidden?: boolean
  /** st_info: binding and type; STB_GLOBAL and STT_FUNC where nothing is said. */
  readonly info?: number
  /** st_value; the address of the code where nothing is said. */
  readonly value?: number
}

/** A dynamically linked x86-64 program or library, made for its dynamic table: it has no code but the end of it. */
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
  readonly imports?: readonly Import[]
  readonly exports?: readonly Export[]
  /** DF_BIND_NOW. */
  readonly bindsNow?: boolean
}

const BASE = 0x400000
/** exit(42). */
const CODE = Uint8Array.of(0xbf, 42, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05)
const DT = {
  NEEDED: 1,
  PLTRELSZ: 2,
  PLTGOT: 3,
  HASH: 4,
  STRTAB: 5,
  SYMTAB: 6,
  RELA: 7,
  RELASZ: 8,
  RELAENT: 9,
  STRSZ: 10,
  SYMENT: 11,
  SONAME: 14,
  RPATH: 15,
  PLTREL: 20,
  JMPREL: 23,
  RUNPATH: 29,
  FLAGS: 30,
}
const R_X86_64 = {GLOB_DAT: 6, JUMP_SLOT: 7}
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
  const verneed = encodeNeeds(shape.needs ?? [], strings, 2 + (shape.defines?.length ?? 0))
  const verdef = encodeDefinitions(shape, strings)
  const entries: [number, number][] = shape.needed.map(name => [DT.NEEDED, strings.add(name)])
  if (shape.soname !== undefined) entries.push([DT.SONAME, strings.add(shape.soname)])
  if (shape.rpath !== undefined) entries.push([DT.RPATH, strings.add(shape.rpath)])
  if (shape.runpath !== undefined) entries.push([DT.RUNPATH, strings.add(shape.runpath)])
  const imports = shape.imports ?? []
  const exports = shape.exports ?? []
  const names = [...imports, ...exports].map(({name}) => strings.add(name))
  if (shape.bindsNow) entries.push([DT.FLAGS, 8])
  if (shape.noDefaultLibraries) entries.push([VERSION.FLAGS_1, 0x800])
  const text = strings.bytes()
  entries.push([DT.STRTAB, base + out.append(text)], [DT.STRSZ, text.length])
  const codeAt = out.append(CODE)
  entries.push([DT.SYMTAB, base + out.append(encodeSymbols(imports, exports, names, base + codeAt))], [DT.SYMENT, 24])
  entries.push([DT.HASH, base + out.append(encodeHash(imports.length, exports.length))])
  entries.push([VERSION.VERSYM, base + out.append(encodeVersym(shape))])
  for (const call of [false, true]) {
    const chosen = imports.flatMap((one, index) => ((one.call ?? false) === call ? [index + 1] : []))
    if (chosen.length === 0) continue
    const slots = base + out.append(new Uint8Array(8 * (chosen.length + 3)))
    const table = encodeRelocations(chosen, slots + 24, call ? R_X86_64.JUMP_SLOT : R_X86_64.GLOB_DAT)
    const at = base + out.append(table)
    entries.push(
      ...(call
        ? ([
            [DT.JMPREL, at],
            [DT.PLTRELSZ, table.length],
            [DT.PLTREL, DT.RELA],
            [DT.PLTGOT, slots],
          ] as const)
        : ([
            [DT.RELA, at],
            [DT.RELASZ, table.length],
            [DT.RELAENT, 24],
          ] as const)
      ).map(([tag, value]): [number, number] => [tag, value]),
    )
  }
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

/** Elf64_Sym: u32 st_name; u8 st_info, st_other; u16 st_shndx; u64 st_value, st_size. Symbol 0, imports, exports. */
function encodeSymbols(
  imports: readonly Import[],
  exports: readonly Export[],
  names: readonly number[],
  address: number,
): Uint8Array {
  const symbols = [
    ...imports.map(({weak, local, value = 0}) => ({info: local ? 0 : weak ? 0x20 : 0x10, section: 0, value})),
    ...exports.map(({info = 0x12, value = address}) => ({info, section: 1, value})),
  ]
  const view = new DataView(new ArrayBuffer(24 * (1 + symbols.length)))
  symbols.forEach(({info, section, value}, index) => {
    const at = 24 * (index + 1)
    view.setUint32(at, names[index] ?? 0, true)
    view.setUint8(at + 4, info)
    view.setUint16(at + 6, section, true)
    view.setBigUint64(at + 8, BigInt(value), true)
  })
  return new Uint8Array(view.buffer)
}

/** One bucket, whose chain goes through all exports. */
function encodeHash(imported: number, exported: number): Uint8Array {
  const count = 1 + imported + exported
  const first = exported === 0 ? 0 : 1 + imported
  const chain = Array.from({length: count}, (_, index) => (index > imported && index < count - 1 ? index + 1 : 0))
  return words([1, count, first, ...chain])
}

/**
 * By the places in `defines` and in `needs`, as encodeDefinitions and encodeNeeds number them; 1 is the base version.
 */
function encodeVersym({imports = [], exports = [], defines = [], needs = []}: DynamicShape): Uint8Array {
  const needed = needs.flatMap(({versions}) => versions.map(({name}) => name))
  const indices = [
    0,
    ...imports.map(({version}) => (version === undefined ? 1 : needed.indexOf(version) + 2 + defines.length)),
    ...exports.map(({version, hidden}) =>
      version === undefined ? 1 : (defines.indexOf(version) + 2) | (hidden ? 0x8000 : 0),
    ),
  ]
  return new Uint8Array(Uint16Array.from(indices).buffer)
}

/** Elf64_Rela: u64 r_offset, r_info, r_addend. */
function encodeRelocations(symbols: readonly number[], slots: number, type: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(24 * symbols.length))
  symbols.forEach((symbol, index) => {
    view.setBigUint64(24 * index, BigInt(slots + 8 * index), true)
    view.setBigUint64(24 * index + 8, (BigInt(symbol) << 32n) | BigInt(type), true)
  })
  return new Uint8Array(view.buffer)
}

function encodeNeeds(
  needs: NonNullable<DynamicShape['needs']>,
  strings: Strings,
  start: number,
): {bytes: Uint8Array; count: number} {
  const chunks: Uint8Array[] = []
  let index = start
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
