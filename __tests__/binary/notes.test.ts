import {expect, describe as group, test} from '@jest/globals'
import {
  type ElfIdentity,
  findNotedOs,
  identify,
  readGnuProperties,
  readNotes,
  readSections,
} from '../../src/binary/index.ts'
import {bytesAccess, type RandomAccess} from '../../src/lib/bytes.ts'
import {hex, patch} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {note} from '../support/elf-writer.ts'

async function open(content: Uint8Array): Promise<readonly [ElfIdentity, RandomAccess]> {
  const file = bytesAccess(content)
  const identity = await identify(file)
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return [identity, file]
}

const build = (options: ElfOptions) => open(buildElf(options))
const little = (name: string, type: number, description: Uint8Array) => note('little', {name, type, description})

group('readNotes', () => {
  test.each(['little', 'big'] as const)('owners, types and descriptors, %s-endian', async data => {
    const notes = [
      note(data, {name: 'GNU', type: 3, description: hex('0102030405')}),
      note(data, {name: 'Go', type: 4, description: hex('61')}),
    ]
    expect(await readNotes(...(await build({data, notes})))).toEqual([
      {owner: 'GNU', type: 3, description: hex('0102030405')},
      {owner: 'Go', type: 4, description: hex('61')},
    ])
  })

  test('several notes in one segment', async () => {
    const both = Buffer.concat([little('GNU', 1, hex('00000000')), little('Xen', 6, hex('ff'))])
    expect((await readNotes(...(await build({notes: [both]})))).map(({owner}) => owner)).toEqual(['GNU', 'Xen'])
  })

  test.each([
    ['a name that is too long', patch(little('GNU', 1, hex('00')), 0, 0xff, 0xff, 0xff, 0xff)],
    ['a descriptor that is too long', patch(little('GNU', 1, hex('00')), 4, 0xff, 0xff, 0xff, 0xff)],
    ['half a header', hex('0400000001')],
  ])('%s ends the notes', async (_, broken) => {
    expect(await readNotes(...(await build({notes: [broken]})))).toEqual([])
  })

  test('at most 256 notes of a file', async () => {
    const many = Buffer.concat(Array.from({length: 300}, () => little('', 1, hex(''))))
    expect(await readNotes(...(await build({notes: [many, many]})))).toHaveLength(256)
  })
})

test.each([
  ['FreeBSD', 1, '803a1500', 'freebsd'],
  ['NetBSD', 1, '00a3e111', 'netbsd'],
  ['OpenBSD', 1, '00000000', 'openbsd'],
  ['DragonFly', 1, '00000000', 'dragonfly'],
  ['Android', 1, '15000000', 'android'],
  ['GNU', 1, '01000000030000000200000000000000', 'hurd'],
  ['GNU', 1, '00000000030000000200000000000000', undefined],
  ['GNU', 1, '0100', undefined],
  ['GNU', 3, '01000000', undefined],
  ['Go', 4, '00000000', undefined],
])('a note of %s, type %i, %s: %s', async (owner, type, description, os) => {
  const [identity, file] = await build({notes: [little(owner, type, hex(description))]})
  expect(findNotedOs(await readNotes(identity, file), identity.header.data)?.os).toBe(os)
})

group('readGnuProperties', () => {
  // facts/executables.md §3.3: x86-64-v3, as binutils writes it.
  const v3 = hex('040000001000000005000000474e5500028000c0040000000700000000000000')

  test('by PT_GNU_PROPERTY', async () => {
    expect(await readGnuProperties(...(await build({gnuProperty: v3})))).toEqual(new Map([[0xc0008002, 7]]))
  })

  test('by PT_NOTE, where there is no PT_GNU_PROPERTY', async () => {
    expect(await readGnuProperties(...(await build({notes: [v3]})))).toEqual(new Map([[0xc0008002, 7]]))
  })

  test('ELF32 pads to 4', async () => {
    const two = hex('040000001800000005000000474e5500 010001c00400000000000000 028000c00400000003000000')
    expect(await readGnuProperties(...(await build({class: 32, machine: 3, gnuProperty: two})))).toEqual(
      new Map([
        [0xc0010001, 0],
        [0xc0008002, 3],
      ]),
    )
  })

  test.each([
    ['a property longer than its note', patch(v3, 20, 0xff)],
    ['a property of another size', patch(v3, 20, 8)],
    ['another owner', patch(v3, 12, 0x58)],
    ['nothing', new Uint8Array()],
  ])('%s gives nothing', async (_, broken) => {
    expect((await readGnuProperties(...(await build({gnuProperty: broken})))).size).toBe(0)
  })
})

group('readSections', () => {
  const sections = [
    {name: '.one', type: 1, content: hex('010203')},
    {name: '.two', type: 0x70000003, content: hex('0405')},
  ]

  test.each([
    {class: 64, data: 'little'},
    {class: 32, data: 'big'},
  ] as const)('names, types and places, %j', async layout => {
    const [identity, file] = await build({...layout, sections})
    const found = (await readSections(identity, file)) ?? []
    expect(found.map(({name, type, size}) => [name, type, size])).toEqual([
      ['.one', 1, 3],
      ['.two', 0x70000003, 2],
      ['.shstrtab', 3, 21],
    ])
    expect(await file.read(found[1]?.offset ?? 0, 2)).toEqual(hex('0405'))
  })

  const content = buildElf({sections})
  test.each([
    ['no section headers', buildElf()],
    ['e_shoff 0', patch(content, 40, 0, 0, 0)],
    ['e_shoff beyond the end', patch(content, 42, 0xff)],
    ['e_shoff beyond 2^53', patch(content, 47, 0xff)],
    ['e_shentsize', patch(content, 58, 1)],
    ['e_shnum', patch(content, 60, 0xff, 0xff)],
    ['e_shstrndx', patch(content, 62, 0xff)],
  ])('%s: there are none, and the program is what it is', async (_, broken) => {
    const [identity, file] = await open(broken)
    expect(await readSections(identity, file)).toBeUndefined()
    expect(identity.malformed).toBeUndefined()
    expect(identity.segments).toHaveLength(3)
  })
})
