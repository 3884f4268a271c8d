import type {ByteOrder} from '../lib/byte-view.ts'
import {ARCHITECTURES} from './architectures/index.ts'
import {type ElfClass, machineName} from './machine.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** What the programs of a Linux platform must be, for its kernel's own ELF loader. */
export interface ProgramTarget {
  /** `e_machine`. */
  readonly machine: number
  /** Other numbers that the kernel takes for the same machine: EM_486, 0xA390. */
  readonly alternates: readonly number[]
  readonly class: ElfClass
  readonly data: ByteOrder
  /** What people call it: `aarch64`. */
  readonly name: string
  /** Whether the kernel looks at EI_CLASS; else only e_phentsize says the class. */
  readonly checksClass: boolean
}

const LINUX_TARGETS: ReadonlyMap<string, ProgramTarget> = new Map(
  ARCHITECTURES.flatMap(({name, elf}): [string, ProgramTarget][] => {
    if (elf === undefined) return []
    const {machine, alternates = [], class: bits, data, checksClass = false} = elf
    return [[name, {machine, alternates, class: bits, data, name: machineName(machine, bits, data), checksClass}]]
  }),
)

/** What a platform's programs must be; undefined for an architecture without a Linux port and for all but linux. */
export function programTarget(platform: Platform): ProgramTarget | undefined {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' ? LINUX_TARGETS.get(architecture) : undefined
}

/** The architectures that programTarget knows, as a platform names them. */
export const LINUX_ARCHITECTURES: readonly string[] = [...LINUX_TARGETS.keys()]
