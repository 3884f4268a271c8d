import {byteWriter, elfHash, stringTable} from './elf-writer.ts'

/** A symbol version that a program needs of a library; `weak`: VER_FLG_WEAK. */
export type VersionNeed = string | {readonly name: string; readonly weak: true}

export interface ElfOptions {
  /** 64 */
  readonly class?: 32 | 64
  /** little */
  readonly data?: 'little' | 'big'
  /** EM_X86_64 (62) */
  readonly machine?: number
  /** `exec` is ET_EXEC (the default), `dyn` ET_DYN; or a number. */
  readonly type?: 'exec' | 'dyn' | number
  /** e_flags; 0 */
  readonly flags?: number
  readonly osabi?: number
  /** Where it starts; the code by default, 0 for a shared library. */
  readonly entry?: number
  readonly interpreter?: string
  readonly needed?: readonly string[]
  readonly soname?: string
  readonly rpath?: string
  readonly runpath?: string
  /** DT_FLAGS_1: 0x08000000 is DF_1_PIE. */
  readonly flags1?: number
  readonly versionNeeds?: readonly {readonly file: string; readonly versions: readonly VersionNeed[]}[]
  /** Version names that this library defines; the base version (its SONAME) is added. */
  readonly versionDefinitions?: readonly string[]
  /** A PT_NOTE each (see `note` in elf-writer.ts). */
  readonly notes?: readonly Uint8Array[]
  /** A PT_GNU_PROPERTY: the whole note. */
  readonly gnuProperty?: Uint8Array
  /** Goes into the writable segment, 16-byte aligned, first: Go build info, say. */
  readonly rwData?: Uint8Array
  /** Further segments with content of their own: PT_RISCV_ATTRIBUTES, PT_MIPS_ABIFLAGS. */
  readonly segments?: readonly {readonly type: number; readonly content: Uint8Array}[]
  /** Sections by name; a section header table is only written where there is one. */
  readonly sections?: readonly {readonly name: string; readonly type: number; readonly content: Uint8Array}[]
  /** p_align of the PT_LOADs; 0x1000 */
  readonly align?: number
  /** PT_GNU_STACK's p_flags; 6. `none` leaves it out. */
  readonly stack?: number | 'none'
  /** What runs; exit(0) where we know how. */
  readonly code?: Uint8Array
}

/**
 * Writes a small, valid ELF file: headers and read-only parts in a first PT_LOAD (R X), the dynamic table and data in a
 * second (R W). Without options: a static x86-64 program that exits with 0.
 */
export function buildElf(options: ElfOptions = {}): Uint8Array {
  const elfClass = options.class ?? 64
  const data = options.data ?? 'little'
  const machine = options.machine ?? 62
  const wide = elfClass === 64
  const wordSize = wide ? 8 : 4
  const align = options.align ?? 0x1000
  const type = options.type === 'dyn' ? 3 : options.type === 'exec' || options.type === undefined ? 2 : options.type
  const base = type === 3 ? 0 : Math.max(0x400000, align)
  const writer = () => byteWriter(data, wordSize)
  const dynamic = isDynamic(options)
  const ehdrSize = wide ? 64 : 52
  const phdrSize = wide ? 56 : 32

  const headerCount =
    2 +
    (options.interpreter === undefined ? 0 : 2) +
    (dynamic ? 1 : 0) +
    (options.notes?.length ?? 0) +
    (options.gnuProperty ? 1 : 0) +
    (options.stack === 'none' ? 0 : 1) +
    (options.segments?.length ?? 0)

  // The read-only part, after the headers. `place` gives the offset in the file, which is the address minus the base.
  const start = ehdrSize + headerCount * phdrSize
  const body = writer()
  const place = (content: Uint8Array, alignment = 8): number => {
    while ((start + body.length) % alignment !== 0) body.u8(0)
    const at = start + body.length
    body.bytes(content)
    return at
  }
  const headers: ProgramHeader[] = []
  const addReadOnly = (ptype: number, content: Uint8Array, alignment: number) => {
    const offset = place(content, alignment)
    headers.push({type: ptype, flags: 4, offset, vaddr: base + offset, size: content.length, align: alignment})
  }

  if (options.interpreter !== undefined) {
    // glibc finds out where a position-independent program lies by its PT_PHDR.
    const size = headerCount * phdrSize
    headers.push({type: 6, flags: 4, offset: ehdrSize, vaddr: base + ehdrSize, size, align: 8})
    addReadOnly(3, new TextEncoder().encode(`${options.interpreter}\0`), 1)
  }
  for (const content of options.notes ?? []) addReadOnly(4, content, 4)
  if (options.gnuProperty) addReadOnly(0x6474e553, options.gnuProperty, 8)
  for (const {type: ptype, content} of options.segments ?? []) addReadOnly(ptype, content, 8)
  const tags = dynamic ? placeDynamicParts(options, {writer, place, base, wide}) : []
  const code = place(options.code ?? exitCode(machine, data), 16)
  const textEnd = start + body.length

  // The writable part lies in the next page(s) of memory and right after the read-only part in the file.
  const rwOffset = Math.ceil(textEnd / 16) * 16
  const rwAddress = base + rwOffset + Math.max(align, 0x1000)
  const rw = writer()
  rw.bytes(options.rwData ?? []).align(16)
  if (dynamic) {
    const at = rw.length
    for (const [tag, value] of [...tags, [0, 0] as const]) rw.word(tag, value)
    headers.push({
      type: 2,
      flags: 6,
      offset: rwOffset + at,
      vaddr: rwAddress + at,
      size: rw.length - at,
      align: wordSize,
    })
  }
  const loads: ProgramHeader[] = [
    {type: 1, flags: 5, offset: 0, vaddr: base, size: textEnd, align},
    {type: 1, flags: 6, offset: rwOffset, vaddr: rwAddress, size: rw.length, align},
  ]
  const stack: ProgramHeader[] =
    options.stack === 'none'
      ? []
      : [{type: 0x6474e551, flags: options.stack ?? 6, offset: 0, vaddr: 0, size: 0, align: 16}]
  const all = [
    ...headers.filter(({type: t}) => t === 3 || t === 6),
    ...loads,
    ...headers.filter(({type: t}) => t !== 3 && t !== 6),
    ...stack,
  ]

  const sections = buildSections(options, writer, rwOffset + rw.length)
  const isLibrary = type === 3 && options.interpreter === undefined && options.soname !== undefined
  const entry = options.entry ?? (isLibrary || type === 1 ? 0 : base + code)
  const file = writer()
  file.u8(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, data === 'little' ? 1 : 2, 1, options.osabi ?? 0).u64(0)
  file
    .u16(type, machine)
    .u32(1)
    .word(entry, ehdrSize, sections.count === 0 ? 0 : sections.offset)
  file
    .u32(options.flags ?? 0)
    .u16(ehdrSize, phdrSize, all.length, wide ? 64 : 40, sections.count, Math.max(0, sections.count - 1))
  for (const {type: ptype, flags, offset, vaddr, size, align: palign} of all) {
    file.u32(ptype)
    if (wide) file.u32(flags).word(offset, vaddr, vaddr, size, size, palign)
    else file.word(offset, vaddr, vaddr, size, size).u32(flags).word(palign)
  }
  file.bytes(body.toBytes()).align(16).bytes(rw.toBytes()).bytes(sections.bytes)
  return file.toBytes()
}

interface ProgramHeader {
  readonly type: number
  readonly flags: number
  readonly offset: number
  readonly vaddr: number
  /** In the file and in memory. */
  readonly size: number
  readonly align: number
}

function isDynamic(options: ElfOptions): boolean {
  return (
    options.interpreter !== undefined ||
    options.needed !== undefined ||
    options.soname !== undefined ||
    options.rpath !== undefined ||
    options.runpath !== undefined ||
    options.flags1 !== undefined ||
    options.versionNeeds !== undefined ||
    options.versionDefinitions !== undefined
  )
}

interface Placing {
  readonly writer: () => ReturnType<typeof byteWriter>
  readonly place: (content: Uint8Array, alignment?: number) => number
  readonly base: number
  readonly wide: boolean
}

/** Places string table, symbols and versions; returns the dynamic table's entries. */
function placeDynamicParts(options: ElfOptions, {writer, place, base, wide}: Placing): (readonly [number, number])[] {
  const strings = stringTable()
  const tags: (readonly [number, number])[] = []
  for (const name of options.needed ?? []) tags.push([1, strings.add(name)])
  if (options.soname !== undefined) tags.push([14, strings.add(options.soname)])
  if (options.rpath !== undefined) tags.push([15, strings.add(options.rpath)])
  if (options.runpath !== undefined) tags.push([29, strings.add(options.runpath)])
  if (options.flags1 !== undefined) tags.push([0x6ffffffb, options.flags1])

  const needs = options.versionNeeds ?? []
  if (needs.length > 0) {
    const table = writer()
    let index = 2
    needs.forEach(({file, versions}, position) => {
      const last = position === needs.length - 1
      table.u16(1, versions.length).u32(strings.add(file), 16, last ? 0 : 16 + 16 * versions.length)
      versions.forEach((version, auxiliary) => {
        const name = typeof version === 'string' ? version : version.name
        const weak = typeof version === 'string' ? 0 : 2
        const next = auxiliary === versions.length - 1 ? 0 : 16
        table.u32(elfHash(name)).u16(weak, index++).u32(strings.add(name), next)
      })
    })
    tags.push([0x6ffffffe, base + place(table.toBytes())], [0x6fffffff, needs.length])
  }
  const names = options.versionDefinitions ? [options.soname ?? 'base', ...options.versionDefinitions] : []
  if (names.length > 0) {
    const table = writer()
    names.forEach((name, position) => {
      table
        .u16(1, position === 0 ? 1 : 0, position + 1, 1)
        .u32(elfHash(name), 20, position === names.length - 1 ? 0 : 28)
      table.u32(strings.add(name), 0)
    })
    tags.push([0x6ffffffc, base + place(table.toBytes())], [0x6ffffffd, names.length])
  }
  if (needs.length + names.length > 0) tags.push([0x6ffffff0, base + place(writer().u16(0).toBytes())])

  const text = strings.toBytes()
  const symbolSize = wide ? 24 : 16
  tags.push([4, base + place(writer().u32(1, 1, 0, 0).toBytes())])
  tags.push([5, base + place(text)], [10, text.length])
  tags.push([6, base + place(new Uint8Array(symbolSize))], [11, symbolSize])
  return tags
}

/** The section header table at the file's end: null, the given ones, .shstrtab. */
function buildSections(options: ElfOptions, writer: Placing['writer'], offset: number) {
  const wanted = options.sections ?? []
  if (wanted.length === 0) return {count: 0, offset: 0, bytes: new Uint8Array()}
  const names = stringTable()
  const all = wanted.map(section => ({...section, at: names.add(section.name)}))
  const shstrtab = {at: names.add('.shstrtab'), type: 3, content: names.toBytes()}
  const contents = writer()
  const table = writer().u32(0, 0).word(0, 0, 0, 0).u32(0, 0).word(0, 0)
  for (const {at, type, content} of [...all, shstrtab]) {
    contents.align(8)
    table
      .u32(at, type)
      .word(0, 0, offset + contents.length, content.length)
      .u32(0, 0)
      .word(1, 0)
    contents.bytes(content)
  }
  contents.align(8)
  const count = all.length + 2
  return {count, offset: offset + contents.length, bytes: contents.bytes(table.toBytes()).toBytes()}
}

/** exit(0) in the machine's own code; zeros for machines that no test runs. */
function exitCode(machine: number, data: 'little' | 'big'): Uint8Array {
  const code: Readonly<Record<number, readonly number[]>> = {
    3: [0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80],
    62: [0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05],
    40: [0x01, 0x70, 0xa0, 0xe3, 0, 0, 0xa0, 0xe3, 0, 0, 0, 0xef],
    183: [0xa8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4],
    243: [0x93, 0x08, 0xd0, 0x05, 0x13, 0x05, 0, 0, 0x73, 0, 0, 0],
  }
  return data === 'little' && code[machine] ? Uint8Array.from(code[machine]) : new Uint8Array(16)
}
