import {expect, describe as group, test} from '@jest/globals'
import {type ElfIdentity, identify, judgeLibrary} from '../../src/binary/index.ts'
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
  test.each<[what: string, content: Uint8Array, outcome: string]>([
    ['a library', buildElf(LIBRARY), 'loads'],
    ['EI_OSABI GNU', buildElf({...LIBRARY, osabi: 3}), 'loads'],
    ['an empty file', bytes(), 'fatal'],
    ['text', bytes('INPUT(-lc)\n'), 'fatal'],
    ['half a header', buildElf(LIBRARY).subarray(0, 40), 'fatal'],
    ['another class', buildElf({...LIBRARY, class: 32, machine: 3}), 'skipped'],
    ['another machine', buildElf({...LIBRARY, machine: 183}), 'skipped'],
    ['another byte order', patch(buildElf(LIBRARY), 5, 2), 'fatal'],
    ['EI_VERSION', patch(buildElf(LIBRARY), 6, 0), 'fatal'],
    ['EI_OSABI FreeBSD', buildElf({...LIBRARY, osabi: 9}), 'fatal'],
    ['e_version', patch(buildElf(LIBRARY), 20, 2), 'fatal'],
    ['a program', buildElf(), 'fatal'],
    ['an object file', buildElf({type: 1}), 'fatal'],
    ['e_phentsize', patch(buildElf(LIBRARY), 54, 57), 'fatal'],
  ])('%s', async (_, content, outcome) => {
    expect(judgeLibrary(await identify(bytesAccess(content)), await elf({}), content.length).outcome).toBe(outcome)
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
