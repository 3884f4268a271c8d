import {describe, expect, test} from '@jest/globals'
import {parseLibraryCache} from '../../src/exec/loader/cache.ts'

describe('ld.so.cache', () => {
  /** In the new format: entries by the places of their names and paths, and what they need of the processor. */
  function cache(
    entries: readonly (readonly [key: number, value: number, hwcap?: bigint])[],
    strings: string,
    big = false,
  ) {
    const header = 48
    const bytes = new Uint8Array(header + entries.length * 24 + strings.length)
    const view = new DataView(bytes.buffer)
    const start = header + entries.length * 24
    bytes.set(Buffer.from('glibc-ld.so.cache1.1'))
    view.setUint32(20, entries.length, !big)
    view.setUint32(24, strings.length, !big)
    view.setUint8(28, big ? 3 : 2)
    for (const [index, [key, value, hwcap = 0n]] of entries.entries()) {
      const at = header + index * 24
      view.setUint32(at, 0x303, !big)
      view.setUint32(at + 4, start + key, !big)
      view.setUint32(at + 8, start + value, !big)
      view.setBigUint64(at + 16, hwcap, !big)
    }
    bytes.set(Buffer.from(strings, 'latin1'), start)
    return bytes
  }
  const STRINGS = 'a\0/opt/a\0/usr/a\0b\0/b'
  const [A, OPT_A, USR_A, B, UNENDED] = [0, 2, 9, 16, 18]

  test.each<
    [title: string, entries: Parameters<typeof cache>[0], expected: Readonly<Record<string, readonly string[]>>]
  >([
    ['none', [], {}],
    ['one', [[A, OPT_A]], {a: ['/opt/a']}],
    [
      'two of a name',
      [
        [A, OPT_A],
        [B, USR_A],
        [A, USR_A],
      ],
      {a: ['/opt/a', '/usr/a'], b: ['/usr/a']},
    ],
    [
      'for some processors only',
      [
        [A, OPT_A, 1n],
        [A, USR_A, 1n << 62n],
        [B, USR_A],
      ],
      {b: ['/usr/a']},
    ],
    [
      'a path that does not end',
      [
        [A, UNENDED],
        [B, USR_A],
      ],
      {b: ['/usr/a']},
    ],
    ['a name that does not end', [[UNENDED, OPT_A]], {}],
    [
      'places behind the end',
      [
        [99, OPT_A],
        [A, 99],
      ],
      {},
    ],
  ])('%s', (_, entries, expected) => {
    for (const big of [false, true]) {
      const found = parseLibraryCache(cache(entries, STRINGS, big), big ? 'big' : 'little')
      expect(found && Object.fromEntries(found)).toEqual(expected)
    }
  })

  test.each<[title: string, count: number, padding: number]>([
    ['an even count', 2, 0],
    ['an odd count', 1, 4],
  ])('is found behind one of the old format, of %s', (_, count, padding) => {
    const old = new Uint8Array(16 + 12 * count + padding)
    old.set(Buffer.from('ld.so-1.7.0'))
    new DataView(old.buffer).setUint32(12, count, true)
    const whole = Buffer.concat([old, cache([[A, OPT_A]], STRINGS)])
    expect(parseLibraryCache(whole, 'little')).toEqual(new Map([['a', ['/opt/a']]]))
  })

  test.each<[title: string, bytes: Uint8Array]>([
    ['the old format alone', Buffer.concat([Buffer.from('ld.so-1.7.0\0'), new Uint8Array(4 + 48)])],
    ['the old format, cut off', Buffer.from('ld.so-1.7.0')],
    ['another magic', Buffer.concat([Buffer.from('glibc-ld.so.cache2.0'), new Uint8Array(80)])],
    ['nothing', new Uint8Array()],
  ])('%s is left unread', (_, bytes) => {
    expect(parseLibraryCache(bytes, 'little')).toBeUndefined()
  })
})
