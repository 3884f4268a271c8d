/**
 * The programs of the example images: "hello" on standard output, exit code 0. Written by hand, so that nothing binary
 * has to be trusted: an ELF header, one program header, the code below, the text.
 */
export type TinyArchitecture = 'amd64' | 'arm64'

const TEXT = new TextEncoder().encode('hello\n')
const HEADERS = 64 + 56

/**
 * e_machine, the alignment of the segment (the largest page of the platform's kernels),
 * and the code that runs up to the text.
 */
const PROGRAMS: Readonly<
  Record<TinyArchitecture, {readonly machine: number; readonly align: number; readonly code: readonly number[]}>
> = {
  amd64: {
    machine: 62,
    align: 0x1000,
    code: [
      ...[0xb8, 0x01, 0x00, 0x00, 0x00], // mov  eax, 1        write
      ...[0xbf, 0x01, 0x00, 0x00, 0x00], // mov  edi, 1        standard output
      ...[0x48, 0x8d, 0x35, 0x10, 0x00, 0x00, 0x00], // lea  rsi, [rip+16]
      ...[0xba, 0x06, 0x00, 0x00, 0x00], // mov  edx, 6
      ...[0x0f, 0x05], // syscall
      ...[0xb8, 0x3c, 0x00, 0x00, 0x00], // mov  eax, 60       exit
      ...[0x31, 0xff], // xor  edi, edi
      ...[0x0f, 0x05], // syscall
    ],
  },
  arm64: {
    machine: 183,
    align: 0x10000,
    code: [
      0xd2800020, // mov  x0, #1         standard output
      0x100000e1, // adr  x1, .+28
      0xd28000c2, // mov  x2, #6
      0xd2800808, // mov  x8, #64        write
      0xd4000001, // svc  #0
      0xd2800000, // mov  x0, #0
      0xd2800ba8, // mov  x8, #93        exit
      0xd4000001, // svc  #0
    ].flatMap(word => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]),
  },
}

/** A static ELF program that says hello on this architecture's Linux. */
export function tinyProgram(architecture: TinyArchitecture): Uint8Array {
  const {machine, align, code} = PROGRAMS[architecture]
  const size = HEADERS + code.length + TEXT.length
  const base = 0x400000
  const file = new Uint8Array(size)
  const view = new DataView(file.buffer)
  // Elf64_Ehdr: ELFCLASS64, ELFDATA2LSB, EV_CURRENT; ET_EXEC.
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  view.setUint16(16, 2, true)
  view.setUint16(18, machine, true)
  view.setUint32(20, 1, true)
  view.setBigUint64(24, BigInt(base + HEADERS), true)
  view.setBigUint64(32, 64n, true)
  view.setUint16(52, 64, true)
  view.setUint16(54, 56, true)
  view.setUint16(56, 1, true)
  // Elf64_Phdr: PT_LOAD, readable and executable, the whole file.
  view.setUint32(64, 1, true)
  view.setUint32(68, 5, true)
  view.setBigUint64(80, BigInt(base), true)
  view.setBigUint64(88, BigInt(base), true)
  view.setBigUint64(96, BigInt(size), true)
  view.setBigUint64(104, BigInt(size), true)
  view.setBigUint64(112, BigInt(align), true)
  file.set(code, HEADERS)
  file.set(TEXT, HEADERS + code.length)
  return file
}
