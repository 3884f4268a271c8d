/** A program header, as the ELF specification names its fields. */
export interface Phdr {
  readonly type: number
  readonly flags?: number
  readonly offset?: number
  readonly vaddr?: number
  readonly filesz?: number
  readonly memsz?: number
  readonly align?: number
}

export interface ElfShape {
  readonly wide: boolean
  readonly type: number
  readonly machine: number
  readonly phdrs: readonly Phdr[]
  /** What stands after the program headers. */
  readonly tail?: Uint8Array
}

const BASE = 0x400000

/** exit(42): x86-64, then i386, each for its own kind of program. */
const EXIT = {
  wide: Uint8Array.of(0xbf, 42, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05),
  narrow: Uint8Array.of(0xbb, 42, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0xcd, 0x80),
}

/** Lays out an ELF file: header, program headers, tail. */
export function layOut({wide, type, machine, phdrs, tail = new Uint8Array()}: ElfShape): Uint8Array {
  const ehsize = wide ? 64 : 52
  const phentsize = wide ? 56 : 32
  const bytes = new Uint8Array(ehsize + phentsize * phdrs.length + tail.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1])
  view.setUint16(16, type, true)
  view.setUint16(18, machine, true)
  view.setUint32(20, 1, true)
  const word = (at: number, value: number) =>
    wide ? view.setBigUint64(at, BigInt(value), true) : view.setUint32(at, value, true)
  const body = ehsize + phentsize * phdrs.length
  word(24, (type === 2 ? BASE : 0) + body)
  word(wide ? 32 : 28, ehsize)
  const end = wide ? 48 : 36
  view.setUint16(end + 4, ehsize, true)
  view.setUint16(end + 6, phentsize, true)
  view.setUint16(end + 8, phdrs.length, true)
  phdrs.forEach((phdr, index) => {
    const at = ehsize + phentsize * index
    const {offset = 0, vaddr = 0, filesz = bytes.length, memsz = filesz, flags = 5, align = 0x1000} = phdr
    view.setUint32(at, phdr.type, true)
    view.setUint32(wide ? at + 4 : at + 24, flags, true)
    const step = wide ? 8 : 4
    ;[offset, vaddr, vaddr, filesz, memsz].forEach((value, field) => {
      word(at + (wide ? 8 : 4) + step * field, value)
    })
    word(wide ? at + 48 : at + 28, align)
  })
  bytes.set(tail, body)
  return bytes
}

export const EM_386 = 3
export const EM_X86_64 = 62

/**
 * A program that exits with 42; with an interpreter where one is given. `interp`
 * is PT_INTERP's bytes, its NUL included.
 */
export function program(options: {
  readonly wide?: boolean
  readonly interp?: Uint8Array
  readonly type?: number
  readonly machine?: number
}): Uint8Array {
  const {wide = true, interp, type = 2, machine = wide ? EM_X86_64 : EM_386} = options
  const code = wide ? EXIT.wide : EXIT.narrow
  const base = type === 2 ? BASE : 0
  const count = interp ? 2 : 1
  const body = (wide ? 64 : 52) + (wide ? 56 : 32) * count
  const load: Phdr = {type: 1, vaddr: base}
  const phdrs = interp
    ? [{type: 3, offset: body + code.length, vaddr: base + body + code.length, filesz: interp.length, align: 1}, load]
    : [load]
  return layOut({wide, type, machine, phdrs, tail: Uint8Array.of(...code, ...(interp ?? []))})
}
