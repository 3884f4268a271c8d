import {expect, describe as group, test} from '@jest/globals'
import {type DynamicInfo, identify, readDynamic} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {patch, strictAccess} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'

const LAYOUTS = [
  {class: 64, data: 'little'},
  {class: 64, data: 'big'},
  {class: 32, data: 'little'},
  {class: 32, data: 'big'},
] as const

async function dynamic(content: Uint8Array): Promise<DynamicInfo | undefined> {
  const file = strictAccess(content, 65536)
  const identity = await identify(file)
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return readDynamic(identity, file)
}

const FULL: ElfOptions = {
  type: 'dyn',
  soname: 'libmine.so.2',
  needed: ['libc.so.6', 'libm.so.6', '/opt/lib/own.so'],
  rpath: '/old/lib',
  runpath: '$ORIGIN/../lib:/opt/lib',
  flags1: 0x08000000,
  versionNeeds: [
    {file: 'libc.so.6', versions: ['GLIBC_2.2.5', {name: 'GLIBC_2.34', weak: true}]},
    {file: 'libm.so.6', versions: ['GLIBC_2.29']},
  ],
  versionDefinitions: ['MINE_1.0', 'MINE_1.1'],
}

group('readDynamic', () => {
  test.each(LAYOUTS)('all of it, %j', async layout => {
    expect(await dynamic(buildElf({...layout, ...FULL}))).toEqual({
      soname: 'libmine.so.2',
      needed: ['libc.so.6', 'libm.so.6', '/opt/lib/own.so'],
      rpath: '/old/lib',
      runpath: '$ORIGIN/../lib:/opt/lib',
      pie: true,
      noDefaultLibraries: false,
      relr: false,
      versionNeeds: [
        {
          file: 'libc.so.6',
          versions: [
            {name: 'GLIBC_2.2.5', weak: false},
            {name: 'GLIBC_2.34', weak: true},
          ],
        },
        {file: 'libm.so.6', versions: [{name: 'GLIBC_2.29', weak: false}]},
      ],
      versionDefinitions: ['MINE_1.0', 'MINE_1.1'],
    })
  })

  test('a static program has none', async () => {
    expect(await dynamic(buildElf())).toBeUndefined()
  })

  test('a library without version definitions is told from one with none but its base', async () => {
    expect(await dynamic(buildElf({needed: ['libc.so.6']}))).not.toHaveProperty('versionDefinitions')
    expect(await dynamic(buildElf({versionDefinitions: []}))).toMatchObject({versionDefinitions: []})
  })

  test('DF_1_NODEFLIB', async () => {
    expect(await dynamic(buildElf({flags1: 0x800}))).toMatchObject({noDefaultLibraries: true, pie: false})
  })

  test('a string table too large to be read at once', async () => {
    const needed = Array.from({length: 40}, (_, index) => `lib${'x'.repeat(2000)}${index}.so`)
    expect((await dynamic(buildElf({needed})))?.needed).toEqual(needed)
  })
})

group('what makes no sense', () => {
  const content = buildElf({
    needed: ['libc.so.6'],
    versionNeeds: [{file: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.2.5']}],
  })
  const find = (...values: readonly number[]) => Buffer.from(content).indexOf(Buffer.from(values))
  // The entries' tags as the builder writes them: DT_STRTAB 5, DT_NEEDED 1, DT_VERNEED 0x6ffffffe.
  const strtab = Buffer.from(content).lastIndexOf(Buffer.from([5, 0, 0, 0, 0, 0, 0, 0]))
  const neededAt = find(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
  const verneed = find(0xfe, 0xff, 0xff, 0x6f, 0, 0, 0, 0)
  // Verneed: version 1, two needs.
  const record = find(1, 0, 2, 0)

  test.each([
    ['a string table in no segment', patch(content, strtab + 8, 0, 0, 0, 0, 0, 0, 0, 1), 'no string table'],
    ['no string table', patch(content, strtab, 0x99), 'no string table'],
    ['a name outside the string table', patch(content, neededAt + 8, 0xff, 0xff), 'DT_NEEDED is not a string'],
    ['a name beyond 2^53', patch(content, neededAt + 8, 0, 0, 0, 0, 0, 0, 0, 1), 'DT_NEEDED is not a string'],
    ['versions in no segment', patch(content, verneed + 8, 0, 0, 0, 0, 0, 0, 0, 1), 'DT_VERNEED 0x10000000000'],
    ['versions of no library', patch(content, record + 4, 0xff, 0xff), 'library without name'],
    ['a version without name', patch(content, record + 16 + 8, 0xff, 0xff), 'needed version has no name'],
    ['a version far away', patch(content, record + 16 + 12, 0xff, 0xff, 0xff, 0xff), 'goes on where there is none'],
    ['versions in a circle', patch(content, record + 16 + 12, 1), 'overlap'],
    ['libraries in a circle', patch(content, record + 12, 4), 'overlap'],
  ])('%s is malformed, and no loop', async (_, broken, reason) => {
    expect((await dynamic(broken))?.malformed).toMatchObject({reason: expect.stringContaining(reason)})
  })

  test('a dynamic table without end', async () => {
    const end = content.length - 16
    const broken = patch(content, end, ...Array.from({length: 16}, () => 1))
    // What is there is still given: the last entry was only its end.
    expect(await dynamic(broken)).toMatchObject({needed: ['libc.so.6']})
  })

  test('many libraries that share one list of versions: the work is bounded', async () => {
    // 4000 Verneed records of 16 bytes, each with the chain that follows them.
    const count = 4000
    const table = new Uint8Array(65536)
    const view = new DataView(table.buffer)
    for (let index = 0; index < count; index++) {
      view.setUint16(index * 16, 1, true)
      view.setUint32(index * 16 + 8, count * 16 - index * 16, true)
      view.setUint32(index * 16 + 12, index === count - 1 ? 0 : 16, true)
    }
    for (let at = count * 16; at + 32 <= table.length; at += 16) view.setUint32(at + 12, 16, true)
    const program = buildElf({versionNeeds: [{file: 'a', versions: ['b']}], rwData: table})
    const where = Buffer.from(program).indexOf(Buffer.from([0xfe, 0xff, 0xff, 0x6f, 0, 0, 0, 0]))
    const identity = await identify(bytesAccess(program))
    const load = identity.kind === 'elf' ? identity.segments.filter(({type}) => type === 1)[1] : undefined
    const address = Number(load?.vaddr ?? 0n)
    const broken = patch(program, where + 8, address & 255, (address >> 8) & 255, (address >> 16) & 255)
    const info = await dynamic(broken)
    expect(info?.malformed?.reason).toBe('more than 4,096 versions are needed (limit elf-versions)')
  })
})
