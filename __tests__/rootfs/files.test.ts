import {describe, expect, test} from '@jest/globals'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {dir, file, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure} from '../support/streams.ts'

const raw = (...items: readonly TarItem[]): TestLayer => ({tar: buildTar(items)})

describe('attributes', () => {
  test('of files, of directories and of directories that no entry describes', async () => {
    const rootfs = rootFsOf([
      raw(
        {name: './', type: '5', mode: 0o700, uid: 3},
        {name: 'a/', type: '5', mode: 0o711, uid: 1, gid: 2},
        {name: 'a/s', mode: 0o6750, uid: 5, gid: 6, content: 'text'},
      ),
      raw({name: 'b/c', type: '2', linkName: 'x', mode: 0o600}, {name: 'a/p', type: '6', mode: 0o622}),
    ])
    expect(await all(rootfs.files())).toEqual([
      // The upper layer has `a` only because of what is in it: an engine makes such a directory 0755, root's.
      {path: '/a', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, layer: 1},
      {path: '/a/p', kind: 'fifo', mode: 0o622, uid: 0, gid: 0, size: 0, layer: 1},
      {path: '/a/s', kind: 'file', mode: 0o6750, uid: 5, gid: 6, size: 4, layer: 0},
      {path: '/b', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0, layer: 1},
      {path: '/b/c', kind: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, target: 'x', layer: 1},
    ])
  })

  test('of the last entry of a directory', async () => {
    const rootfs = rootFsOf([[dir('a', 0o700), file('a/x'), dir('a', 0o555)]])
    expect(await rootfs.lookup('/a')).toMatchObject({node: {mode: 0o555}})
  })
})

test("the whole tree is in the order of the paths' bytes", async () => {
  const rootfs = rootFsOf([
    [file('a/b'), file('a-b'), file('a.b'), file('a/😀'), file('a/\uffee'), file('b')],
    [file('a0'), file('A')],
  ])
  expect((await all(rootfs.files())).map(({path}) => path)).toEqual([
    '/A',
    '/a',
    '/a-b',
    '/a.b',
    '/a/b',
    '/a/\uffee',
    '/a/😀',
    '/a0',
    '/b',
  ])
})

describe('what no engine unpacks', () => {
  test.each([
    {
      what: 'a file below a file of its own layer',
      layer: raw({name: 'a'}, {name: 'a/b'}),
      message: /"a\/b" at offset 512 is below what is not a directory/,
    },
    {
      what: 'a file below a loop of its own layer',
      layer: raw({name: 'a', type: '2', linkName: 'a'}, {name: 'a/b'}),
      message: /is below what is not a directory/,
    },
    {what: 'a root that is a file', layer: raw({name: './'}), message: /is the root and no directory/},
    {what: 'an entry of a foreign type', layer: raw({name: 'a', type: 'V'}), message: /"a" at offset 0 is of type "V"/},
    {
      what: 'a hard link to a directory',
      layer: raw({name: 'a/', type: '5'}, {name: 'b', type: '1', linkName: 'a'}),
      message: /hard link to the directory "a"/,
    },
  ])('$what', async ({layer, message}) => {
    expect(await failure(rootFsOf([layer]).lookup('/x'))).toMatchObject({
      name: 'SourceError',
      message: expect.stringMatching(message),
    })
  })
})
