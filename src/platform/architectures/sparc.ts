import {EM} from '../machine.ts'
import type {Architecture} from './architecture.ts'

export const SPARC: readonly Architecture[] = [
  // GOARCH knows the name; there is no port.
  {name: 'sparc'},
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
