import {EM} from '../machine.ts'
import type {Architecture} from './architecture.ts'

export const RISCV: readonly Architecture[] = [
  // GOARCH knows the name; there is no port.
  {name: 'riscv'},
  {
    name: 'riscv64',
    variants: {levels: ['rva20u64', 'rva22u64', 'rva23u64'], areMatched: false, goSetting: 'GORISCV64'},
    elf: {machine: EM.EM_RISCV, class: 64, data: 'little', checksClass: true},
    compat: [
      {
        machines: [EM.EM_RISCV],
        class: 32,
        data: 'little',
        level: 'error',
        reason: 'needs a kernel with CONFIG_COMPAT and a processor that switches to 32 bits, which hardly any does',
      },
    ],
    loaders: {
      glibc: ['/lib/ld-linux-riscv64-lp64d.so.1', '/lib/ld-linux-riscv64-lp64.so.1'],
      musl: ['riscv64'],
    },
    multiarch: ['riscv64-linux-gnu'],
    peMachine: 0x5064,
    words: ['riscv64', 'riscv64gc'],
    spelling: 'riscv[-_]?64(?:gc)?|rv64[a-z]*|riscv',
    answers: {'': {uname: ['riscv64'], dpkg: ['riscv64'], apk: ['riscv64'], rpm: ['riscv64']}},
  },
]
