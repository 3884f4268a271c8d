import {buildElf, type ElfOptions} from '../../__tests__/support/elf-builder.ts'
import {inlineBuildInfo, moduleInfo} from '../../__tests__/support/go-build-info.ts'

/** What the programs and the C libraries of one platform look like. */
interface Machine {
  readonly elf: ElfOptions
  /** glibc's loader: the path that programs name, and the directory of its libraries on Debian. */
  readonly glibc: {readonly loader: string; readonly directory: string}
  /** ARCH of `/lib/ld-musl-ARCH.so.1`. */
  readonly musl: string
  readonly go: Readonly<Record<string, string>>
}

/** EF_ARM_EABI_VER5 with hard-float arguments. */
const ARM: ElfOptions = {machine: 40, class: 32, flags: 0x05000400}
const ARMHF = {loader: '/lib/ld-linux-armhf.so.3', directory: 'arm-linux-gnueabihf'}

const MACHINES = {
  amd64: {
    elf: {machine: 62},
    glibc: {loader: '/lib64/ld-linux-x86-64.so.2', directory: 'x86_64-linux-gnu'},
    musl: 'x86_64',
    go: {GOARCH: 'amd64', GOAMD64: 'v1'},
  },
  arm64: {
    elf: {machine: 183, align: 0x10000},
    glibc: {loader: '/lib/ld-linux-aarch64.so.1', directory: 'aarch64-linux-gnu'},
    musl: 'aarch64',
    go: {GOARCH: 'arm64', GOARM64: 'v8.0'},
  },
  'arm/v7': {elf: ARM, glibc: ARMHF, musl: 'armhf', go: {GOARCH: 'arm', GOARM: '7'}},
  'arm/v6': {elf: ARM, glibc: ARMHF, musl: 'armhf', go: {GOARCH: 'arm', GOARM: '6'}},
  '386': {
    elf: {machine: 3, class: 32},
    glibc: {loader: '/lib/ld-linux.so.2', directory: 'i386-linux-gnu'},
    musl: 'i386',
    go: {GOARCH: '386', GO386: 'sse2'},
  },
  ppc64le: {
    elf: {machine: 21, flags: 2, align: 0x10000},
    glibc: {loader: '/lib64/ld64.so.2', directory: 'powerpc64le-linux-gnu'},
    musl: 'powerpc64le',
    go: {GOARCH: 'ppc64le', GOPPC64: 'power8'},
  },
  s390x: {
    elf: {machine: 22, data: 'big'},
    glibc: {loader: '/lib/ld64.so.1', directory: 's390x-linux-gnu'},
    musl: 's390x',
    go: {GOARCH: 's390x'},
  },
} as const satisfies Readonly<Record<string, Machine>>

/** A machine as a platform names it, without its `linux/`. */
export type MachineName = keyof typeof MACHINES

export function isMachine(name: string): name is MachineName {
  return Object.hasOwn(MACHINES, name)
}

export function glibcOf(machine: MachineName): Machine['glibc'] {
  return MACHINES[machine].glibc
}

export function muslLoaderOf(machine: MachineName): string {
  return `/lib/ld-musl-${MACHINES[machine].musl}.so.1`
}

/** A statically linked program. */
export function staticProgram(machine: MachineName, more: ElfOptions = {}): Uint8Array {
  return elf(machine, more)
}

/** A statically linked Go program with what Go records of its build; `settings` on top. */
export function goProgram(machine: MachineName, settings: Readonly<Record<string, string>> = {}): Uint8Array {
  const recorded: Readonly<Record<string, string>> = {
    '-compiler': 'gc',
    CGO_ENABLED: '0',
    ...MACHINES[machine].go,
    GOOS: 'linux',
    ...settings,
  }
  return elf(machine, {rwData: inlineBuildInfo('go1.22.4', moduleInfo(recorded))})
}

/** A program of glibc that needs its symbol versions up to `needs`. */
export function glibcProgram(machine: MachineName, needs = '2.17'): Uint8Array {
  return elf(machine, {
    type: 'dyn',
    interpreter: glibcOf(machine).loader,
    needed: ['libc.so.6'],
    versionNeeds: [{file: 'libc.so.6', versions: glibcVersions(needs)}],
  })
}

/** A program of musl. */
export function muslProgram(machine: MachineName): Uint8Array {
  const loader = muslLoaderOf(machine)
  return elf(machine, {type: 'dyn', interpreter: loader, needed: [libcNameOf(loader)]})
}

/** glibc's loader: it defines versions, and the directories that it searches stand in it. */
export function glibcLoader(machine: MachineName, more: ElfOptions = {}): Uint8Array {
  const {loader, directory} = glibcOf(machine)
  const library = elf(machine, {
    type: 'dyn',
    soname: loader.slice(loader.lastIndexOf('/') + 1),
    versionDefinitions: ['GLIBC_2.17', 'GLIBC_PRIVATE'],
    ...more,
  })
  const directories = [`/lib/${directory}/`, `/usr/lib/${directory}/`, '/lib/', '/usr/lib/']
  return Buffer.concat([library, Buffer.from(`\0${directories.join('\0')}\0`)])
}

/** glibc's `libc.so.6` of one release. */
export function glibcLibrary(machine: MachineName, release: string, more: ElfOptions = {}): Uint8Array {
  return elf(machine, {
    type: 'dyn',
    soname: 'libc.so.6',
    versionDefinitions: [...glibcVersions(release), 'GLIBC_PRIVATE'],
    ...more,
  })
}

/** A library that a program loads at run time: an extension module, an addon, what stands in a jar. */
export function glibcModule(machine: MachineName): Uint8Array {
  return elf(machine, {
    type: 'dyn',
    soname: 'module.so',
    needed: ['libc.so.6', glibcOf(machine).loader.slice(glibcOf(machine).loader.lastIndexOf('/') + 1)],
    versionNeeds: [{file: 'libc.so.6', versions: glibcVersions('2.17')}],
  })
}

/** The same for musl. */
export function muslModule(machine: MachineName): Uint8Array {
  return elf(machine, {type: 'dyn', soname: 'module.so', needed: [libcNameOf(muslLoaderOf(machine))]})
}

/** musl's loader, which is its C library too. */
export function muslLoader(machine: MachineName, more: ElfOptions = {}): Uint8Array {
  return elf(machine, {type: 'dyn', soname: libcNameOf(muslLoaderOf(machine)), ...more})
}

function libcNameOf(muslLoaderPath: string): string {
  return muslLoaderPath.replace('/lib/ld-musl-', 'libc.musl-')
}

/** Every release of glibc from 2.17 on has a version of its own, near enough. */
function glibcVersions(upTo: string): readonly string[] {
  const last = Number(upTo.split('.')[1])
  return Array.from({length: last - 17 + 1}, (_, index) => `GLIBC_2.${17 + index}`)
}

const built = new Map<string, Uint8Array>()

/** The same program again and again: written once. */
function elf(machine: MachineName, more: ElfOptions): Uint8Array {
  const key = JSON.stringify([machine, more])
  const known = built.get(key)
  if (known) return known
  const program = buildElf({...MACHINES[machine].elf, ...more})
  built.set(key, program)
  return program
}
