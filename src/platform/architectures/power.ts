import {EM} from '../machine.ts'
import {type Architecture, HOST_64, type Variants} from './architecture.ts'

const POWER: Variants = {
  levels: ['power8', 'power9', 'power10', 'power11'],
  areMatched: false,
  goSetting: 'GOPPC64',
}

export const POWERPC: readonly Architecture[] = [
  {
    name: 'ppc',
    elf: {machine: EM.EM_PPC, class: 32, data: 'big'},
    compat: [{machines: [EM.EM_PPC64], class: 64, data: 'big', level: 'error', reason: HOST_64}],
    multiarch: ['powerpc-linux-gnu'],
    spelling: '(?:ppc|powerpc)(?:32)?',
    answers: {'': {uname: ['ppc'], unameOn64Bit: ['ppc64', 'ppc'], dpkg: ['powerpc'], apk: ['ppc'], rpm: ['ppc']}},
  },
  {
    name: 'ppc64',
    variants: POWER,
    elf: {machine: EM.EM_PPC64, class: 64, data: 'big'},
    compat: [
      {machines: [EM.EM_PPC], class: 32, data: 'big', level: 'warning', reason: 'needs a kernel with CONFIG_COMPAT'},
    ],
    loaders: {glibc: ['/lib64/ld64.so.1'], musl: ['powerpc64']},
    multiarch: ['powerpc64-linux-gnu'],
    // Distributions configure 64 KiB.
    largestPage: 65536,
    spelling: '(?:ppc|powerpc|power)[-_]?64',
    answers: {'': {uname: ['ppc64'], dpkg: ['ppc64'], apk: ['ppc64'], rpm: ['ppc64']}},
  },
  {
    name: 'ppc64le',
    misnomers: {ppc64el: '', powerpc64le: ''},
    variants: POWER,
    elf: {machine: EM.EM_PPC64, class: 64, data: 'little'},
    compat: [
      {
        machines: [EM.EM_PPC],
        class: 32,
        data: 'little',
        level: 'error',
        // arch/powerpc/Kconfig: `default y if !CPU_LITTLE_ENDIAN`.
        reason: 'needs a kernel with CONFIG_COMPAT, which is off by default on little-endian',
      },
    ],
    loaders: {glibc: ['/lib64/ld64.so.2'], musl: ['powerpc64le']},
    multiarch: ['powerpc64le-linux-gnu'],
    largestPage: 65536,
    words: ['ppc64le', 'powerpc64le'],
    spelling: '(?:ppc|powerpc|power)64(?:le|el)|ppcle[-_]64',
    answers: {'': {uname: ['ppc64le'], dpkg: ['ppc64el'], apk: ['ppc64le'], rpm: ['ppc64le']}},
  },
]
