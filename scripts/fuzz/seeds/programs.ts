import {bytes, hex} from '../../../__tests__/support/bytes.ts'
import {buildElf} from '../../../__tests__/support/elf-builder.ts'
import {note} from '../../../__tests__/support/elf-writer.ts'
import {inlineBuildInfo, moduleInfo, pointedBuildInfo} from '../../../__tests__/support/go-build-info.ts'
import {PACKED_PROGRAM} from '../../../__tests__/support/packed-program.ts'

const ARM_ATTRIBUTES =
  '4132000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201'
const RISCV_ATTRIBUTES = '41 1a000000 726973637600 01 10000000 05 7276363469327030 5f7600'
const X86_PROPERTY = '040000001000000005000000474e5500028000c0040000000700000000000000'

/** Small programs that between them have all that is read. */
export const PROGRAMS: readonly Uint8Array[] = [
  buildElf(),
  buildElf({
    type: 'dyn',
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    needed: ['libc.so.6'],
    runpath: '$ORIGIN',
    soname: 'self',
    flags1: 0x08000000,
    versionNeeds: [{file: 'libc.so.6', versions: ['GLIBC_2.34', {name: 'GLIBC_2.2.5', weak: true}]}],
    versionDefinitions: ['ONE', 'TWO'],
    notes: [note('little', {name: 'GNU', type: 1, description: hex('00000000030000000200000000000000')})],
    gnuProperty: hex(X86_PROPERTY),
  }),
  buildElf({
    class: 32,
    machine: 40,
    flags: 0x05000002,
    rwData: inlineBuildInfo('go1.26.1', moduleInfo({GOOS: 'linux', GOARCH: 'arm', GOARM: '7'})),
    sections: [
      {name: '.go.buildinfo', type: 1, content: new Uint8Array(16)},
      {name: '.ARM.attributes', type: 0x70000003, content: hex(ARM_ATTRIBUTES)},
    ],
  }),
  buildElf({
    machine: 22,
    data: 'big',
    rwData: pointedBuildInfo('go1.16.2', moduleInfo({}), {address: 0x401100, size: 8, order: 'big'}),
  }),
  buildElf({
    class: 32,
    data: 'big',
    machine: 8,
    flags: 0x70001007,
    interpreter: '/lib/ld.so.1',
    versionDefinitions: ['V'],
    segments: [{type: 0x70000003, content: hex('00002002 01010005 00000000 00000000 00000000 00000000')}],
  }),
  buildElf({
    machine: 243,
    flags: 5,
    align: 0x10000,
    segments: [{type: 0x70000003, content: hex(RISCV_ATTRIBUTES)}],
  }),
  buildElf({class: 32, machine: 3, type: 'dyn', soname: 'libx.so', rpath: '/a:/b', stack: 'none'}),
  PACKED_PROGRAM.subarray(0, 8192),
  bytes('MZ', new Uint8Array(0x3a), 0x40, 0, 0, 0, 'PE\0\0', 0x64, 0x86, new Uint8Array(16), 0x22, 0x20),
  bytes(0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0),
  bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7, new Uint8Array(16), 1, 0, 0, 12, new Uint8Array(16)),
]
