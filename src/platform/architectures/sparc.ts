import {EM} from '../machine.ts'
import {type Architecture, HOST_64} from './architecture.ts'

export const SPARC: readonly Architecture[] = [
  {
    name: 'sparc',
    elf: {machine: EM.EM_SPARC, class: 32, data: 'big'},
    // arch/sparc/include/asm/elf_64.h takes them on a 64-bit kernel; elf_32.h takes EM_SPARC alone.
    compat: [
      {machines: [EM.EM_SPARC32PLUS], class: 32, data: 'big', level: 'warning', reason: HOST_64},
      {machines: [EM.EM_SPARCV9], class: 64, data: 'big', level: 'error', reason: HOST_64},
    ],
    loaders: {glibc: ['/lib/ld-linux.so.2'], musl: []},
    multiarch: ['sparc-linux-gnu'],
    spelling: 'sparc(?:32)?',
    answers: {'': {uname: ['sparc'], unameOn64Bit: ['sparc64', 'sparc'], dpkg: ['sparc'], rpm: ['sparc']}},
  },
  {
    name: 'sparc64',
    elf: {machine: EM.EM_SPARCV9, class: 64, data: 'big'},
    compat: [
      {
        machines: [EM.EM_SPARC, EM.EM_SPARC32PLUS],
        class: 32,
        data: 'big',
        level: 'warning',
        reason: 'needs a kernel with CONFIG_COMPAT',
      },
    ],
    multiarch: ['sparc64-linux-gnu'],
    spelling: 'sparc[-_]?64|sparcv9',
    answers: {'': {uname: ['sparc64'], dpkg: ['sparc64'], rpm: ['sparc64']}},
  },
]
