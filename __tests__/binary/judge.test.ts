import {expect, describe as group, test} from '@jest/globals'
import {identify, judge, judgeLoader, judgeMachine, type Verdict} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {LINUX_ARCHITECTURES, programTarget} from '../../src/platform/index.ts'
import {bytes, patch} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {platform} from '../support/platforms.ts'

/** A program of each platform, with the e_flags of Debian's or Go's. */
const PROGRAMS: Readonly<Record<string, ElfOptions>> = {
  amd64: {machine: 62},
  x32: {machine: 62, class: 32},
  '386': {machine: 3, class: 32},
  '486': {machine: 6, class: 32},
  arm: {machine: 40, class: 32, flags: 0x05000400},
  oabi: {machine: 40, class: 32, flags: 0},
  arm64: {machine: 183},
  loong64: {machine: 258, flags: 0x43},
  mips: {machine: 8, class: 32, data: 'big', flags: 0x70001007},
  mipsle: {machine: 8, class: 32, flags: 0x70001007},
  mips64: {machine: 8, data: 'big', flags: 0x20000004},
  mips64le: {machine: 8, flags: 0x80000007},
  n32: {machine: 8, class: 32, flags: 0x80000027},
  ppc: {machine: 20, class: 32, data: 'big'},
  ppcle: {machine: 20, class: 32},
  ppc64: {machine: 21, data: 'big', flags: 1},
  ppc64le: {machine: 21, flags: 2},
  riscv32: {machine: 243, class: 32, flags: 5},
  riscv64: {machine: 243, flags: 5},
  s390: {machine: 22, class: 32, data: 'big'},
  s390x: {machine: 22, data: 'big'},
  's390x old': {machine: 0xa390, data: 'big'},
  sparc: {machine: 2, class: 32, data: 'big'},
  'sparc v8+': {machine: 18, class: 32, data: 'big'},
  sparc64: {machine: 43, data: 'big'},
}

/** What runs where, besides each on its own: facts/executables.md §2.2 and §2.3. All other pairs are foreign. */
const RUNS: Readonly<Record<string, 'native' | 'compat'>> = {
  '486 on 386': 'native',
  'oabi on arm': 'native',
  's390x old on s390x': 'native',
  '386 on amd64': 'compat',
  '486 on amd64': 'compat',
  'arm on arm64': 'compat',
  'mips on mips64': 'compat',
  'mipsle on mips64le': 'compat',
  'n32 on mips64le': 'compat',
  'ppc on ppc64': 'compat',
  'sparc on sparc64': 'compat',
  'sparc v8+ on sparc': 'compat',
  'sparc v8+ on sparc64': 'compat',
}

const linux = (architecture: string) => ({os: 'linux', architecture, variant: ''})
const judged = async (content: Uint8Array, on: string): Promise<Verdict> =>
  judge(await identify(bytesAccess(content)), platform(on))

group('every program on every platform', () => {
  const pairs = Object.keys(PROGRAMS).flatMap(program => LINUX_ARCHITECTURES.map(on => [program, on] as const))

  test.each(pairs)('%s on %s', async (program, on) => {
    const verdict = judge(await identify(bytesAccess(buildElf(PROGRAMS[program]))), linux(on))
    const expected = program === on ? 'native' : (RUNS[`${program} on ${on}`] ?? 'foreign')
    // N32 has the machine and class of a 32-bit kernel, whose elf_check_arch then looks at the flags.
    expect(verdict.fit).toBe(program === 'n32' && on === 'mipsle' ? 'refused' : expected)
    if (verdict.fit === 'foreign') {
      expect(verdict.expected).toBe(programTarget(linux(on))?.name)
      expect(verdict.actual).not.toBe(verdict.expected)
    }
  })

  test.each([
    ['amd64', '386', 'starts only where the kernel is 64-bit'],
    ['arm64', 'arm', 'starts only where the kernel is 64-bit'],
    ['x32', 'amd64', 'CONFIG_X86_X32_ABI'],
    ['oabi', 'arm64', 'compat_elf_check_arch'],
    ['s390', 's390x', '6.19'],
    ['ppcle', 'ppc64le', 'off by default'],
    ['riscv32', 'riscv64', 'CONFIG_COMPAT'],
  ])('%s on %s says why it may have passed elsewhere', async (program, on, reason) => {
    const verdict = judge(await identify(bytesAccess(buildElf(PROGRAMS[program]))), linux(on))
    expect(verdict).toMatchObject({fit: 'foreign', reason: expect.stringContaining(reason)})
  })

  test('i386 on amd64 is a warning that names both', async () => {
    expect(await judged(buildElf(PROGRAMS['386']), 'linux/amd64')).toMatchObject({
      fit: 'compat',
      level: 'warning',
      actual: 'i386',
      expected: 'x86-64',
    })
  })

  test('arm on arm64 is an error where it starts', async () => {
    expect(await judged(buildElf(PROGRAMS.arm), 'linux/arm64')).toMatchObject({
      fit: 'compat',
      level: 'error',
      actual: 'arm',
      expected: 'aarch64',
      reason: expect.stringContaining('AArch32'),
    })
  })
})

group('what e_ident says does not count, where the kernel does not ask', () => {
  test.each([
    ['EI_CLASS 0 on amd64', patch(buildElf(), 4, 0), 'linux/amd64', 'native'],
    ['EI_CLASS 1 on amd64', patch(buildElf(), 4, 1), 'linux/amd64', 'native'],
    ['EI_CLASS 2 on 386', patch(buildElf(PROGRAMS['386']), 4, 2), 'linux/386', 'native'],
    ['EI_DATA 2 on amd64', patch(buildElf(), 5, 2), 'linux/amd64', 'native'],
    ['EI_VERSION 0 on amd64', patch(buildElf(), 6, 0), 'linux/amd64', 'native'],
    ['EI_DATA 2 on arm64', patch(buildElf(PROGRAMS.arm64), 5, 2), 'linux/arm64', 'native'],
    ['EI_DATA 1 on s390x', patch(buildElf(PROGRAMS.s390x), 5, 1), 'linux/s390x', 'native'],
    ['EI_CLASS 1 on riscv64', patch(buildElf(PROGRAMS.riscv64), 4, 1), 'linux/riscv64', 'refused'],
    ['EI_CLASS 0 on s390x', patch(buildElf(PROGRAMS.s390x), 4, 0), 'linux/s390x', 'refused'],
    ['EI_CLASS 0 on mips64le', patch(buildElf(PROGRAMS.mips64le), 4, 0), 'linux/mips64le', 'refused'],
    ['EI_CLASS 0 on loong64', patch(buildElf(PROGRAMS.loong64), 4, 0), 'linux/loong64', 'refused'],
  ])('%s', async (_, content, on, fit) => {
    expect((await judged(content, on)).fit).toBe(fit)
  })
})

group('what execve refuses', () => {
  test.each<[what: string, content: Uint8Array, errno: string]>([
    ['empty file', bytes(), 'ENOEXEC'],
    ['text', bytes('echo hello\n'), 'ENOEXEC'],
    ['byte order mark before #!', bytes('\xef\xbb\xbf#!/bin/sh\n'), 'ENOEXEC'],
    ['Mach-O', bytes('\xcf\xfa\xed\xfe', new Uint8Array(28)), 'ENOEXEC'],
    ['PE', bytes('MZ', new Uint8Array(100)), 'ENOEXEC'],
    ['bad #!', bytes('#!\n'), 'ENOEXEC'],
    ['#! and nothing', bytes('#!'), 'EACCES'],
    ['object file', buildElf({type: 1}), 'ENOEXEC'],
    ['core dump', buildElf({type: 4}), 'ENOEXEC'],
    ['header cut short', buildElf().subarray(0, 63), 'ENOEXEC'],
    ['no program headers', patch(buildElf(), 56, 0), 'ENOEXEC'],
    ['program headers cut short', buildElf().subarray(0, 100), 'ENOEXEC'],
    ['wrong e_phentsize', patch(buildElf(), 54, 64), 'ENOEXEC'],
    ['1171 program headers', patch(bytes(buildElf(), new Uint8Array(70_000)), 56, 0x93, 4), 'ENOEXEC'],
    ['PT_INTERP past the end', patch(buildElf({interpreter: '/ld'}), 64 + 56 + 8, 0, 0, 9), 'EIO'],
    ['PT_INTERP empty', buildElf({interpreter: ''}), 'ENOEXEC'],
    ['PT_INTERP of NULs', buildElf({interpreter: '\0'}), 'EACCES'],
  ])('%s: %#', async (_, content, errno) => {
    expect(await judged(content, 'linux/amd64')).toMatchObject({fit: 'refused', errno})
  })

  test.each<[what: string, options: ElfOptions, fit: string]>([
    ['OABI with 26-bit addresses', {...PROGRAMS.oabi, flags: 8}, 'refused'],
    ['FDPIC', {...PROGRAMS.arm, osabi: 65}, 'refused'],
    ['an entry that is no instruction', {...PROGRAMS.arm, entry: 0x4000a2}, 'refused'],
    ['a Thumb entry', {...PROGRAMS.arm, entry: 0x4000a1}, 'native'],
    ['an arm EI_OSABI', {...PROGRAMS.arm, osabi: 97}, 'native'],
  ])('arm: %s', async (_, options, fit) => {
    expect((await judged(buildElf(options), 'linux/arm/v7')).fit).toBe(fit)
  })

  test('mips takes O32 only', async () => {
    expect((await judged(buildElf({...PROGRAMS.mips, flags: 0x3000}), 'linux/mips')).fit).toBe('refused')
    expect((await judged(buildElf({...PROGRAMS.mips, flags: 0}), 'linux/mips')).fit).toBe('native')
  })
})

group('what starts and dies', () => {
  const program = buildElf()
  const load = 64

  test.each<[what: string, content: Uint8Array, signal: string, reason: string]>([
    ['no PT_LOAD', patch(patch(program, load, 4), load + 56, 4), 'SIGSEGV', 'no PT_LOAD'],
    ['more in the file than in memory', patch(program, load + 40, 1), 'SIGSEGV', 'more in the file'],
    ['a segment that cannot be mapped', patch(program, load + 8, 1), 'SIGSEGV', 'cannot be mapped'],
    ['a shared library', buildElf({type: 'dyn', soname: 'libx.so'}), 'SIGSEGV', 'shared library'],
    ['an entry in no segment', buildElf({entry: 0x10}), 'SIGSEGV', 'entry point 0x10 is in no segment'],
    ['an entry in data', buildElf({entry: 0x401100, rwData: new Uint8Array(64)}), 'SIGSEGV', 'without PF_X'],
    ['a file cut short', bytes(patch(program, load + 32, 0, 0x30, 0, 0, 0, 0, 0, 0, 0, 0x30)), 'SIGBUS', 'cut short'],
  ])('%s', async (_, content, signal, reason) => {
    expect(await judged(content, 'linux/amd64')).toEqual({
      fit: 'crashes',
      signal,
      reason: expect.stringContaining(reason),
    })
  })

  test.each([
    [{machine: 62, data: 'big'}, 'linux/amd64', 'x86-64 (big-endian)', 'x86-64'],
    [{machine: 22, data: 'little'}, 'linux/s390x', 's390x (little-endian)', 's390x'],
    [{machine: 183, data: 'big'}, 'linux/arm64', 'aarch64_be', 'aarch64'],
  ] as const)('%j is not of %s: its name says why', async (options, on, actual, expected) => {
    expect(await judged(buildElf(options), on)).toMatchObject({fit: 'foreign', actual, expected})
  })

  test('a library is of its machine all the same', async () => {
    const identity = await identify(bytesAccess(buildElf({type: 'dyn', soname: 'libx.so'})))
    if (identity.kind !== 'elf') throw new Error(identity.kind)
    expect(judgeMachine(identity, platform('linux/amd64'))).toEqual({fit: 'native'})
    expect(judgeMachine(identity, platform('linux/arm64'))).toMatchObject({fit: 'foreign', actual: 'x86-64'})
  })

  test('a function descriptor in data is an entry point on ppc64', async () => {
    const options = {...PROGRAMS.ppc64, entry: 0x401110, rwData: new Uint8Array(64)}
    expect((await judged(buildElf(options), 'linux/ppc64')).fit).toBe('native')
  })
})

group('other systems', () => {
  test.each<[options: ElfOptions, os: string]>([
    [{osabi: 9}, 'freebsd'],
    [{osabi: 12}, 'openbsd'],
    [{osabi: 2}, 'netbsd'],
    [{osabi: 6}, 'solaris'],
    [{interpreter: '/libexec/ld-elf.so.1'}, 'freebsd'],
    [{interpreter: '/usr/libexec/ld.so'}, 'openbsd'],
    [{interpreter: '/lib/amd64/ld.so.1'}, 'solaris'],
    [{interpreter: '/system/bin/linker64'}, 'android'],
  ])('%j is for %s', async (options, os) => {
    expect(await judged(buildElf(options), 'linux/amd64')).toMatchObject({fit: 'wrong-os', os})
  })

  test.each([0, 3])('EI_OSABI %i is Linux', async osabi => {
    expect((await judged(buildElf({osabi}), 'linux/amd64')).fit).toBe('native')
  })

  test('a foreign machine is told before a foreign system', async () => {
    expect((await judged(buildElf({osabi: 9}), 'linux/arm64')).fit).toBe('foreign')
  })

  test.each([
    ['linux/wasm', 'undetermined'],
    ['freebsd/amd64', 'undetermined'],
    ['windows/amd64', 'wrong-os'],
  ])('a Linux program on %s: %s', async (on, fit) => {
    expect((await judged(buildElf(), on)).fit).toBe(fit)
  })

  const pe = (machine: number, characteristics: number) =>
    bytes(
      'MZ',
      new Uint8Array(0x3a),
      0x40,
      0,
      0,
      0,
      'PE\0\0',
      machine & 255,
      machine >> 8,
      new Uint8Array(16),
      0,
      characteristics,
    )
  test.each([
    [pe(0x8664, 0), 'windows/amd64', 'native'],
    [pe(0x14c, 0), 'windows/amd64', 'compat'],
    [pe(0xaa64, 0), 'windows/amd64', 'foreign'],
    [pe(0xaa64, 0), 'windows/arm64', 'native'],
    [pe(0x8664, 0x20), 'windows/amd64', 'refused'],
    [bytes('#!/bin/sh\n'), 'windows/amd64', 'refused'],
  ])('Windows: case %#', async (content, on, fit) => {
    expect((await judged(content, on)).fit).toBe(fit)
  })
})

group('scripts', () => {
  test('are what their interpreter is', async () => {
    expect(await judged(bytes('#!/bin/sh -e\n'), 'linux/arm64')).toEqual({
      fit: 'script',
      interpreter: '/bin/sh',
      argument: '-e',
    })
  })
})

group('judgeLoader', () => {
  const loaded = async (program: ElfOptions, loader: Uint8Array, on = 'linux/amd64') => {
    const identity = await identify(bytesAccess(buildElf(program)))
    if (identity.kind !== 'elf') throw new Error(identity.kind)
    return judgeLoader(await identify(bytesAccess(loader)), identity, loader.length, platform(on))
  }
  const amd64 = {machine: 62}

  test.each<[what: string, loader: Uint8Array, expected: object]>([
    ['its own', buildElf({type: 'dyn', soname: 'ld.so', entry: 0x100}), {fit: 'native'}],
    ['an ordinary program', buildElf(), {fit: 'native'}],
    ['an empty file', bytes(), {fit: 'refused', errno: 'EIO'}],
    ['a file shorter than a header', bytes('\x7fELF'), {fit: 'refused', errno: 'EIO'}],
    ['a short script', bytes('#!/bin/sh\n'), {fit: 'refused', errno: 'EIO'}],
    ['a script', bytes('#!/bin/sh\n', '#'.repeat(64)), {fit: 'refused', errno: 'ELIBBAD'}],
    ['no program headers', patch(buildElf(), 56, 0), {fit: 'refused', errno: 'ELIBBAD'}],
    ['another machine', buildElf({machine: 183}), {fit: 'foreign', actual: 'aarch64', expected: 'x86-64'}],
    ['another class', buildElf({machine: 62, class: 32}), {fit: 'foreign', actual: 'x32'}],
    [
      'another byte order, which its name does not say',
      buildElf({machine: 62, data: 'big'}),
      {fit: 'foreign', actual: 'x86-64 (big-endian)', expected: 'x86-64'},
    ],
    ['i386', buildElf({machine: 3, class: 32}), {fit: 'foreign', actual: 'i386'}],
    ['an object file', buildElf({type: 1}), {fit: 'crashes', signal: 'SIGSEGV'}],
    ['no PT_LOAD', patch(patch(buildElf(), 64, 4), 120, 4), {fit: 'crashes', signal: 'SIGSEGV'}],
  ])('of an amd64 program: %s', async (_, loader, expected) => {
    expect(await loaded(amd64, loader)).toMatchObject(expected)
  })

  test.each([
    ['386', '386', 'linux/amd64', 'native'],
    ['386', '486', 'linux/386', 'native'],
    ['386', 'amd64', 'linux/amd64', 'foreign'],
    ['s390x', 's390x old', 'linux/s390x', 'native'],
    ['arm', 'arm64', 'linux/arm64', 'foreign'],
    ['arm', 'arm', 'linux/arm64', 'native'],
  ])('a program of %s with the loader of %s on %s: %s', async (program, loader, on, fit) => {
    expect((await loaded(PROGRAMS[program] ?? {}, buildElf(PROGRAMS[loader]), on)).fit).toBe(fit)
  })

  // EI_CLASS is the fifth byte, e_phentsize stands at 54 of a header of 64 bits.
  test.each<[on: string, program: ElfOptions, offset: number, value: number, fit: string]>([
    ['linux/riscv64', {machine: 243}, 4, 1, 'foreign'],
    ['linux/s390x', {machine: 22, data: 'big'}, 4, 1, 'foreign'],
    ['linux/loong64', {machine: 258}, 4, 1, 'foreign'],
    ['linux/amd64', {machine: 62}, 4, 1, 'native'],
    ['linux/arm64', {machine: 183}, 4, 1, 'native'],
    ['linux/amd64', {machine: 62}, 54, 32, 'refused'],
  ])('on %s, %j with byte %i of its loader as %i: %s', async (on, program, offset, value, fit) => {
    const loader = Uint8Array.from(buildElf(program))
    loader[offset] = value
    expect((await loaded(program, loader, on)).fit).toBe(fit)
  })
})
