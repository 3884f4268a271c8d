import {describe, expect, test} from '@jest/globals'
import type {ElfIdentity} from '../../src/binary/elf/types.ts'
import {readDynamicSymbols} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import type {ByteOrder, ElfClass} from '../../src/platform/index.ts'
import {byteWriter} from '../support/elf-writer.ts'

/*
 * Tables of symbols in every class and byte order, with either kind of hash table, as the loaders read them.
 */

const DT = {
  ...{PLTRELSZ: 2, HASH: 4, STRTAB: 5, SYMTAB: 6, RELA: 7, RELASZ: 8, STRSZ: 10, REL: 17, RELSZ: 18, PLTREL: 20},
  ...{JMPREL: 23, BIND_NOW: 24, FLAGS: 30, GNU_HASH: 0x6ffffef5, VERSYM: 0x6ffffff0, FLAGS_1: 0x6ffffffb},
}
const [EM_S390, EM_MIPS] = [22, 8]
const VADDR = 0x1000
/** Of all that is mapped, in bytes. */
const ROOM = 8192

interface Shape {
  readonly width?: ElfClass
  readonly order?: ByteOrder
  readonly machine?: number
  /** The symbols that relocations of each kind name. */
  readonly rela?: readonly number[]
  readonly rel?: readonly number[]
  /** `addends`: they have those, and DT_PLTREL says so. */
  readonly plt?: {readonly symbols: readonly number[]; readonly addends: boolean}
  readonly hash?: 'gnu' | 'sysv' | 'none'
  /** Of DT_GNU_HASH: the first symbol that it leads to; where its one bucket begins; which words end a chain. */
  readonly first?: number
  readonly bucket?: number
  readonly chain?: readonly number[]
  readonly words?: number
  /** Tags that are added, or that take the place of what is there. */
  readonly tags?: Readonly<Record<number, bigint | undefined>>
}

/** Symbols 1 to 4: `want` is undefined, `f`, `g` and `h` are defined; `g` is weak and has no value. */
async function read(shape: Shape) {
  const {width = 64, order = 'little', machine = 62, hash = 'sysv', first = 2, bucket = 2, words = 1} = shape
  const wide = width === 64
  const {rela, rel, plt, chain = [2, 4, 7], tags = {}} = shape
  const out = byteWriter(order, wide ? 8 : 4)
  const table = new Map<number, bigint>()
  const place = (tag: number): void => {
    out.align(8)
    table.set(tag, BigInt(VADDR + out.length))
  }
  const relocations = (symbols: readonly number[], addends: boolean): number => {
    const start = out.length
    for (const symbol of symbols) {
      out.word(0xffff)
      if (wide) out.u64((BigInt(symbol) << 32n) | 6n)
      else out.u32(symbol * 256 + 6)
      if (addends) out.word(0)
    }
    return out.length - start
  }
  out.bytes(new Uint8Array(16))
  place(DT.STRTAB)
  const names = '\0want\0f\0g\0h\0'
  out.bytes(Buffer.from(names, 'latin1'))
  table.set(DT.STRSZ, BigInt(names.length))
  place(DT.SYMTAB)
  const symbols = [
    [0, 0, 0, 0],
    [1, 0x10, 0, 0],
    [6, 0x12, 1, 0x77],
    [8, 0x21, 5, 0],
    [10, 0x1a, 5, 0x78],
  ] as const
  for (const [name, info, section, value] of symbols) {
    out.u32(name)
    if (wide) out.u8(info, 0).u16(section).u64(value, 9)
    else out.u32(value, 9).u8(info, 0).u16(section)
  }
  if (rela) {
    place(DT.RELA)
    table.set(DT.RELASZ, BigInt(relocations(rela, true)))
  }
  if (rel) {
    place(DT.REL)
    table.set(DT.RELSZ, BigInt(relocations(rel, false)))
  }
  if (plt) {
    place(DT.JMPREL)
    table.set(DT.PLTRELSZ, BigInt(relocations(plt.symbols, plt.addends)))
    table.set(DT.PLTREL, BigInt(plt.addends ? DT.RELA : DT.REL))
  }
  if (hash === 'sysv') {
    place(DT.HASH)
    if (machine === EM_S390 && wide) out.u64(1, 5)
    else out.u32(1, 5)
  }
  if (hash === 'gnu') {
    place(DT.GNU_HASH)
    out.u32(2, first, words, 6)
    for (let at = 0; at < words; at++) out.word(0)
    out.u32(0, bucket).u32(...chain)
  }
  for (const [tag, value] of Object.entries(tags))
    if (value === undefined) table.delete(Number(tag))
    else table.set(Number(tag), value)
  const bytes = new Uint8Array(ROOM + 4096)
  bytes.set(out.toBytes())
  const dynamic = byteWriter(order, wide ? 8 : 4)
  for (const [tag, value] of table) dynamic.word(tag, value)
  bytes.set(dynamic.word(0, 0).toBytes(), ROOM)
  const segment = {flags: 4, paddr: 0n, memsz: BigInt(ROOM), align: 1n}
  const elf = {
    header: {class: width, data: order, machine},
    segments: [
      {...segment, type: 1, offset: 0, vaddr: BigInt(VADDR), filesz: ROOM},
      {...segment, type: 2, offset: ROOM, vaddr: 0n, filesz: 2048},
    ],
    // The reader asks for no more of a file that is identified.
  } as unknown as ElfIdentity
  const reasons: string[] = []
  const found = await readDynamicSymbols(elf, bytesAccess(bytes), reason => reasons.push(reason))
  return {found, reasons}
}

const F = {name: 'f', binding: 1, type: 2, isDefined: true, hasValue: true, isHidden: false}
const G = {name: 'g', binding: 2, type: 1, isDefined: true, hasValue: false, isHidden: false}
const H = {name: 'h', binding: 1, type: 10, isDefined: true, hasValue: true, isHidden: false}
const WANT = {name: 'want', binding: 1, type: 0, isDefined: false, hasValue: false, isHidden: false}
const LAYOUTS: readonly (readonly [ElfClass, ByteOrder])[] = [
  [64, 'little'],
  [64, 'big'],
  [32, 'little'],
  [32, 'big'],
]

describe.each(LAYOUTS)('of %d bits, %s', (width, order) => {
  test.each(['gnu', 'sysv'] as const)('%s', async hash => {
    const shape: Shape = {width, order, hash, rela: [1, 0, 1, 2], rel: [3], plt: {symbols: [4, 1], addends: true}}
    expect(await read(shape)).toEqual({
      found: {
        definitions: [F, G, H],
        references: {data: [WANT, F, G], plt: [H, WANT]},
        ...{bindsNow: false, hasVersions: false, relocations: 7},
      },
      reasons: [],
    })
  })

  test('calls without addends', async () => {
    const {found} = await read({width, order, plt: {symbols: [1, 2, 4], addends: false}})
    expect(found?.references).toEqual({data: [], plt: [WANT, F, H]})
    expect(found?.relocations).toBe(3)
  })

  test('without a hash table others find nothing, and relocations name symbols', async () => {
    const {found} = await read({width, order, hash: 'none', rela: [4]})
    expect(found).toMatchObject({definitions: [], references: {data: [H], plt: []}})
  })
})

describe('where DT_GNU_HASH leads', () => {
  test.each<[title: string, shape: Shape, names: readonly string[] | undefined]>([
    ['from its first symbol', {first: 3, bucket: 3, chain: [4, 7]}, ['g', 'h']],
    ['to the end of the last chain', {chain: [2, 5]}, ['f', 'g']],
    ['to the first that ends it', {chain: [3, 5, 7]}, ['f']],
    ['a bucket in the middle', {bucket: 3, chain: [2, 4, 7]}, ['f', 'g', 'h']],
    ['a filter of several words', {words: 3}, ['f', 'g', 'h']],
    ['nowhere, with empty buckets', {bucket: 0}, []],
    ['nowhere, with a bucket before its first symbol', {first: 4, bucket: 3}, []],
    ['a chain without an end', {chain: [2, 4, 6]}, undefined],
  ])('%s', async (_, shape, names) => {
    const {found, reasons} = await read({...shape, hash: 'gnu'})
    expect(found?.definitions.map(({name}) => name)).toEqual(names)
    expect(reasons).toEqual(
      names === undefined ? ['a chain of its DT_GNU_HASH has more than 4 KiB (limit elf-hash-chain-bytes)'] : [],
    )
  })

  test('to nothing where it is not in the file, or beyond a limit', async () => {
    expect(await read({hash: 'gnu', tags: {[DT.GNU_HASH]: BigInt(VADDR + ROOM)}})).toEqual({reasons: []})
    expect(await read({hash: 'gnu', tags: {[DT.GNU_HASH]: BigInt(VADDR + ROOM - 8)}})).toEqual({reasons: []})
    expect(await read({hash: 'gnu', words: 0, bucket: 199_999})).toEqual({reasons: []})
    expect(await read({hash: 'gnu', bucket: 200_000})).toEqual({
      reasons: ['it has more than 200,000 dynamic symbols (limit elf-symbols)'],
    })
  })
})

describe('a machine of its own', () => {
  test('s390x has wide entries in DT_HASH, s390 and others have not', async () => {
    const names = async (shape: Shape) => (await read(shape)).found?.definitions.map(({name}) => name)
    expect(await names({machine: EM_S390, order: 'big'})).toEqual(['f', 'g', 'h'])
    expect(await names({machine: EM_S390, order: 'big', width: 32})).toEqual(['f', 'g', 'h'])
  })

  test('of MIPS nothing is said', async () => {
    expect(await read({machine: EM_MIPS, rela: [1]})).toEqual({reasons: []})
  })
})

describe('when a file is bound at once', () => {
  test.each<[title: string, tags: NonNullable<Shape['tags']>, bindsNow: boolean]>([
    ['no flags', {}, false],
    ['DT_BIND_NOW', {[DT.BIND_NOW]: 0n}, true],
    ['DF_BIND_NOW', {[DT.FLAGS]: 8n}, true],
    ['other flags', {[DT.FLAGS]: 4n, [DT.FLAGS_1]: 8n}, false],
    ['DF_1_NOW', {[DT.FLAGS_1]: 1n}, true],
  ])('%s', async (_, tags, bindsNow) => {
    expect((await read({tags})).found?.bindsNow).toBe(bindsNow)
  })
})

describe('tables that make no sense', () => {
  const last = BigInt(VADDR + ROOM)
  test.each<[title: string, tags: NonNullable<Shape['tags']>, isRead: boolean]>([
    ['names up to the end of what is mapped', {[DT.STRTAB]: last - 12n}, true],
    ['names beyond it', {[DT.STRTAB]: last - 11n}, false],
    ['no names', {[DT.STRTAB]: undefined}, false],
    ['no size of the names', {[DT.STRSZ]: undefined}, true],
    ['a size of the names that is no number', {[DT.STRSZ]: 2n ** 60n}, false],
    ['no symbols', {[DT.SYMTAB]: undefined}, false],
    ['relocations of no size', {[DT.RELASZ]: undefined}, true],
    ['relocations of a wild size', {[DT.RELASZ]: 2n ** 40n}, false],
    ['versions up to the end', {[DT.VERSYM]: last - 10n}, true],
    ['versions beyond it', {[DT.VERSYM]: last - 8n}, false],
  ])('%s', async (_, tags, isRead) => {
    const {found, reasons} = await read({rela: [1], tags})
    expect([found !== undefined, reasons]).toEqual([isRead, []])
  })

  test('a symbol whose name is beyond the names, or has no end, is not there', async () => {
    // The names end behind `want`, in the middle of `f`.
    expect((await read({tags: {[DT.STRSZ]: 6n}, rela: [1, 2]})).found).toMatchObject({
      definitions: [],
      references: {data: [{name: 'want'}]},
    })
    expect((await read({tags: {[DT.STRSZ]: 7n}, rela: [1, 2]})).found?.definitions).toEqual([])
    expect((await read({tags: {[DT.STRSZ]: 8n}, rela: [1, 2]})).found?.definitions).toEqual([F])
  })

  test('relocations name symbols up to the limit', async () => {
    expect(await read({rela: [199_999]})).toEqual({reasons: []})
    expect(await read({rela: [200_000]})).toEqual({
      reasons: ['it has more than 200,000 dynamic symbols (limit elf-symbols)'],
    })
  })
})
