import {describe, expect, test} from '@jest/globals'
import {
  EM,
  exceedsVariant,
  LINUX_ARCHITECTURES,
  largestPage,
  machineName,
  programTarget,
  variantPromise,
} from '../../src/platform/index.ts'
import {platform} from '../support/platforms.ts'

describe('programTarget', () => {
  test.each([
    ['linux/amd64', 62, 64, 'little', 'x86-64'],
    ['linux/386', 3, 32, 'little', 'i386'],
    ['linux/arm/v5', 40, 32, 'little', 'arm'],
    ['linux/arm/v7', 40, 32, 'little', 'arm'],
    ['linux/arm64', 183, 64, 'little', 'aarch64'],
    ['linux/arm64/v8', 183, 64, 'little', 'aarch64'],
    ['linux/ppc64le', 21, 64, 'little', 'ppc64le'],
    ['linux/ppc64', 21, 64, 'big', 'ppc64'],
    ['linux/ppc', 20, 32, 'big', 'ppc'],
    ['linux/s390x', 22, 64, 'big', 's390x'],
    ['linux/riscv64', 243, 64, 'little', 'riscv64'],
    ['linux/mips64le', 8, 64, 'little', 'mips64el'],
    ['linux/mips64', 8, 64, 'big', 'mips64'],
    ['linux/mipsle', 8, 32, 'little', 'mipsel'],
    ['linux/mips', 8, 32, 'big', 'mips'],
    ['linux/loong64', 258, 64, 'little', 'loongarch64'],
    ['linux/sparc', 2, 32, 'big', 'sparc'],
    ['linux/sparc64', 43, 64, 'big', 'sparc64'],
  ])('%s: machine %i, %i bits, %s-endian: %s', (text, machine, bits, data, name) => {
    expect(programTarget(platform(text))).toMatchObject({machine, class: bits, data, name})
  })

  test('other numbers for the same machine', () => {
    expect(programTarget(platform('linux/386'))?.alternates).toEqual([EM.EM_486])
    expect(programTarget(platform('linux/s390x'))?.alternates).toEqual([0xa390])
  })

  test('only riscv, s390, mips and loongarch kernels look at EI_CLASS', () => {
    const checking = LINUX_ARCHITECTURES.filter(
      architecture => programTarget({os: 'linux', architecture, variant: ''})?.checksClass,
    )
    expect([...checking].sort()).toEqual(['loong64', 'mips', 'mips64', 'mips64le', 'mipsle', 'riscv64', 's390x'])
  })

  test.each(['windows/amd64', 'freebsd/amd64', 'linux/wasm', 'linux/constructor'])('nothing is known of %s', text => {
    expect(programTarget(platform(text))).toBeUndefined()
  })
})

test.each([
  [EM.EM_X86_64, 64, 'little', 'x86-64'],
  [EM.EM_X86_64, 32, 'little', 'x32'],
  [EM.EM_386, 32, 'little', 'i386'],
  [EM.EM_486, 32, 'little', 'i386'],
  [EM.EM_ARM, 32, 'big', 'armeb'],
  [EM.EM_AARCH64, 64, 'big', 'aarch64_be'],
  [EM.EM_AARCH64, 32, 'little', 'aarch64 (ILP32)'],
  [EM.EM_MIPS, 64, 'little', 'mips64el'],
  [EM.EM_MIPS, 32, 'big', 'mips'],
  [EM.EM_PPC64, 64, 'big', 'ppc64'],
  [EM.EM_S390, 32, 'big', 's390'],
  [EM.EM_RISCV, 32, 'little', 'riscv32'],
  [EM.EM_BPF, 64, 'little', 'BPF'],
  [0x1234, 64, 'little', 'machine 0x1234'],
] as const)('machine %i with %i bits, %s-endian, is called %s', (machine, bits, data, name) => {
  expect(machineName(machine, bits, data)).toBe(name)
})

describe('variants', () => {
  test.each([
    ['linux/amd64', 'v1', true],
    ['linux/amd64/v3', 'v3', true],
    ['linux/arm', 'v7', true],
    ['linux/arm/v6', 'v6', true],
    ['linux/arm64', 'v8', true],
    ['linux/arm64/v9', 'v9', true],
    ['linux/ppc64le', 'power8', false],
    ['linux/riscv64', 'rva20u64', false],
  ])('%s promises %s', (text, level, explicit) => {
    expect(variantPromise(platform(text))).toEqual({level, explicit})
  })

  test.each(['linux/386', 'linux/s390x', 'linux/loong64', 'linux/mips64le'])('%s has no variants', text => {
    expect(variantPromise(platform(text))).toBeUndefined()
    expect(exceedsVariant(platform(text), 'v1')).toBeUndefined()
  })

  test.each([
    ['linux/amd64', 'v1', false],
    ['linux/amd64', 'v2', true],
    ['linux/amd64/v3', 'v3', false],
    ['linux/amd64/v3', 'v4', true],
    ['linux/amd64/v9', 'v4', undefined],
    ['linux/amd64', 'v5', undefined],
    ['linux/arm/v6', 'v5', false],
    ['linux/arm/v6', 'v6', false],
    ['linux/arm/v6', 'v7', true],
    ['linux/arm', 'v7', false],
    ['linux/arm/v5', 'v6', true],
    ['linux/arm64', 'v8.0', false],
    ['linux/arm64', 'v8.1', true],
    ['linux/arm64/v8.2', 'v8.1', false],
    ['linux/arm64/v9', 'v8.5', false],
    ['linux/arm64/v9', 'v8.6', true],
    ['linux/arm64/v9.1', 'v9.0', false],
    ['linux/arm64/v7', 'v8.0', undefined],
    ['linux/arm64', 'nonsense', undefined],
    ['linux/ppc64le', 'power9', true],
    ['linux/ppc64le/power10', 'power9', false],
    ['linux/riscv64', 'rva22u64', true],
    ['linux/riscv64/rva23u64', 'rva22u64', false],
  ])('on %s, %s is too much: %p', (text, level, expected) => {
    expect(exceedsVariant(platform(text), level)).toBe(expected)
  })
})

test.each([
  ['linux/amd64', 4096],
  ['linux/arm64', 65536],
  ['linux/ppc64le', 65536],
  ['linux/loong64', 16384],
  ['linux/riscv64', 4096],
  ['windows/arm64', 4096],
])('the largest page of %s is %i', (text, page) => {
  expect(largestPage(platform(text))).toBe(page)
})
