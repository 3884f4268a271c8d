import {EM} from '../machine.ts'
import {type Architecture, HOST_64} from './architecture.ts'

const EF_ARM_EABIMASK = 0xff000000

/** v8 to v8.9, v9 to v9.7. */
const ARM64_LEVELS = [
  ...Array.from({length: 10}, (_, minor) => (minor === 0 ? 'v8' : `v8.${minor}`)),
  ...Array.from({length: 8}, (_, minor) => (minor === 0 ? 'v9' : `v9.${minor}`)),
]

/** arch/arm64/include/asm/compat.h COMPAT_UTS_MACHINE; without that personality the kernel's own name. */
const ON_ARM64 = ['aarch64', 'armv8l']

export const ARM: readonly Architecture[] = [
  {
    name: 'arm',
    // Debian's names. armel is v6 to containerd though Debian's is ARMv5TE.
    aliases: {armhf: 'v7', armel: 'v6'},
    misnomers: {
      arm32: 'v7',
      arm32v5: 'v5',
      arm32v6: 'v6',
      arm32v7: 'v7',
      armv5: 'v5',
      armv6: 'v6',
      armv6l: 'v6',
      armv7: 'v7',
      armv7l: 'v7',
    },
    variants: {
      levels: ['v5', 'v6', 'v7', 'v8'],
      areMatched: true,
      spellings: {'': 'v7', '5': 'v5', '6': 'v6', '7': 'v7', '8': 'v8'},
      goSetting: 'GOARM',
      prefix: 'ARM',
    },
    elf: {machine: EM.EM_ARM, class: 32, data: 'little'},
    compat: [{machines: [EM.EM_AARCH64], class: 64, data: 'little', level: 'error', reason: HOST_64}],
    loaders: {glibc: ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'], musl: ['armhf', 'arm']},
    multiarch: ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
    peMachine: 0x01c4,
    words: ['armhf', 'armel', 'arm32v7', 'arm32v6', 'armv7l', 'armv7', 'armv6l', 'armv6'],
    spelling: 'arm(?:32)?(?:v[4-8][a-z]*)?|arm[-_]32|arm(?:hf|el)|armeabi|armv[4-8](?:[a-z]+)?',
    answers: {
      v5: {uname: ['armv5tejl', 'armv5tel'], unameOn64Bit: ON_ARM64, dpkg: ['armel'], apk: ['armel'], rpm: ['arm']},
      // Debian's armhf is v7, Raspbian's v6.
      v6: {uname: ['armv6l'], unameOn64Bit: ON_ARM64, dpkg: ['armel', 'armhf'], apk: ['armhf'], rpm: ['arm']},
      v7: {uname: ['armv7l'], unameOn64Bit: ON_ARM64, dpkg: ['armhf'], apk: ['armv7'], rpm: ['arm']},
      // arch/arm knows no v8: its 32-bit kernels call such a processor armv7l.
      v8: {uname: ['armv7l'], unameOn64Bit: ON_ARM64, dpkg: ['armhf'], apk: ['armv7'], rpm: ['arm']},
    },
  },
  {
    name: 'arm64',
    aliases: {aarch64: undefined},
    misnomers: {armv8: '', arm64v8: ''},
    variants: {
      levels: ARM64_LEVELS,
      areMatched: true,
      spellings: {'8': '', v8: '', 'v8.0': '', '9': 'v9', '9.0': 'v9', 'v9.0': 'v9'},
      goSetting: 'GOARM64',
      prefix: 'ARM',
    },
    elf: {machine: EM.EM_AARCH64, class: 64, data: 'little'},
    compat: [
      {
        machines: [EM.EM_ARM],
        class: 32,
        data: 'little',
        flags: {mask: EF_ARM_EABIMASK, isNot: 0},
        level: 'warning',
        startLevel: 'error',
        // arch/arm64/include/asm/elf.h compat_elf_check_arch, arch/arm64/Kconfig COMPAT; Arm's Neoverse V2 and N3,
        // Ampere's AmpereOne and Apple's processors have no AArch32 at EL0.
        reason:
          'needs a processor with AArch32 (Graviton4, AmpereOne and Apple silicon lack it) and a kernel with CONFIG_COMPAT',
      },
      {
        machines: [EM.EM_ARM],
        class: 32,
        data: 'little',
        name: 'arm (OABI)',
        level: 'error',
        reason: 'is run by no arm64 kernel: compat_elf_check_arch takes the EABI only',
      },
    ],
    loaders: {glibc: ['/lib/ld-linux-aarch64.so.1'], musl: ['aarch64']},
    multiarch: ['aarch64-linux-gnu'],
    // Kernels of RHEL 8 and SLES have 64 KiB, Asahi's 16 KiB.
    largestPage: 65536,
    peMachine: 0xaa64,
    words: ['aarch64', 'arm64', 'arm64v8', 'armv8'],
    spelling: 'aarch[-_]?64(?![-_]?be)|arm[-_]?64(?:v[89])?(?:e|ec)?|armv[89](?:\\.[0-9])?-?a?',
    answers: {'': {uname: ['aarch64'], dpkg: ['arm64'], apk: ['aarch64'], rpm: ['aarch64']}},
  },
]
