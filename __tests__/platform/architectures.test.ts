import {describe, expect, test} from '@jest/globals'
import {architectureOf, findArchitectures} from '../../src/dockerfile/lint/names.ts'
import {loaderNames} from '../../src/exec/loader/names.ts'
import {
  ARCHITECTURES,
  findArchitecture,
  findMalformedPlatform,
  LINUX_ARCHITECTURES,
  normalisePlatform,
  programTarget,
  toolAnswers,
} from '../../src/platform/index.ts'
import {namesMachine} from '../../src/scan/spellings.ts'
import {platform} from '../support/platforms.ts'

/** A name that two rows have would belong to whichever comes last. */
function twice(names: readonly (string | number | undefined)[]): readonly (string | number | undefined)[] {
  return names.filter((name, index) => name !== undefined && names.indexOf(name) !== index)
}

describe('the rows', () => {
  test('are there, each once and by name', () => {
    const names = ARCHITECTURES.map(({name}) => name)
    expect(names.length).toBeGreaterThan(15)
    expect(names).toEqual([...new Set(names)].toSorted())
    expect(findArchitecture('constructor')).toBeUndefined()
  })

  test('share no name, no word and no number', () => {
    const written = ARCHITECTURES.flatMap(({name, aliases, misnomers}) => [
      name,
      ...Object.keys(aliases ?? {}),
      ...Object.keys(misnomers ?? {}),
    ])
    expect(twice(written)).toEqual([])
    expect(twice(ARCHITECTURES.flatMap(({words}) => words ?? []))).toEqual([])
    expect(twice(ARCHITECTURES.map(({peMachine}) => peMachine))).toEqual([])
    expect(twice(ARCHITECTURES.map(({spelling}) => spelling))).toEqual([])
    const elf = ARCHITECTURES.map(row => row.elf && [row.elf.machine, row.elf.class, row.elf.data].join(' '))
    expect(twice(elf)).toEqual([])
  })
})

describe.each(ARCHITECTURES)('all tables know $name', row => {
  const {name, aliases = {}, misnomers = {}, words = [], variants, elf} = row
  const bare = {os: 'linux', architecture: name, variant: ''}

  test('by its name and its aliases', () => {
    expect(findMalformedPlatform(bare)).toBeUndefined()
    for (const alias of Object.keys(aliases)) {
      expect(normalisePlatform({...bare, architecture: alias.toUpperCase()}).architecture).toBe(name)
    }
  })

  test('by what is written for it', () => {
    for (const [misnomer, variant] of Object.entries(misnomers)) {
      const meant = findMalformedPlatform({...bare, architecture: misnomer})?.meant
      expect(meant).toEqual({os: 'linux', architecture: name, variant})
    }
    for (const word of words) {
      expect(findArchitectures(`t-${word}.tgz`)).toEqual([{written: word, architecture: name, offset: 2}])
    }
  })

  test('by its variants', () => {
    for (const level of variants?.levels ?? []) {
      expect(findMalformedPlatform({...bare, variant: level})).toBeUndefined()
    }
    expect(findMalformedPlatform({...bare, variant: 'v99'}) !== undefined).toBe(variants?.areMatched ?? false)
  })

  test('by its programs', () => {
    const target = programTarget(bare)
    expect(target === undefined).toBe(elf === undefined)
    expect(LINUX_ARCHITECTURES.includes(name)).toBe(elf !== undefined)
    if (target === undefined) return
    expect(namesMachine(`/opt/${target.name}/lib`, target.name)).toBe(true)
    expect(namesMachine(`/opt/${name}/lib`, target.name)).toBe(true)
    expect(architectureOf(name)).toBe(name)
    expect(loaderNames(bare)).toBe(row.loaders)
    expect(toolAnswers(bare)?.uname.length).toBeGreaterThan(0)
    expect(toolAnswers({...bare, os: 'freebsd'})).toBeUndefined()
  })
})

// Columns: uname on its own kernel, uname on a 64-bit one, dpkg, apk, rpm.
test.each([
  ['linux/386', 'i686 i586 i486', 'x86_64 i686', 'i386', 'x86', 'i386'],
  ['linux/amd64', 'x86_64', '', 'amd64', 'x86_64', 'x86_64'],
  ['linux/amd64/v3', 'x86_64', '', 'amd64', 'x86_64', 'x86_64'],
  ['linux/arm/v5', 'armv5tejl armv5tel', 'aarch64 armv8l', 'armel', 'armel', 'arm'],
  ['linux/arm/v6', 'armv6l', 'aarch64 armv8l', 'armel armhf', 'armhf', 'arm'],
  ['linux/arm', 'armv7l', 'aarch64 armv8l', 'armhf', 'armv7', 'arm'],
  ['linux/arm/v8', 'armv7l', 'aarch64 armv8l', 'armhf', 'armv7', 'arm'],
  ['linux/arm64', 'aarch64', '', 'arm64', 'aarch64', 'aarch64'],
  ['linux/arm64/v9', 'aarch64', '', 'arm64', 'aarch64', 'aarch64'],
  ['linux/loong64', 'loongarch64', '', 'loong64', 'loongarch64', 'loongarch64'],
  ['linux/mips', 'mips', 'mips64 mips', 'mips', 'mips', 'mips'],
  ['linux/mipsle', 'mips', 'mips64 mips', 'mipsel', 'mipsel', 'mipsel'],
  ['linux/mips64', 'mips64', '', 'mips64', 'mips64', 'mips64'],
  ['linux/mips64le', 'mips64', '', 'mips64el', 'mips64el', 'mips64el'],
  ['linux/ppc', 'ppc', 'ppc64 ppc', 'powerpc', 'ppc', 'ppc'],
  ['linux/ppc64', 'ppc64', '', 'ppc64', 'ppc64', 'ppc64'],
  ['linux/ppc64le', 'ppc64le', '', 'ppc64el', 'ppc64le', 'ppc64le'],
  ['linux/riscv64', 'riscv64', '', 'riscv64', 'riscv64', 'riscv64'],
  ['linux/s390x', 's390x', '', 's390x', 's390x', 's390x'],
  ['linux/sparc', 'sparc', 'sparc64 sparc', 'sparc', '', 'sparc'],
  ['linux/sparc64', 'sparc64', '', 'sparc64', '', 'sparc64'],
  ['linux/wasm', '', '', '', '', ''],
  ['linux/arm/constructor', '', '', '', '', ''],
  ['windows/amd64', '', '', '', '', ''],
])('what tools answer on %s', (name, uname, unameOn64Bit, dpkg, apk, rpm) => {
  const answers = toolAnswers(platform(name))
  const columns = [answers?.uname, answers?.unameOn64Bit, answers?.dpkg, answers?.apk, answers?.rpm]
  expect(columns.map(column => (column ?? []).join(' '))).toEqual([uname, unameOn64Bit, dpkg, apk, rpm])
})
