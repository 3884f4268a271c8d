import {EM} from '../machine.ts'
import type {Architecture} from './architecture.ts'

export const LOONGARCH: readonly Architecture[] = [
  {
    name: 'loong64',
    misnomers: {loongarch64: ''},
    elf: {machine: EM.EM_LOONGARCH, class: 64, data: 'little', checksClass: true},
    loaders: {glibc: ['/lib64/ld-linux-loongarch-lp64d.so.1'], musl: ['loongarch64']},
    multiarch: ['loongarch64-linux-gnu'],
    largestPage: 16384,
    peMachine: 0x6264,
    words: ['loongarch64', 'loong64'],
    spelling: 'loongarch[-_]?64|loong64|loongarch',
    answers: {'': {uname: ['loongarch64'], dpkg: ['loong64'], apk: ['loongarch64'], rpm: ['loongarch64']}},
  },
]
