import type {ByteOrder} from '../../lib/byte-view.ts'
import {EM} from '../machine.ts'
import {type Architecture, type CompatRule, HOST_64} from './architecture.ts'

/** N32. binutils include/elf/mips.h */
export const EF_MIPS_ABI2 = 0x20

const mips32 = (data: ByteOrder): readonly CompatRule[] => [
  {
    machines: [EM.EM_MIPS],
    class: 32,
    data,
    flags: {mask: EF_MIPS_ABI2, is: EF_MIPS_ABI2},
    name: 'mips N32',
    level: 'warning',
    reason: 'needs a kernel with CONFIG_MIPS32_N32',
  },
  {
    machines: [EM.EM_MIPS],
    class: 32,
    data,
    name: 'mips O32',
    level: 'warning',
    reason: 'needs a kernel with CONFIG_MIPS32_O32',
  },
]

// arch/mips/Makefile has one UTS_MACHINE for both byte orders.
export const MIPS: readonly Architecture[] = [
  {
    name: 'mips',
    elf: {machine: EM.EM_MIPS, class: 32, data: 'big', checksClass: true},
    compat: [{machines: [EM.EM_MIPS], class: 64, data: 'big', level: 'error', reason: HOST_64}],
    loaders: {glibc: ['/lib/ld.so.1'], musl: ['mips', 'mips-sf']},
    multiarch: ['mips-linux-gnu'],
    spelling: 'mips',
    answers: {'': {uname: ['mips'], unameOn64Bit: ['mips64', 'mips'], dpkg: ['mips'], apk: ['mips'], rpm: ['mips']}},
  },
  {
    name: 'mipsle',
    misnomers: {mipsel: ''},
    elf: {machine: EM.EM_MIPS, class: 32, data: 'little', checksClass: true},
    compat: [{machines: [EM.EM_MIPS], class: 64, data: 'little', level: 'error', reason: HOST_64}],
    loaders: {glibc: ['/lib/ld.so.1', '/lib/ld-linux-mipsn8.so.1'], musl: ['mipsel', 'mipsel-sf']},
    multiarch: ['mipsel-linux-gnu'],
    spelling: 'mips(?:el|le)',
    answers: {
      '': {uname: ['mips'], unameOn64Bit: ['mips64', 'mips'], dpkg: ['mipsel'], apk: ['mipsel'], rpm: ['mipsel']},
    },
  },
  {
    name: 'mips64',
    elf: {machine: EM.EM_MIPS, class: 64, data: 'big', checksClass: true},
    compat: mips32('big'),
    loaders: {glibc: ['/lib64/ld.so.1'], musl: ['mips64']},
    multiarch: ['mips64-linux-gnuabi64'],
    largestPage: 16384,
    spelling: 'mips64(?:r6)?',
    answers: {'': {uname: ['mips64'], dpkg: ['mips64'], apk: ['mips64'], rpm: ['mips64']}},
  },
  {
    name: 'mips64le',
    misnomers: {mips64el: ''},
    elf: {machine: EM.EM_MIPS, class: 64, data: 'little', checksClass: true},
    compat: mips32('little'),
    loaders: {glibc: ['/lib64/ld.so.1', '/lib64/ld-linux-mipsn8.so.1'], musl: ['mips64el']},
    multiarch: ['mips64el-linux-gnuabi64'],
    largestPage: 16384,
    spelling: 'mips64(?:r6)?(?:el|le)',
    answers: {'': {uname: ['mips64'], dpkg: ['mips64el'], apk: ['mips64el'], rpm: ['mips64el']}},
  },
]
