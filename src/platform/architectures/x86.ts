import {EM} from '../machine.ts'
import {type Architecture, HOST_64} from './architecture.ts'

export const X86: readonly Architecture[] = [
  {
    name: '386',
    aliases: {i386: ''},
    misnomers: {x86: '', i686: ''},
    elf: {machine: EM.EM_386, alternates: [EM.EM_486], class: 32, data: 'little'},
    compat: [{machines: [EM.EM_X86_64], class: 64, data: 'little', level: 'error', reason: HOST_64}],
    loaders: {glibc: ['/lib/ld-linux.so.2'], musl: ['i386']},
    multiarch: ['i386-linux-gnu'],
    peMachine: 0x014c,
    words: ['i386', 'i686'],
    spelling: 'i[3-7]86|x86(?![-_]?64)|x86[-_]32|386|ia32|linux[-_]?32',
    answers: {
      // arch/x86/kernel/cpu/bugs.c puts the processor's family into the name.
      '': {
        uname: ['i686', 'i586', 'i486'],
        unameOn64Bit: ['x86_64', 'i686'],
        dpkg: ['i386'],
        apk: ['x86'],
        rpm: ['i386'],
      },
    },
  },
  {
    name: 'amd64',
    aliases: {x86_64: undefined, 'x86-64': undefined},
    misnomers: {amd64v2: 'v2', amd64v3: 'v3', x64: ''},
    variants: {
      levels: ['v1', 'v2', 'v3', 'v4'],
      areMatched: true,
      spellings: {v1: ''},
      goSetting: 'GOAMD64',
      prefix: 'x86-64-',
    },
    elf: {machine: EM.EM_X86_64, class: 64, data: 'little'},
    compat: [
      {
        machines: [EM.EM_386, EM.EM_486],
        class: 32,
        data: 'little',
        level: 'warning',
        // arch/x86/Kconfig; SLES 16 and SLE Micro switch it off.
        reason: 'needs a kernel with CONFIG_IA32_EMULATION, which some distributions disable',
      },
      {
        machines: [EM.EM_X86_64],
        class: 32,
        data: 'little',
        level: 'error',
        reason: 'needs a kernel with CONFIG_X86_X32_ABI, which distributions leave off',
      },
    ],
    loaders: {glibc: ['/lib64/ld-linux-x86-64.so.2'], musl: ['x86_64']},
    multiarch: ['x86_64-linux-gnu'],
    peMachine: 0x8664,
    words: ['x86_64', 'x86-64', 'amd64', 'x64', 'linux64'],
    spelling: 'x86[-_]?64h?|amd64(?:v[1-4])?|x64|em64t|intel64|linux[-_]?64',
    answers: {'': {uname: ['x86_64'], dpkg: ['amd64'], apk: ['x86_64'], rpm: ['x86_64']}},
  },
]
