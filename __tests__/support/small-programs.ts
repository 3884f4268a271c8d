import {hex} from './bytes.ts'
import {buildElf} from './elf-builder.ts'
import {note} from './elf-writer.ts'
import {inlineBuildInfo, moduleInfo, pointedBuildInfo} from './go-build-info.ts'

const ARM_ATTRIBUTES = hex(
  '4132000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201',
)
const GO = moduleInfo({GOOS: 'linux', GOARCH: 'arm', GOARM: '7', '-ldflags': '"-s -w"'})

/** Small programs that between them have all that is read. */
export const SMALL_PROGRAMS: readonly (readonly [name: string, platform: string, content: Uint8Array])[] = [
  [
    'amd64, dynamic, versions, notes',
    'linux/amd64',
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
      gnuProperty: hex('040000001000000005000000474e5500028000c0040000000700000000000000'),
    }),
  ],
  [
    'arm, Go, attributes',
    'linux/arm/v6',
    buildElf({
      class: 32,
      machine: 40,
      flags: 0x05000002,
      rwData: inlineBuildInfo('go1.26.1', GO),
      sections: [
        {name: '.go.buildinfo', type: 1, content: new Uint8Array(16)},
        {name: '.ARM.attributes', type: 0x70000003, content: ARM_ATTRIBUTES},
      ],
    }),
  ],
  [
    's390x, Go 1.16',
    'linux/s390x',
    buildElf({
      machine: 22,
      data: 'big',
      rwData: pointedBuildInfo('go1.16.2', moduleInfo({}), {address: 0x401100, size: 8, order: 'big'}),
    }),
  ],
  [
    'mips, 32-bit big-endian',
    'linux/mips',
    buildElf({
      class: 32,
      data: 'big',
      machine: 8,
      flags: 0x70001007,
      interpreter: '/lib/ld.so.1',
      versionDefinitions: ['V'],
      segments: [{type: 0x70000003, content: hex('00002002 01010005 00000000 00000000 00000000 00000000')}],
    }),
  ],
  [
    'riscv64, attributes',
    'linux/riscv64',
    buildElf({
      machine: 243,
      flags: 5,
      align: 0x10000,
      segments: [{type: 0x70000003, content: hex('41 1a000000 726973637600 01 10000000 05 7276363469327030 5f7600')}],
    }),
  ],
]
