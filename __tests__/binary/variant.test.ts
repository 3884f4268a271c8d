import {expect, describe as group, test} from '@jest/globals'
import {type EvidenceOptions, findPageSizeProblem, identify, readVariantEvidence} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {armAttributes} from '../support/arm-attributes.ts'
import {hex} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {byteWriter} from '../support/elf-writer.ts'
import {inlineBuildInfo, moduleInfo} from '../support/go-build-info.ts'
import {platform} from '../support/platforms.ts'

async function evidence(options: ElfOptions, on: string, more: EvidenceOptions = {}) {
  const file = bytesAccess(buildElf(options))
  const identity = await identify(file)
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return readVariantEvidence(identity, file, platform(on), more)
}

const ARM: ElfOptions = {machine: 40, class: 32, flags: 0x05000002}
const PROGRAMS: Readonly<Record<string, ElfOptions>> = {
  amd64: {},
  arm: ARM,
  arm64: {machine: 183},
  ppc64le: {machine: 21},
  riscv64: {machine: 243},
}

group('Go’s own record is authoritative', () => {
  test.each([
    ['arm', 'GOARM=7', 'linux/arm/v6', 'ARMv7', 'v6', 'error'],
    ['arm', 'GOARM=7,hardfloat', 'linux/arm/v5', 'ARMv7', 'v5', 'error'],
    ['arm', 'GOARM=6', 'linux/arm/v5', 'ARMv6', 'v5', 'error'],
    ['arm', 'GOARM=6', 'linux/arm/v6', undefined, '', ''],
    ['arm', 'GOARM=7', 'linux/arm', undefined, '', ''],
    ['arm', 'GOARM=5,softfloat', 'linux/arm/v5', undefined, '', ''],
    ['amd64', 'GOAMD64=v3', 'linux/amd64', 'x86-64-v3', 'v1', 'error'],
    ['amd64', 'GOAMD64=v3', 'linux/amd64/v2', 'x86-64-v3', 'v2', 'error'],
    ['amd64', 'GOAMD64=v3', 'linux/amd64/v3', undefined, '', ''],
    ['amd64', 'GOAMD64=v1', 'linux/amd64', undefined, '', ''],
    ['arm64', 'GOARM64=v8.0', 'linux/arm64', undefined, '', ''],
    ['arm64', 'GOARM64=v8.0,lse', 'linux/arm64', 'ARMv8.1', 'v8', 'error'],
    ['arm64', 'GOARM64=v8.1,crypto', 'linux/arm64/v8', 'ARMv8.1', 'v8', 'error'],
    ['arm64', 'GOARM64=v9.0', 'linux/arm64/v8.2', 'ARMv9.0', 'v8.2', 'error'],
    ['ppc64le', 'GOPPC64=power9', 'linux/ppc64le', 'POWER9', 'power8', 'warning'],
    ['riscv64', 'GORISCV64=rva22u64', 'linux/riscv64', 'RVA22U64', 'rva20u64', 'warning'],
    ['riscv64', 'GORISCV64=rva22u64', 'linux/riscv64/rva20u64', 'RVA22U64', 'rva20u64', 'error'],
  ])('%s with %s on %s', async (architecture, says, on, needs, promised, level) => {
    const [key = '', value = ''] = says.split(/=(.*)/)
    const rwData = inlineBuildInfo('go1.26.1', moduleInfo({GOARCH: architecture, GOOS: 'linux', [key]: value}))
    const [recorded] = await evidence({...PROGRAMS[architecture], rwData}, on)
    expect(recorded).toEqual({
      source: 'go-build-info',
      says,
      strength: 'authoritative',
      ...(needs === undefined ? {} : {exceeds: {needs, promised, level}}),
    })
  })

  test('what is recorded for another architecture is not this one’s', async () => {
    const rwData = inlineBuildInfo('go1.26.1', moduleInfo({GOARCH: 'arm', GOARM: '7'}))
    expect(await evidence({...ARM, rwData}, 'linux/arm64')).toEqual([])
  })

  test('a build info that is known already is not read again', async () => {
    const go = {
      version: 'go1.26.1',
      settings: new Map([
        ['GOARCH', 'arm'],
        ['GOARM', '7'],
      ]),
    }
    expect(await evidence(ARM, 'linux/arm/v6', {go})).toMatchObject([{says: 'GOARM=7'}])
  })
})

group('.ARM.attributes', () => {
  // facts/executables.md §3.1: dash of Debian armhf and of armel.
  const armhf = hex(
    '4132000000616561626900012800000005372d4100060a0741080109020a0412041301140115011703180119011a021c012201',
  )
  const armel = hex('412a0000006165616269000120000000053554450006040801090112041301140115011703180119011a02')

  test.each([
    [armhf, 'linux/arm/v7', 'CPU v7, FP VFPv3-D16, hard-float arguments', undefined],
    [armhf, 'linux/arm/v6', 'CPU v7, FP VFPv3-D16, hard-float arguments', 'ARMv7 with VFPv3-D16'],
    [armel, 'linux/arm/v5', 'CPU v5TE, FP none', undefined],
    [armel, 'linux/arm/v7', 'CPU v5TE, FP none', undefined],
  ])('Debian’s dash: case %#', async (content, on, says, needs) => {
    const options: ElfOptions = {...ARM, sections: [{name: '.ARM.attributes', type: 0x70000003, content}]}
    const [weighed] = await evidence(options, on)
    expect(weighed).toMatchObject({source: '.ARM.attributes', says, strength: 'indicative'})
    expect(weighed?.exceeds?.needs).toBe(needs)
    expect(weighed?.exceeds?.level).toBe(needs === undefined ? undefined : 'warning')
  })

  test('of the loader they prove it', async () => {
    const options: ElfOptions = {...ARM, sections: [{name: '.ARM.attributes', type: 0x70000003, content: armhf}]}
    expect(await evidence(options, 'linux/arm/v6', {role: 'loader'})).toMatchObject([
      {strength: 'authoritative', exceeds: {level: 'error', promised: 'v6'}},
    ])
  })

  // facts/executables.md §3.1: Tag_CPU_arch values that are fine or doubtful, and those that are too new.
  const CPU = [
    ['linux/arm/v5', [0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 14, 15, 18, 19, 20, 22]],
    ['linux/arm/v6', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [10, 14, 15, 18, 19, 20, 22]],
    ['linux/arm/v7', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [14, 15, 18, 19, 20, 22]],
    ['linux/arm/v8', [0, 5, 9, 10, 14, 18, 19, 20, 22], []],
  ] as const
  test.each(CPU)('CPU_arch on %s', async (on, fine, tooNew) => {
    const exceeds = async (cpu: number) =>
      (await evidence({...ARM, sections: [armAttributes(6, cpu)]}, on))[0]?.exceeds !== undefined
    expect(await Promise.all(fine.map(exceeds))).toEqual(fine.map(() => false))
    expect(await Promise.all(tooNew.map(exceeds))).toEqual(tooNew.map(() => true))
  })

  const FP = [
    ['linux/arm/v5', [0, 1, 2], [3, 4, 5, 6, 7, 8]],
    ['linux/arm/v6', [0, 1, 2], [3, 4, 5, 6, 7, 8]],
    ['linux/arm/v7', [0, 1, 2, 3, 4, 5, 6], [7, 8]],
    ['linux/arm/v8', [0, 4, 8], []],
  ] as const
  test.each(FP)('FP_arch on %s', async (on, fine, tooNew) => {
    const exceeds = async (fp: number) =>
      (await evidence({...ARM, sections: [armAttributes(10, fp)]}, on))[0]?.exceeds !== undefined
    expect(await Promise.all(fine.map(exceeds))).toEqual(fine.map(() => false))
    expect(await Promise.all(tooNew.map(exceeds))).toEqual(tooNew.map(() => true))
  })

  test.each([
    ['linux/arm/v6', 'NEON'],
    ['linux/arm/v7', undefined],
  ])('NEON on %s', async (on, needs) => {
    expect((await evidence({...ARM, sections: [armAttributes(12, 1)]}, on))[0]?.exceeds?.needs).toBe(needs)
  })

  test('tags of every shape are stepped over', async () => {
    // CPU_name, compatibility (a number and a string), also_compatible_with, an odd and
    // an even unknown tag, then CPU_arch.
    const tags = [5, 0x37, 0, 32, 1, 0x78, 0, 65, 6, 10, 0, 101, 0x79, 0, 102, 0x80, 1, 6, 10]
    expect((await evidence({...ARM, sections: [armAttributes(...tags)]}, 'linux/arm/v6'))[0]?.says).toBe(
      'CPU v7, FP none',
    )
  })

  test.each([
    ['another version', `42${'00'.repeat(20)}`],
    ['a length of nothing', '4100000000616561626900'],
    ['a length beyond the end', '41ff000000616561626900'],
    ['another vendor', '410a00000067636300ff'],
    ['nothing', ''],
  ])('%s says nothing', async (_, digits) => {
    const sections = [{name: '.ARM.attributes', type: 0x70000003, content: hex(digits)}]
    expect(await evidence({...ARM, sections}, 'linux/arm/v6')).toEqual([])
  })
})

group('x86 ISA note', () => {
  const isa = (bits: number) =>
    hex(`040000001000000005000000474e5500028000c004000000${bits.toString(16).padStart(2, '0')}00000000000000`)
  const glibc = '/lib64/ld-linux-x86-64.so.2'

  test.each([
    [7, glibc, 'linux/amd64', 'authoritative', 'x86-64-v3', 'error'],
    [7, glibc, 'linux/amd64/v2', 'authoritative', 'x86-64-v3', 'error'],
    [7, '/lib/ld-musl-x86_64.so.1', 'linux/amd64/v2', 'indicative', 'x86-64-v3', 'warning'],
    [7, undefined, 'linux/amd64/v2', 'indicative', 'x86-64-v3', 'warning'],
    [7, glibc, 'linux/amd64/v3', 'authoritative', undefined, undefined],
    [1, glibc, 'linux/amd64', 'authoritative', undefined, undefined],
    [15, glibc, 'linux/amd64/v4', 'authoritative', undefined, undefined],
    [0x80, glibc, 'linux/amd64/v4', 'authoritative', 'x86-64-v8', 'error'],
  ])('0x%i with loader %s on %s', async (bits, interpreter, on, strength, needs, level) => {
    const options: ElfOptions = {gnuProperty: isa(bits), ...(interpreter === undefined ? {} : {interpreter})}
    const [weighed, ...more] = await evidence(options, on)
    expect(more).toEqual([])
    expect(weighed).toMatchObject({source: 'gnu-property', says: `x86 ISA needed: 0x${bits.toString(16)}`, strength})
    expect(weighed?.exceeds?.needs).toBe(needs)
    expect(weighed?.exceeds?.level).toBe(level)
  })

  test('of the loader itself it is proof', async () => {
    const [weighed] = await evidence({gnuProperty: isa(3)}, 'linux/amd64', {role: 'loader'})
    expect(weighed).toMatchObject({strength: 'authoritative', exceeds: {needs: 'x86-64-v2', level: 'error'}})
  })

  test('without it nothing is said', async () => {
    expect(await evidence({}, 'linux/amd64')).toEqual([])
  })
})

group('.riscv.attributes', () => {
  const attributes = (arch: string) => {
    const tag = byteWriter('little', 8).u8(4, 16, 5).cstring(arch).toBytes()
    const file = byteWriter('little', 8)
      .u8(1)
      .u32(5 + tag.length)
      .bytes(tag)
      .toBytes()
    return byteWriter('little', 8)
      .u8(0x41)
      .u32(10 + file.length)
      .cstring('riscv')
      .bytes(file)
      .toBytes()
  }
  const sid = 'rv64i2p1_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0_zmmul1p0_zaamo1p0_zalrsc1p0_zca1p0_zcd1p0'

  test.each([
    [sid, 'linux/riscv64', undefined],
    ['rv64imafdc', 'linux/riscv64', undefined],
    [`${sid}_zba1p0_zbb1p0`, 'linux/riscv64', 'zba, zbb'],
    [`${sid}_zba1p0_zbb1p0`, 'linux/riscv64/rva22u64', undefined],
    [`${sid}_v1p0_zvl128b1p0`, 'linux/riscv64/rva22u64', 'v, zvl128b'],
    [`${sid}_v1p0_zvl128b1p0`, 'linux/riscv64/rva23u64', undefined],
    [`${sid}_xtheadba1p0`, 'linux/riscv64/rva23u64', 'xtheadba'],
    ['rv32e1p9_c2p0', 'linux/riscv64', 'e'],
  ])('%s on %s', async (arch, on, needs) => {
    for (const where of ['segment', 'section'] as const) {
      const content = attributes(arch)
      const options: ElfOptions =
        where === 'segment'
          ? {segments: [{type: 0x70000003, content}]}
          : {sections: [{name: '.riscv.attributes', type: 0x70000003, content}]}
      const [weighed] = await evidence({machine: 243, flags: 5, ...options}, on)
      expect(weighed).toMatchObject({source: '.riscv.attributes', says: arch, strength: 'indicative'})
      expect(weighed?.exceeds?.needs).toBe(needs)
      expect(weighed?.exceeds?.level ?? 'warning').toBe('warning')
    }
  })
})

group('MIPS', () => {
  test.each([
    ['r2', 0x80000007, '0000 40 02 02 02 00 05', false],
    ['r6 by e_flags', 0xa0000407, '0000 40 02 02 02 00 05', true],
    ['r6 by its ABI flags', 0x80000007, '0000 40 06 02 02 00 05', true],
  ])('%s', async (_, flags, abi, exceeds) => {
    const content = Buffer.concat([hex(abi), Buffer.alloc(16)])
    const found = await evidence({machine: 8, flags, segments: [{type: 0x70000003, content}]}, 'linux/mips64le')
    expect(found.map(({source}) => source)).toEqual(['e_flags', '.MIPS.abiflags'])
    expect(found.some(one => one.exceeds?.needs === 'MIPS release 6' && one.exceeds.level === 'error')).toBe(exceeds)
  })

  test('ABI flags that are cut short are left out', async () => {
    const segments = [{type: 0x70000003, content: hex('000040')}]
    expect(await evidence({machine: 8, flags: 0x80000007, segments}, 'linux/mips64le')).toHaveLength(1)
  })
})

group('page size', () => {
  test.each([
    [0x1000, 'linux/amd64', undefined],
    [0x1000, 'linux/arm64', 65536],
    [0x10000, 'linux/arm64', undefined],
    [0x4000, 'linux/arm64', 65536],
    [0x1000, 'linux/loong64', 16384],
    [0x4000, 'linux/loong64', undefined],
    [0x1000, 'linux/ppc64le', 65536],
    [0x1000, 'linux/riscv64', undefined],
    [0x100, 'linux/amd64', 4096],
  ])('p_align 0x%i on %s', async (align, on, page) => {
    const identity = await identify(bytesAccess(buildElf({align})))
    if (identity.kind !== 'elf') throw new Error(identity.kind)
    expect(findPageSizeProblem(identity, platform(on))?.page).toBe(page)
  })
})
