import {describe, expect, test} from '@jest/globals'
import {identify, readPackedInterpreter} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {patch} from '../support/bytes.ts'
import {buildElf} from '../support/elf-builder.ts'
import {PACKED_PROGRAM} from '../support/packed-program.ts'

async function ask(bytes: Uint8Array): Promise<string | undefined> {
  const file = bytesAccess(bytes)
  const identity = await identify(file)
  return identity.kind === 'elf' ? readPackedInterpreter(identity, file) : undefined
}

describe('readPackedInterpreter', () => {
  test('the loader of the program inside', async () => {
    expect(await ask(PACKED_PROGRAM)).toBe('/lib64/ld-linux-x86-64.so.2')
  })

  // l_info lies behind two program headers, or three.
  const info = Buffer.from(PACKED_PROGRAM).indexOf('UPX!') - 4
  test.each<[string, Uint8Array]>([
    ['a program that is not packed', buildElf()],
    ['another magic', patch(PACKED_PROGRAM, info + 4, 0x58)],
    ['a format whose stub is not known', patch(PACKED_PROGRAM, info + 11, 12)],
    ['a method that is not read', patch(PACKED_PROGRAM, info + 24 + 8, 14)],
    ['a filter over the headers', patch(PACKED_PROGRAM, info + 24 + 9, 0x49)],
    ['headers that got larger', patch(PACKED_PROGRAM, info + 24 + 4, 0xff, 0xff)],
    ['headers that do not unpack', patch(PACKED_PROGRAM, info + 24 + 12, 0, 0, 0, 0)],
    ['headers of another machine', patch(PACKED_PROGRAM, 18, 183)],
  ])('nothing of %s', async (_, bytes) => {
    expect(await ask(bytes)).toBeUndefined()
  })

  test('cut short at every length, it says the same or nothing', async () => {
    const answers = new Set<string | undefined>()
    for (let length = 64; length < PACKED_PROGRAM.length; length += 3) {
      answers.add(await ask(PACKED_PROGRAM.subarray(0, length)))
    }
    expect([...answers]).toEqual([undefined, '/lib64/ld-linux-x86-64.so.2'])
  })
})
