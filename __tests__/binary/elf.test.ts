import {expect, describe as group, test} from '@jest/globals'
import {describe, type ElfIdentity, identify} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {patch, strictAccess} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'

const LOADER = '/lib64/ld-linux-x86-64.so.2'

async function elf(content: Uint8Array): Promise<ElfIdentity> {
  const identity = await identify(bytesAccess(content))
  if (identity.kind !== 'elf') throw new Error(`no ELF file but ${identity.kind}`)
  return identity
}

group('ELF headers of both classes and byte orders', () => {
  test.each<[what: string, options: ElfOptions, header: object]>([
    ['x86-64 ELF executable', {}, {class: 64, data: 'little', type: 2, machine: 62, flags: 0, phentsize: 56}],
    ['i386 ELF executable', {class: 32, machine: 3}, {class: 32, data: 'little', machine: 3, phentsize: 32}],
    ['s390x ELF executable', {data: 'big', machine: 22}, {class: 64, data: 'big', machine: 22}],
    ['mips ELF executable', {class: 32, data: 'big', machine: 8, flags: 0x70001007}, {class: 32, flags: 0x70001007}],
    ['mips64el ELF executable', {machine: 8, flags: 0x80000007}, {flags: 0x80000007}],
    ['x32 ELF executable', {class: 32, machine: 62}, {class: 32, machine: 62}],
    ['aarch64 ELF executable', {machine: 183, interpreter: LOADER, type: 'dyn'}, {type: 3}],
    ['x86-64 ELF shared library', {type: 'dyn', soname: 'libx.so.1'}, {type: 3, entry: 0n}],
    ['riscv64 ELF object file', {type: 1, machine: 243}, {type: 1}],
    ['x86-64 ELF core dump', {type: 4}, {type: 4}],
    ['x86-64 ELF file of type 0xfe00', {type: 0xfe00}, {type: 0xfe00, class: 64}],
    ['machine 0x1234 ELF executable', {machine: 0x1234}, {machine: 0x1234}],
    ['x86-64 ELF executable', {osabi: 9}, {ident: {class: 2, data: 1, version: 1, osabi: 9, abiversion: 0}}],
  ])('%s', async (what, options, header) => {
    const identity = await elf(buildElf(options))
    expect(identity.header).toMatchObject(header)
    expect(identity.identProblems).toEqual([])
    expect(identity.malformed).toBeUndefined()
    expect(describe(identity)).toBe(what)
  })
})

group('segments and PT_INTERP', () => {
  test.each([
    {class: 64, data: 'little'},
    {class: 64, data: 'big'},
    {class: 32, data: 'little'},
    {class: 32, data: 'big'},
  ] as const)('%j', async options => {
    const content = buildElf({...options, interpreter: LOADER, needed: ['libc.so.6'], align: 0x10000})
    const identity = await elf(content)
    expect(identity.segments.map(({type}) => type)).toEqual([6, 3, 1, 1, 2, 0x6474e551])
    const [text, data] = identity.segments.filter(({type}) => type === 1)
    expect(text).toMatchObject({flags: 5, offset: 0, vaddr: 0x400000n, align: 0x10000n})
    expect(data).toMatchObject({flags: 6, align: 0x10000n})
    expect((data?.offset ?? 0) + (data?.filesz ?? 0)).toBe(content.length)
    expect(identity.interpreter).toEqual({path: LOADER, size: LOADER.length + 1})
  })

  // Where the builder puts PT_INTERP's header (the second) and its bytes.
  const program = buildElf({interpreter: LOADER})
  const header = 64 + 56
  const at = Buffer.from(program).indexOf(LOADER)

  test.each([
    ['no final NUL', patch(program, at + LOADER.length, 0x78), 'ENOEXEC'],
    ['one byte', patch(program, header + 32, 1), 'ENOEXEC'],
    ['longer than PATH_MAX', patch(program, header + 32, 1, 16), 'ENOEXEC'],
    ['far beyond 2^53', patch(program, header + 32, 0, 0, 0, 0, 0, 0, 0, 0xff), 'ENOEXEC'],
    ['behind the end of the file', patch(program, header + 8, 0, 0, 0xff), 'EIO'],
    ['at an offset beyond 2^53', patch(program, header + 8, 0, 0, 0, 0, 0, 0, 0, 1), 'EIO'],
    ['at an offset that is negative to the kernel', patch(program, header + 8, 0, 0, 0, 0, 0, 0, 0, 0x80), 'EINVAL'],
    ['that ends beyond 2^63', patch(program, header + 8, ...Array(7).fill(0xff), 0x7f), 'EINVAL'],
    ['an empty path', patch(program, at, 0), 'EACCES'],
  ])('PT_INTERP is refused: %s', async (_, content, errno) => {
    expect((await elf(content)).interpreter).toMatchObject({path: '', refused: {errno}})
  })

  test('the path ends at the first NUL', async () => {
    expect((await elf(patch(program, at + 6, 0))).interpreter).toEqual({path: '/lib64', size: LOADER.length + 1})
  })

  test('a relative path stays relative, and bytes that are no UTF-8 do not matter', async () => {
    expect((await elf(buildElf({interpreter: 'ld.so'}))).interpreter?.path).toBe('ld.so')
    expect((await elf(patch(program, at, 0xff))).interpreter?.path).toBe('\ufffdlib64/ld-linux-x86-64.so.2')
  })

  test('only the first PT_INTERP counts', async () => {
    const second = buildElf({interpreter: LOADER, segments: [{type: 3, content: Buffer.from('/other\0')}]})
    expect((await elf(second)).interpreter?.path).toBe(LOADER)
  })
})

group('what is malformed, and where', () => {
  const program = buildElf()
  const small = buildElf({class: 32, machine: 3})

  test.each([
    ['cut in the header', program.subarray(0, 40), 40, 'ends after 40 bytes of its 64-byte'],
    ['cut in the header of 32 bits', small.subarray(0, 51), 51, 'ends after 51 bytes of its 52-byte'],
    ['e_phentsize', patch(program, 54, 57), 54, 'e_phentsize is 57, expected 56'],
    ['e_phentsize of 32 bits', patch(small, 42, 56), 42, 'e_phentsize is 56, expected 32'],
    ['too many program headers', patch(program, 56, 0x93, 4), 56, '1171 program headers'],
    ['too many program headers of 32 bits', patch(small, 44, 1, 8), 44, '2049 program headers'],
    ['program headers behind the end', patch(program, 32, 0xf0), 240, 'the file ends at'],
    ['e_phoff beyond 2^53', patch(program, 32, 0, 0, 0, 0, 0, 0, 0x80), 32, 'beyond any file'],
    ['p_offset beyond 2^53', patch(program, 64 + 8, 0, 0, 0, 0, 0, 0, 0, 1), 64 + 8, 'p_offset is'],
    ['p_filesz beyond 2^53', patch(program, 64 + 32, 0, 0, 0, 0, 0, 0, 0, 1), 64 + 32, 'p_filesz is'],
  ])('%s', async (_, content, offset, reason) => {
    expect((await elf(content)).malformed).toEqual({offset, reason: expect.stringContaining(reason)})
  })

  test.each([1170, 2048])('as many program headers as the kernel takes (%i) are read', async count => {
    const [elfClass, size] = count === 1170 ? ([64, 56] as const) : ([32, 32] as const)
    const whole = Buffer.concat([
      buildElf({class: elfClass}).subarray(0, elfClass === 64 ? 64 : 52),
      Buffer.alloc(65536),
    ])
    const at = elfClass === 64 ? 56 : 44
    const identity = await elf(patch(whole, at, count & 255, count >> 8))
    expect(identity.malformed).toBeUndefined()
    expect(identity.segments).toHaveLength(count)
    expect(size * count).toBeLessThanOrEqual(65536)
  })

  test('an object file without program headers is not malformed', async () => {
    expect((await elf(patch(buildElf({type: 1}), 54, 0, 0, 0, 0))).malformed).toBeUndefined()
  })
})

group('e_ident that lies', () => {
  test.each([
    ['class 0', patch(buildElf(), 4, 0), {class: 64, data: 'little', machine: 62}],
    ['class 9', patch(buildElf(), 4, 9), {class: 64, data: 'little', machine: 62}],
    ['32 bits in a 64-bit program', patch(buildElf(), 4, 1), {class: 64, machine: 62}],
    ['64 bits in a 32-bit program', patch(buildElf({class: 32, machine: 3}), 4, 2), {class: 32, machine: 3}],
    ['big-endian in a little-endian program', patch(buildElf(), 5, 2), {data: 'little', type: 2, machine: 62}],
    ['no byte order', patch(buildElf(), 5, 0), {data: 'little', machine: 62}],
    [
      'little-endian in a big-endian program',
      patch(buildElf({data: 'big', machine: 22}), 5, 1),
      {data: 'big', machine: 22},
    ],
    ['version', patch(buildElf(), 6, 0), {machine: 62}],
    ['e_version', patch(buildElf(), 20, 7), {machine: 62, version: 7}],
  ])('%s: the program is read all the same, and the problem is told', async (_, content, header) => {
    const identity = await elf(content)
    expect(identity.header).toMatchObject(header)
    expect(identity.identProblems).toHaveLength(1)
    expect(identity.segments.length).toBeGreaterThan(0)
  })
})

group('hostile input', () => {
  const programs: readonly (readonly [string, Uint8Array])[] = [
    ['64-bit little-endian', buildElf({interpreter: LOADER, needed: ['libc.so.6']})],
    ['32-bit little-endian', buildElf({class: 32, machine: 40, interpreter: LOADER})],
    ['64-bit big-endian', buildElf({data: 'big', machine: 22, interpreter: LOADER})],
    ['32-bit big-endian', buildElf({class: 32, data: 'big', machine: 8, interpreter: LOADER})],
  ]

  test.each(programs)('%s: cut at every length, nothing throws, and what is lost is told', async (_, program) => {
    const whole = await elf(program)
    const end = Buffer.from(program).indexOf(LOADER) + LOADER.length + 1
    for (let length = 4; length < program.length; length++) {
      const identity = await identify(strictAccess(program.subarray(0, length), 65536))
      if (identity.kind !== 'elf') throw new Error(`${length} bytes are ${identity.kind}`)
      expect(identity.size).toBe(length)
      if (length < whole.header.ehsize) expect(identity.malformed?.offset).toBe(length)
      else if (length < end) expect(identity.malformed ?? identity.interpreter?.refused).toBeDefined()
      else expect(identity.interpreter).toEqual(whole.interpreter)
    }
    for (let length = 0; length < 4; length++) {
      expect((await identify(bytesAccess(program.subarray(0, length)))).kind).not.toBe('elf')
    }
  })

  test('the first look reads once where all is in the first 4 KiB', async () => {
    const file = strictAccess(Buffer.concat([buildElf({interpreter: LOADER}), Buffer.alloc(100_000)]), 4096)
    await identify(file)
    expect(file.reads()).toBe(1)
  })
})
