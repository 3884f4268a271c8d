import {EM} from '../machine.ts'
import type {Architecture} from './architecture.ts'

export const S390: readonly Architecture[] = [
  // GOARCH knows the name; there is no port.
  {name: 's390'},
  {
    name: 's390x',
    elf: {machine: EM.EM_S390, alternates: [EM.EM_S390_OLD], class: 64, data: 'big', checksClass: true},
    compat: [
      {
        machines: [EM.EM_S390],
        class: 32,
        data: 'big',
        level: 'error',
        reason: 'needs a kernel with CONFIG_COMPAT, which Linux 6.19 removed',
      },
    ],
    loaders: {glibc: ['/lib/ld64.so.1'], musl: ['s390x']},
    multiarch: ['s390x-linux-gnu'],
    words: ['s390x'],
    spelling: 's390x|s390[-_]64',
    answers: {'': {uname: ['s390x'], dpkg: ['s390x'], apk: ['s390x'], rpm: ['s390x']}},
  },
]
