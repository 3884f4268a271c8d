import type {ByteOrder} from '../../lib/byte-view.ts'
import type {ElfClass} from '../machine.ts'

/** All that is known of one architecture: everything else about architectures is derived from these rows. */
export interface Architecture {
  /** GOARCH, as a platform names it. https://go.dev/src/internal/syslist/syslist.go */
  readonly name: string
  /** Other names that every client takes, each with the variant that it stands for; undefined keeps the written one. */
  readonly aliases?: Readonly<Record<string, string | undefined>>
  /** Names that no client takes, each with the variant that is meant: bashbrew's, Debian's, uname's. */
  readonly misnomers?: Readonly<Record<string, string>>
  readonly variants?: Variants
  /** What the programs of its Linux port must be; absent where there is no such port. */
  readonly elf?: ElfTarget
  /** What else its kernels may start; the first rule that fits counts. */
  readonly compat?: readonly CompatRule[]
  readonly loaders?: LoaderNames
  /** Debian's directories of libraries, below `lib`. https://wiki.debian.org/Multiarch/Tuples */
  readonly multiarch?: readonly string[]
  /** The largest page, in bytes, of the kernels that its users run; 4 KiB where it is left out. */
  readonly largestPage?: number
  /** IMAGE_FILE_MACHINE_…: https://learn.microsoft.com/en-us/windows/win32/debug/pe-format#machine-types */
  readonly peMachine?: number
  /** The names that downloads, compilers and distributions have for it, as words of their own in an address. */
  readonly words?: readonly string[]
  /** A regular expression of the words for it in names of files and directories. */
  readonly spelling?: string
  /** What the tools of its systems answer, by variant; the key '' where the variant has no row. */
  readonly answers?: Readonly<Record<string, ToolAnswers>>
}

/**
 * The ELF header of a port's programs, and what its kernel's `elf_check_arch` does
 * (Linux 7.2 arch/…/include/asm/elf.h).
 */
export interface ElfTarget {
  /** `e_machine`. */
  readonly machine: number
  /** Other numbers that the kernel takes for the same machine: EM_486, 0xA390. */
  readonly alternates?: readonly number[]
  readonly class: ElfClass
  readonly data: ByteOrder
  /** Whether the kernel looks at EI_CLASS; else only e_phentsize says the class. */
  readonly checksClass?: boolean
}

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md#platform-variants */
export interface Variants {
  /** The levels of processors that variants name, the lowest first; an empty variant means the first. */
  readonly levels: readonly string[]
  /** Whether clients choose images by the variant; else it may be anything, and an empty one promises nothing. */
  readonly areMatched: boolean
  /** Other spellings of a level, and how every client reads them. containerd/platforms database.go */
  readonly spellings?: Readonly<Record<string, string>>
  /** The setting of Go that names the level (Go src/internal/buildcfg/cfg.go). */
  readonly goSetting: string
  /** How a message calls a level: put before it; in capitals where it is left out. */
  readonly prefix?: string
}

/** A program that is not a platform's own and that some kernels of it start all the same. */
export interface CompatRule {
  /** `e_machine` numbers. */
  readonly machines: readonly number[]
  readonly class: ElfClass
  readonly data: ByteOrder
  /** Only these e_flags: (flags & mask) is, or is not, this. */
  readonly flags?: {readonly mask: number; readonly is?: number; readonly isNot?: number}
  /** What to call the ABI where the machine's name is not enough. */
  readonly name?: string
  /** `warning`: usual kernels of the platform run it where it lies. `error`: they do not, though some kernel may. */
  readonly level: 'warning' | 'error'
  /** The level of a program that starts, where it is graver than that of a file which merely lies there. */
  readonly startLevel?: 'error'
  /** Completes "…, which": what it takes to run. */
  readonly reason: string
}

/** Where a platform's programs look for their loader. */
export interface LoaderNames {
  /** glibc shlib-versions and the directory of its loader on that architecture; the first is the usual one. */
  readonly glibc: readonly string[]
  /** ARCH of `/lib/ld-musl-ARCH.so.1`: musl arch/ARCH/reloc.h LDSO_ARCH. */
  readonly musl: readonly string[]
}

/** The usual answer first. */
export interface ToolAnswers {
  /** `uname -m` on the architecture's own kernel: UTS_MACHINE of Linux 7.2 arch/…/Makefile, arch/arm/kernel/setup.c. */
  readonly uname: readonly string[]
  /** The same on a 64-bit kernel that starts 32-bit programs: as it is, and with the personality PER_LINUX32. */
  readonly unameOn64Bit?: readonly string[]
  /** `dpkg --print-architecture`: dpkg's data/cputable and data/tupletable. */
  readonly dpkg?: readonly string[]
  /** `apk --print-arch`: apk-tools src/apk_arch.h. */
  readonly apk?: readonly string[]
  /** `rpm --eval %_arch`: rpm's platform/…/macros. */
  readonly rpm?: readonly string[]
}

export const HOST_64 = 'starts only where the kernel is 64-bit, as a builder usually is'
