import {parseAttributes} from '../../src/binary/elf/attributes.ts'
import {type ElfIdentity, readDynamic, readGnuProperties, readNotes, readSections} from '../../src/binary/index.ts'
import {type ByteOrder, byteView} from '../../src/lib/byte-view.ts'
import type {RandomAccess} from '../../src/lib/bytes.ts'
import type {ElfFields} from './readelf.ts'

/** As readelf(1) of binutils 2.40 calls them. */
const TYPES = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE']
const MACHINES: Readonly<Record<number, string>> = {
  3: 'Intel 80386',
  8: 'MIPS R3000',
  21: 'PowerPC64',
  22: 'IBM S/390',
  40: 'ARM',
  62: 'Advanced Micro Devices X86-64',
  183: 'AArch64',
  243: 'RISC-V',
  258: 'LoongArch',
}
const SEGMENTS: Readonly<Record<number, string>> = {
  0: 'NULL',
  1: 'LOAD',
  2: 'DYNAMIC',
  3: 'INTERP',
  4: 'NOTE',
  6: 'PHDR',
  7: 'TLS',
  1705237478: 'OPENBSD_RANDOM',
  1685382480: 'GNU_EH_FRAME',
  1685382481: 'GNU_STACK',
  1685382482: 'GNU_RELRO',
  1685382483: 'GNU_PROPERTY',
}
const PROCESSOR_SEGMENTS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  8: {1879048192: 'REGINFO', 1879048195: 'ABIFLAGS'},
  40: {1879048193: 'EXIDX'},
  243: {1879048195: 'RISCV_ATTRIBUT'},
}
const ABI_OS = ['Linux', 'Hurd', 'Solaris', 'FreeBSD', 'NetBSD']
const CPU_ARCH = 'Pre-v4,v4,v4T,v5T,v5TE,v5TEJ,v6,v6KZ,v6T2,v6K,v7,v6-M,v6S-M,v7E-M,v8'.split(',')
const FP_ARCH = ['No', 'VFPv1', 'VFPv2', 'VFPv3', 'VFPv3-D16', 'VFPv4', 'VFPv4-D16', 'FP for ARMv8']
const SIMD = ['No', 'NEONv1', 'NEONv1 with Fused-MAC', 'NEON for ARMv8']
const VFP_ARGS = ['AAPCS', 'VFP registers', 'custom', 'compatible']
const PROFILE: Readonly<Record<number, string>> = {65: 'Application', 77: 'Microcontroller', 82: 'Realtime'}

/** Our answers about one ELF file, in readelf's words. */
export async function describeElfFields(elf: ElfIdentity, file: RandomAccess): Promise<ElfFields> {
  const {header} = elf
  const dynamic = await readDynamic(elf, file)
  const notes = await readNotes(elf, file)
  const tag = notes.find(({owner, type}) => owner === 'GNU' && type === 1)
  const buildId = notes.find(({owner, type}) => owner === 'GNU' && type === 3)
  const properties = await readGnuProperties(elf, file)
  return {
    header: {
      ident: Object.values(header.ident)
        .map(byte => byte.toString(16).padStart(2, '0'))
        .join(' '),
      class: String(header.class),
      data: header.data,
      type: TYPES[header.type] ?? '',
      machine: MACHINES[header.machine] ?? '',
      entry: hex(header.entry),
      phoff: String(header.phoff),
      shoff: String(header.shoff),
      flags: hex(header.flags),
      ehsize: String(header.ehsize),
      phentsize: String(header.phentsize),
      phnum: String(header.phnum),
      shentsize: String(header.shentsize),
      shnum: String(header.shnum),
      shstrndx: String(header.shstrndx),
    },
    segments: elf.segments.map(({type, flags, ...numbers}) => {
      const {offset, vaddr, paddr, filesz, memsz, align} = numbers
      const letters = `${flags & 4 ? 'R' : ''}${flags & 2 ? 'W' : ''}${flags & 1 ? 'E' : ''}`
      return [
        segmentName(type, header.machine),
        ...[offset, vaddr, paddr, filesz, memsz].map(hex),
        letters,
        hex(align),
      ].join(' ')
    }),
    interpreter: elf.interpreter?.path,
    dynamic: {
      needed: dynamic?.needed ?? [],
      soname: dynamic?.soname,
      rpath: dynamic?.rpath,
      runpath: dynamic?.runpath,
      pie: dynamic?.pie ?? false,
      relr: dynamic?.relr ?? false,
    },
    needs: (dynamic?.versionNeeds ?? []).flatMap(({file: name, versions}) =>
      versions.map(version => `${name} ${version.name} ${version.weak ? 'WEAK' : 'none'}`),
    ),
    definitions: dynamic?.versionDefinitions ?? [],
    notes: notes.map(({owner, description}) => `${owner} ${hex(description.length)}`).sort(),
    buildId: buildId && Buffer.from(buildId.description).toString('hex'),
    abiOs: tag && ABI_OS[byteView(tag.description, header.data).u32(0)],
    isa: isaName(properties.get(0xc0008002)),
    attributes: await describeAttributes(elf, file, header.data),
  }
}

function segmentName(type: number, machine: number): string {
  const name = SEGMENTS[type] ?? PROCESSOR_SEGMENTS[machine]?.[type]
  if (name) return name
  return type >= 0x70000000 ? `LOPROC+${hex(type - 0x70000000)}` : `LOOS+${hex(type - 0x60000000)}`
}

function isaName(bits: number | undefined): string | undefined {
  if (!bits) return undefined
  const names = ['x86-64-baseline', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4']
  return names.filter((_, bit) => (bits & (1 << bit)) !== 0).join(', ')
}

async function describeAttributes(elf: ElfIdentity, file: RandomAccess, order: ByteOrder) {
  if (elf.header.machine === 8) {
    const segment = elf.segments.find(({type}) => type === 0x70000003)
    const [, , level, revision] = segment ? await file.read(segment.offset, 24) : []
    return level === undefined ? {} : {ISA: `MIPS${level}${(revision ?? 0) > 1 ? `r${revision}` : ''}`}
  }
  const section = (await readSections(elf, file))?.find(({type}) => type === 0x70000003)
  const vendor = elf.header.machine === 40 ? 'aeabi' : elf.header.machine === 243 ? 'riscv' : undefined
  if (!section || !vendor) return {}
  const attributes = parseAttributes(await file.read(section.offset, section.size), order, vendor)
  const named = (tag: number, names: Readonly<Record<number, string>>) => {
    const value = attributes?.get(tag)
    return typeof value === 'number' ? names[value] : value
  }
  const all = {
    Tag_CPU_arch: vendor === 'aeabi' ? named(6, CPU_ARCH) : undefined,
    Tag_CPU_arch_profile: vendor === 'aeabi' ? named(7, PROFILE) : undefined,
    Tag_FP_arch: vendor === 'aeabi' ? named(10, FP_ARCH) : undefined,
    Tag_Advanced_SIMD_arch: vendor === 'aeabi' ? named(12, SIMD) : undefined,
    Tag_ABI_VFP_args: vendor === 'aeabi' ? named(28, VFP_ARGS) : undefined,
    Tag_RISCV_arch: vendor === 'riscv' ? named(5, {}) : undefined,
  }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`
}
