import {describe, expect, test} from '@jest/globals'
import {identify, readPackedInterpreter} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {byteWriter} from '../support/elf-writer.ts'

/*
 * Programs packed by UPX whose blocks are stored as they are, which it does with what does not get smaller: each field
 * can be what no packer writes.
 */

const LOADER = '/lib64/ld-linux-x86-64.so.2'
const [EHDR, PHDR] = [64, 56]

interface Shape {
  /** Of the program that is packed. */
  readonly machine?: number
  readonly phentsize?: number
  readonly phoff?: bigint
  /** Types of its program headers; 3 is PT_INTERP. */
  readonly types?: readonly number[]
  /** Where PT_INTERP is, beyond the headers, and its size. */
  readonly at?: bigint
  readonly size?: bigint
  readonly content?: Uint8Array
  /** Of the second block: unpacked and packed size, and its filter. */
  readonly sizes?: readonly [unpacked: number, packed: number]
  readonly filter?: number
  readonly format?: number
  readonly magic?: string
}

const PATH = Buffer.from(`${LOADER}\0`)

/** The headers of an ELF program of 64 bits, without sections. */
function headers(machine: number, phnum: number, phentsize = PHDR, phoff = BigInt(EHDR)) {
  const out = byteWriter('little', 8)
  out.u8(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1).bytes(new Uint8Array(9))
  out.u16(2, machine).u32(1).u64(0x400000, phoff, 0).u32(0)
  return out.u16(EHDR, phentsize, phnum, 0, 0, 0)
}

async function ask(shape: Shape): Promise<string | undefined> {
  const {machine = 62, types = [1, 3], phentsize, phoff, at = 0n, size = BigInt(PATH.length), content = PATH} = shape
  const inner = headers(machine, types.length, phentsize, phoff)
  const length = EHDR + types.length * PHDR
  for (const type of types) inner.u32(type, 4).u64(BigInt(length) + at, 0, 0, size, size, 1)
  const out = headers(62, 1)
  out.u32(1, 5).u64(0, 0x400000, 0x400000, 512, 512, 4096)
  out
    .u32(1)
    .bytes(Buffer.from(shape.magic ?? 'UPX!'))
    .u16(512)
    .u8(13, shape.format ?? 22)
  out.u32(0, length + content.length, 4096)
  out.u32(length, length).u8(2, 0, 0, 0).bytes(inner.toBytes())
  out
    .u32(...(shape.sizes ?? [content.length, content.length]))
    .u8(2, shape.filter ?? 0, 0, 0)
    .bytes(content)
  const file = bytesAccess(out.toBytes())
  const identity = await identify(file)
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return readPackedInterpreter(identity, file)
}

describe('the loader of a program that is stored as it is', () => {
  test.each<[title: string, shape: Shape]>([
    ['at once', {}],
    ['behind other headers', {types: [6, 1, 1, 3, 2]}],
    ['behind other bytes', {at: 8n, content: Buffer.concat([Buffer.from('notes...'), PATH])}],
    ['before other bytes', {content: Buffer.concat([PATH, Buffer.alloc(100, 0x41)])}],
    ['of a filter that changed nothing up to it', {filter: 0x49}],
    [
      'of a filter that changed what is behind it',
      {filter: 0x49, content: Buffer.concat([PATH, Buffer.alloc(9, 0xe8)])},
    ],
    ['without a filter, behind any bytes', {at: 2n, content: Buffer.concat([Buffer.from([0xe8, 0xff]), PATH])}],
    ['the first of two', {types: [3, 3]}],
  ])('%s', async (_, shape) => {
    expect(await ask(shape)).toBe(LOADER)
  })

  test.each<[title: string, shape: Shape]>([
    ['no PT_INTERP', {types: [1, 2]}],
    ['no headers', {types: []}],
    ['of another machine', {machine: 183}],
    ['with other program headers', {phentsize: 32}],
    ['whose program headers are beyond the block', {phoff: 121n}],
    ['whose program headers are nowhere', {phoff: 2n ** 60n}],
    ['a path before the second block', {at: -1n}],
    ['a path beyond the second block', {at: 1n}],
    ['a path nowhere', {at: 2n ** 60n}],
    ['a path of one byte', {size: 1n, content: Buffer.from('/')}],
    ['a path of no size', {size: 0n}],
    ['a path of a wild size', {size: 2n ** 60n}],
    ['a path of more than the kernel takes', {size: 4097n, content: Buffer.alloc(4097, '/')}],
    ['a path that does not end', {content: Buffer.from(`${LOADER}x`)}],
    ['a path that is not absolute', {content: Buffer.from(`x${LOADER}`.slice(0, LOADER.length).concat('\0'))}],
    ['a path with a blank', {content: Buffer.from(`${LOADER.replace('64', ' ')} \0`)}],
    ['a path of other letters', {size: 6n, content: Buffer.from('/\u00e9\u00e9\0')}],
    ['a root alone', {size: 2n, content: Buffer.from('/\0')}],
    [
      'a filter, and bytes that it may have changed',
      {filter: 0x49, at: 1n, content: Buffer.concat([Buffer.from([0x80]), PATH])},
    ],
    ['a block that got larger', {sizes: [PATH.length, PATH.length + 1]}],
    ['a block of nothing', {sizes: [PATH.length, 0]}],
    ['another format', {format: 12}],
    ['another magic', {magic: 'UPX?'}],
  ])('%s: nothing', async (_, shape) => {
    expect(await ask(shape)).toBeUndefined()
  })

  test('on AArch64 the stub does the same', async () => {
    expect(await ask({format: 42})).toBe(LOADER)
  })

  test('a path up to the largest that the kernel takes, within what is unpacked', async () => {
    const path = `/${'x'.repeat(4094)}`
    expect(await ask({size: 4096n, content: Buffer.from(`${path}\0`)})).toBe(path)
    const deep = Buffer.concat([Buffer.alloc(64 * 1024 - PATH.length), PATH])
    expect(await ask({at: BigInt(deep.length - PATH.length), content: deep})).toBe(LOADER)
    const deeper = Buffer.concat([Buffer.alloc(64 * 1024 - PATH.length + 1), PATH])
    expect(await ask({at: BigInt(deeper.length - PATH.length), content: deeper})).toBeUndefined()
  })
})
