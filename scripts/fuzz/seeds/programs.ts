import {bytes} from '../../../__tests__/support/bytes.ts'
import {buildElf} from '../../../__tests__/support/elf-builder.ts'
import {PACKED_PROGRAM} from '../../../__tests__/support/packed-program.ts'
import {SMALL_PROGRAMS} from '../../../__tests__/support/small-programs.ts'

/** Small programs that between them have all that is read. */
export const PROGRAMS: readonly Uint8Array[] = [
  buildElf(),
  ...SMALL_PROGRAMS.map(([, , content]) => content),
  buildElf({class: 32, machine: 3, type: 'dyn', soname: 'libx.so', rpath: '/a:/b', stack: 'none'}),
  PACKED_PROGRAM.subarray(0, 8192),
  bytes('MZ', new Uint8Array(0x3a), 0x40, 0, 0, 0, 'PE\0\0', 0x64, 0x86, new Uint8Array(16), 0x22, 0x20),
  bytes(0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0),
  bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7, new Uint8Array(16), 1, 0, 0, 12, new Uint8Array(16)),
]
