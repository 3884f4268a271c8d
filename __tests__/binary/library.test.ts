import {expect, describe as group, test} from '@jest/globals'
import {type ElfIdentity, identify, judgeLibrary} from '../../src/binary/index.ts'
import type {LibraryVerdict} from '../../src/binary/judge-library.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {bytes, patch} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'

async function elf(options: ElfOptions): Promise<ElfIdentity> {
  const identity = await identify(bytesAccess(buildElf(options)))
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return identity
}

const LIBRARY: ElfOptions = {type: 'dyn', soname: 'libx.so.1'}

group('judgeLibrary, as glibc’s open_verify', () => {
  const fatal = (reason: string, stage: 'open' | 'map' = 'open'): LibraryVerdict => ({outcome: 'fatal', stage, reason})
  const LOADS: LibraryVerdict = {outcome: 'loads'}
  const whole = buildElf(LIBRARY)
  const short = buildElf({...LIBRARY, class: 32, machine: 3})

  test.each<[what: string, content: Uint8Array, verdict: LibraryVerdict]>([
    ['a library', whole, LOADS],
    ['EI_OSABI GNU', buildElf({...LIBRARY, osabi: 3}), LOADS],
    ['an empty file', bytes(), fatal('file too short')],
    ['text', bytes('INPUT(-lc)\n'), fatal('file too short')],
    ['63 bytes of text', bytes('x'.repeat(63)), fatal('file too short')],
    ['64 bytes of text', bytes('x'.repeat(64)), fatal('invalid ELF header')],
    ['half a header', whole.subarray(0, 40), fatal('file too short')],
    ['all but a byte of a header', whole.subarray(0, 63), fatal('file too short')],
    ['a header, and no more', whole.subarray(0, 64), LOADS],
    ['another class', short, {outcome: 'skipped', cause: 'class', reason: 'wrong ELF class: ELFCLASS32 (i386)'}],
    [
      'another machine',
      buildElf({...LIBRARY, machine: 183}),
      {outcome: 'skipped', cause: 'machine', reason: 'it is aarch64, expected x86-64'},
    ],
    ['another byte order', patch(whole, 5, 2), fatal('ELF file data encoding not little-endian')],
    ['EI_VERSION', patch(whole, 6, 0), fatal('ELF file version ident does not match current one')],
    ['EI_OSABI FreeBSD', buildElf({...LIBRARY, osabi: 9}), fatal('ELF file OS ABI invalid')],
    ['e_version', patch(whole, 20, 2), fatal('ELF file version does not match current one')],
    ['a program', buildElf(), fatal('cannot dynamically load executable', 'map')],
    ['an object file', buildElf({type: 1}), fatal('only ET_DYN and ET_EXEC can be loaded')],
    ['e_phentsize', patch(whole, 54, 57), fatal("ELF file's phentsize not the expected size")],
  ])('%s', async (_, content, verdict) => {
    expect(judgeLibrary(await identify(bytesAccess(content)), await elf({}), content.length)).toEqual(verdict)
  })

  test('another class, for a program of 32 bits', async () => {
    const wanted = await elf({class: 32, machine: 3})
    expect(judgeLibrary(await elf(LIBRARY), wanted, whole.length)).toEqual({
      ...{outcome: 'skipped', cause: 'class'},
      reason: 'wrong ELF class: ELFCLASS64 (x86-64)',
    })
    // A header of 32 bits has 52 bytes.
    for (const [size, verdict] of [
      [51, fatal('file too short')],
      [52, LOADS],
    ] as const) {
      const library = await identify(bytesAccess(short.subarray(0, size)))
      expect(judgeLibrary(library, wanted, size)).toEqual(verdict)
    }
  })

  test.each([
    ['ppc64: no ABI', 21, 0, 2, 'loads'],
    ['ppc64: ELFv2', 21, 2, 2, 'loads'],
    ['ppc64: ELFv1', 21, 1, 2, 'skipped'],
    ['riscv: the same float ABI', 243, 4, 5, 'loads'],
    ['riscv: another float ABI', 243, 1, 5, 'skipped'],
    ['mips: another NaN', 8, 0x80000407, 0x80000007, 'skipped'],
    ['mips: another level', 8, 0x20000007, 0x80000007, 'loads'],
    ['arm: another float ABI', 40, 0x05000200, 0x05000400, 'loads'],
  ])('%s', async (_, machine, flags, wanted, outcome) => {
    const layout = machine === 40 ? ({class: 32} as const) : {}
    const library = await elf({...LIBRARY, ...layout, machine, flags})
    expect(judgeLibrary(library, await elf({...layout, machine, flags: wanted}), library.size).outcome).toBe(outcome)
  })
})
