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

  test('a name and a path of no characters', () => {
    expect(parseLibraryCache(cache([[0, 1]], '\0a\0'), 'little')).toEqual(new Map([['', ['a']]]))
  })

  test('no more than a header', () => {
    expect(parseLibraryCache(cache([], ''), 'little')).toEqual(new Map())
    expect(parseLibraryCache(cache([], '').subarray(0, 47), 'little')).toBeUndefined()
    expect(parseLibraryCache(Buffer.concat([oldCache(0, 0), cache([], '')]), 'little')).toEqual(new Map())
    expect(parseLibraryCache(Buffer.concat([oldCache(0, 0), cache([], '').subarray(0, 47)]), 'little')).toBeUndefined()
  })

  test('entries that fill the file to its end, and one more than there are', () => {
    const whole = cache([[A, A]], '')
    expect(parseLibraryCache(whole, 'little')).toEqual(new Map())
    expect(parseLibraryCache(whole.subarray(0, whole.length - 1), 'little')).toBeUndefined()
  })

  test.each<[count: number, told: readonly string[]]>([
    [100_000, []],
    [100_001, ['/etc/ld.so.cache has more than 100,000 entries (limit loader-cache-entries)']],
  ])('%d entries', (count, told) => {
    const said: string[] = []
    const entries = Array.from({length: count}, (): readonly [number, number] => [A, OPT_A])
    const found = parseLibraryCache(cache(entries, STRINGS), 'little', reason => said.push(reason))
    expect([found?.get('a')?.length, said]).toEqual([told.length === 0 ? count : undefined, told])
  })

  test('strings that are shared are counted each time', () => {
    const said: string[] = []
    const long = `/${'x'.repeat(4000)}\0`
    const entries = Array.from({length: 6000}, (): readonly [number, number] => [0, 0])
    parseLibraryCache(cache(entries, long), 'little', reason => said.push(reason))
    expect(said).toEqual(['the names and paths of /etc/ld.so.cache have more than 16 MiB (limit loader-bytes)'])
  })

  function oldCache(count: number, padding: number, big = false): Uint8Array {
    const old = new Uint8Array(16 + 12 * count + padding)
    old.set(Buffer.from('ld.so-1.7.0'))
    new DataView(old.buffer).setUint32(12, count, !big)
    return old
  }

  test.each<[title: string, count: number, padding: number]>([
    ['an even count', 2, 0],
    ['an odd count', 1, 4],
    ['another odd count', 3, 4],
  ])('is found behind one of the old format, of %s', (_, count, padding) => {
    for (const big of [false, true]) {
      const whole = Buffer.concat([oldCache(count, padding, big), cache([[A, OPT_A]], STRINGS, big)])
      expect(parseLibraryCache(whole, big ? 'big' : 'little')).toEqual(new Map([['a', ['/opt/a']]]))
    }
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
