import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {type DynamicSymbol, identify, readDynamicSymbols} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'

async function read(bytes: Uint8Array) {
  const file = bytesAccess(bytes)
  const elf = await identify(file)
  return elf.kind === 'elf' ? readDynamicSymbols(elf, file) : undefined
}

const SHAPE: DynamicShape = {
  needed: ['libc.so.6'],
  soname: 'liba.so.1',
  defines: ['A_1', 'A_2'],
  needs: [{file: 'libc.so.6', versions: [{name: 'GLIBC_PRIVATE', weak: false}]}],
  imports: [
    {name: 'plain'},
    {name: 'weak', weak: true},
    {name: 'called', call: true},
    {name: 'private', version: 'GLIBC_PRIVATE'},
  ],
  exports: [{name: 'f'}, {name: 'g', version: 'A_1', hidden: true}, {name: 'h', version: 'A_2'}],
}

const names = (symbols: readonly DynamicSymbol[]) =>
  symbols.map(({name, version, binding, isHidden}) => [name, version ?? '', binding, isHidden])

describe('dynamic symbols', () => {
  test('of a library with versions', async () => {
    const symbols = await read(dynamicElf(SHAPE))
    expect(names(symbols?.definitions.filter(({isDefined}) => isDefined) ?? [])).toEqual([
      ['f', '', 1, false],
      ['g', 'A_1', 1, true],
      ['h', 'A_2', 1, false],
    ])
    expect(names(symbols?.references.data ?? [])).toEqual([
      ['plain', '', 1, false],
      ['weak', '', 2, false],
      ['private', 'GLIBC_PRIVATE', 1, false],
    ])
    expect(names(symbols?.references.plt ?? [])).toEqual([['called', '', 1, false]])
    expect(symbols).toMatchObject({bindsNow: false, hasVersions: true})
  })

  test('of what binds at once', async () => {
    expect(await read(dynamicElf({...SHAPE, bindsNow: true}))).toMatchObject({bindsNow: true})
  })

  test('of a static program there are none', async () => {
    expect(await read(buildElf({machine: 62}))).toBeUndefined()
  })

  test('a library without symbols', async () => {
    expect(await read(dynamicElf({needed: []}))).toMatchObject({definitions: [], references: {data: [], plt: []}})
  })
})

describe('hostile symbol tables', () => {
  const whole = dynamicElf(SHAPE)

  test('cut off anywhere', async () => {
    for (let length = 0; length < whole.length; length++) {
      await expect(read(whole.slice(0, length))).resolves.not.toThrow()
    }
  })

  /** Each 8-byte word of the dynamic table and of the tables around it, set to what no table can be. */
  test.each([0n, 1n, 0x7fffn, 0xffff_ffffn, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])('words that are %d', async value => {
    for (let at = 64; at + 8 <= whole.length; at += 8) {
      const bytes = Uint8Array.from(whole)
      new DataView(bytes.buffer).setBigUint64(at, value, true)
      await expect(read(bytes)).resolves.not.toThrow()
    }
  })

  test.each([
    ['the number of symbols is wild', 4, 0xffff_ffffn],
    ['the hash table is nowhere', 4, undefined],
    ['the symbol table is nowhere', 6, undefined],
    ['the strings are nowhere', 5, undefined],
    ['relocations are nowhere', 7, undefined],
    ['relocations are endless', 8, 2n ** 40n],
    ['calls are nowhere', 23, undefined],
    ['versions of symbols are nowhere', 0x6ffffff0, undefined],
  ])('%s: nothing is said', async (_, tag, value) => {
    const bytes = Uint8Array.from(whole)
    const view = new DataView(bytes.buffer)
    let found = false
    for (let at = 64; at + 16 <= bytes.length; at += 8) {
      if (view.getBigUint64(at, true) !== BigInt(tag) || found) continue
      const old = view.getBigUint64(at + 8, true)
      if (old === 0n || old > BigInt(bytes.length)) continue
      found = true
      if (value === 0xffff_ffffn) view.setUint32(Number(old) + 4, 0xffff_ffff, true)
      else view.setBigUint64(at + 8, value ?? 2n ** 40n, true)
    }
    expect(found).toBe(true)
    expect(await read(bytes)).toBeUndefined()
  })
})
