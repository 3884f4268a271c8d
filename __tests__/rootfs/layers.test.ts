import {describe, expect, test} from '@jest/globals'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {dir, file, gone, link, opaque, peek, rootFsOf, type TestLayer, treeOf} from '../support/layers.ts'

const raw = (...items: readonly TarItem[]): TestLayer => ({tar: buildTar(items)})

/** Layers from the bottom, and all that is seen of them. */
const CASES: readonly {what: string; layers: readonly TestLayer[]; tree: Readonly<Record<string, string>>}[] = [
  {what: 'no layer at all', layers: [], tree: {}},
  {what: 'an empty layer: two zero blocks', layers: [raw()], tree: {}},
  {what: 'an empty layer: no bytes', layers: [{blob: new Uint8Array()}], tree: {}},
  {what: 'an empty layer: gzip of no bytes', layers: [{tar: new Uint8Array()}], tree: {}},
  {
    what: 'the same layer twice',
    layers: [[file('a')], [file('a')]],
    tree: {'/a': 'a'},
  },
  {
    what: 'an upper file covers a lower one',
    layers: [[file('app', 'old'), file('other')], [file('app', 'new')]],
    tree: {'/app': 'new', '/other': 'other'},
  },
  {
    what: 'directories are merged',
    layers: [[file('usr/bin/a'), file('usr/lib/b')], [file('usr/bin/c')]],
    tree: {
      '/usr': 'dir',
      '/usr/bin': 'dir',
      '/usr/bin/a': 'usr/bin/a',
      '/usr/bin/c': 'usr/bin/c',
      '/usr/lib': 'dir',
      '/usr/lib/b': 'usr/lib/b',
    },
  },
  // §4.4 9: whiteouts.
  {what: 'whiteout of a file', layers: [[file('a/x'), file('a/y')], [gone('a/x')]], tree: {'/a': 'dir', '/a/y': 'a/y'}},
  {
    what: 'whiteout of a directory',
    layers: [[file('a/b/x'), file('c')], [gone('a/b')]],
    tree: {'/a': 'dir', '/c': 'c'},
  },
  {
    what: 'whiteout of a symlink itself, not of its target',
    layers: [[file('real'), link('soft', 'real')], [gone('soft')]],
    tree: {'/real': 'real'},
  },
  {
    what: 'whiteout with ./ before it',
    layers: [[file('a/x')], raw({name: './a/.wh.x'})],
    tree: {'/a': 'dir'},
  },
  {
    what: 'whiteout of what is not there',
    layers: [[file('a')], [gone('b'), gone('c/d')]],
    tree: {'/a': 'a', '/c': 'dir'},
  },
  {
    what: 'whiteout, and the file again above',
    layers: [[file('a', '1')], [gone('a')], [file('a', '3')]],
    tree: {'/a': '3'},
  },
  {
    what: 'whiteout of a directory, and the directory again above',
    layers: [[file('a/b/x')], [gone('a')], [file('a/b/y')]],
    tree: {'/a': 'dir', '/a/b': 'dir', '/a/b/y': 'a/b/y'},
  },
  {
    what: 'whiteout before a file of its name in its layer: the file stays',
    layers: [[file('a', 'old')], [gone('a'), file('a', 'new')]],
    tree: {'/a': 'new'},
  },
  {
    what: 'whiteout behind a file of its name in its layer: the file stays',
    layers: [[file('a', 'old')], [file('a', 'new'), gone('a')]],
    tree: {'/a': 'new'},
  },
  {
    what: 'whiteout and a directory of its name in its layer: nothing of below is left',
    layers: [[file('a/old')], [gone('a'), file('a/new')]],
    tree: {'/a': 'dir', '/a/new': 'a/new'},
  },
  {
    what: 'the same in the other order',
    layers: [[file('a/old')], [file('a/new'), gone('a')]],
    tree: {'/a': 'dir', '/a/new': 'a/new'},
  },
  {
    what: 'whiteout through a symlink of its own layer',
    layers: [[file('real/x')], [link('soft', 'real'), gone('soft/x')]],
    tree: {'/real': 'dir', '/soft': '-> real'},
  },
  {
    what: 'whiteout as overlayfs itself writes it: a device 0, 0',
    layers: [
      [file('a'), file('b')],
      raw({name: 'a', type: '3', device: [0, 0]}, {name: 'tty', type: '3', device: [5, 0]}),
    ],
    tree: {'/b': 'b', '/tty': 'character-device'},
  },
  // §4.4 10: opaque directories.
  {what: 'opaque directory', layers: [[file('a/x'), file('b')], [opaque('a')]], tree: {'/a': 'dir', '/b': 'b'}},
  {
    what: 'opaque ancestor',
    layers: [[file('a/b/c/x')], [opaque('a'), file('a/b/y')]],
    tree: {'/a': 'dir', '/a/b': 'dir', '/a/b/y': 'a/b/y'},
  },
  {
    what: 'opaque before its own content',
    layers: [
      [file('a/x'), file('a/y')],
      [opaque('a'), file('a/x', 'new')],
    ],
    tree: {'/a': 'dir', '/a/x': 'new'},
  },
  {
    what: 'opaque behind its own content',
    layers: [
      [file('a/x'), file('a/y')],
      [file('a/x', 'new'), opaque('a')],
    ],
    tree: {'/a': 'dir', '/a/x': 'new'},
  },
  {
    what: 'opaque, and more above',
    layers: [[file('a/1')], [opaque('a'), file('a/2')], [file('a/3')]],
    tree: {'/a': 'dir', '/a/2': 'a/2', '/a/3': 'a/3'},
  },
  {
    what: 'opaque root',
    layers: [
      [file('a'), file('b/c')],
      [opaque(''), file('d')],
    ],
    tree: {'/d': 'd'},
  },
  // §4.4 11: names that only look like whiteouts, and what AUFS left.
  {
    what: 'bare .wh. and .wh... name nothing',
    layers: [[file('a/x')], raw({name: 'a/.wh.'}, {name: 'a/.wh..'}, {name: 'a/.wh...'}, {name: '.wh.'})],
    tree: {'/a': 'dir', '/a/x': 'a/x'},
  },
  {
    what: 'what AUFS kept beside the files is not seen',
    layers: [
      raw(
        {name: '.wh..wh.aufs'},
        {name: '.wh..wh.plnk/', type: '5'},
        {name: '.wh..wh.plnk/1.2', content: 'linked'},
        {name: '.wh..wh.orph/', type: '5'},
        {name: 'app', type: '1', linkName: '.wh..wh.plnk/1.2'},
      ),
    ],
    tree: {'/app': 'linked'},
  },
  // §4.4 12.
  {
    what: 'names with ?wh? in them are ordinary',
    layers: [[file('usr/bin/nowhere'), file('usr/bin/a.wh.b'), file('where')], [file('usr/bin/somewhere')]],
    tree: {
      '/usr': 'dir',
      '/usr/bin': 'dir',
      '/usr/bin/a.wh.b': 'usr/bin/a.wh.b',
      '/usr/bin/nowhere': 'usr/bin/nowhere',
      '/usr/bin/somewhere': 'usr/bin/somewhere',
      '/where': 'where',
    },
  },
  // §4.4 13: replacement without a whiteout.
  {what: 'a directory replaced by a file', layers: [[file('a/x')], [file('a', 'file')]], tree: {'/a': 'file'}},
  {
    what: 'a directory replaced by a symlink',
    layers: [[file('a/x'), file('b/x', 'b')], [link('a', 'b')]],
    tree: {'/a': '-> b', '/b': 'dir', '/b/x': 'b'},
  },
  {
    what: 'a directory replaced by a file and by a directory again',
    layers: [[file('a/x')], [file('a', 'file')], [file('a/y')]],
    tree: {'/a': 'dir', '/a/y': 'a/y'},
  },
  {what: 'a file replaced by a directory', layers: [[file('a', 'file')], [dir('a')]], tree: {'/a': 'dir'}},
  // §4.4 6 and 7: symlinked parents across layers.
  {
    what: 'a file below a lower symlink is in a directory that hides it, as on overlayfs',
    layers: [[link('bin', 'usr/bin'), file('usr/bin/sh')], [file('bin/app')]],
    tree: {'/bin': 'dir', '/bin/app': 'bin/app', '/usr': 'dir', '/usr/bin': 'dir', '/usr/bin/sh': 'usr/bin/sh'},
  },
  {
    what: 'a directory entry upon a lower symlink hides it, as on overlayfs',
    layers: [[link('bin', 'usr/bin'), file('usr/bin/sh')], [dir('bin')]],
    tree: {'/bin': 'dir', '/usr': 'dir', '/usr/bin': 'dir', '/usr/bin/sh': 'usr/bin/sh'},
  },
  {
    what: 'a file below a symlink of its own layer goes through it',
    layers: [
      [link('bin', 'usr/bin'), file('bin/app')],
      [link('lib', '/usr/lib'), file('lib/so')],
    ],
    tree: {
      '/bin': '-> usr/bin',
      '/lib': '-> /usr/lib',
      '/usr': 'dir',
      '/usr/bin': 'dir',
      '/usr/bin/app': 'bin/app',
      '/usr/lib': 'dir',
      '/usr/lib/so': 'lib/so',
    },
  },
  {
    what: 'a file below a symlink that leads out of the root stays in it',
    layers: [[link('out', '../../../etc'), file('out/passwd')]],
    tree: {'/etc': 'dir', '/etc/passwd': 'out/passwd', '/out': '-> ../../../etc'},
  },
  {
    what: 'a directory entry upon a symlink of its own layer replaces it',
    layers: [[link('bin', 'usr/bin'), dir('bin'), file('bin/app')]],
    tree: {'/bin': 'dir', '/bin/app': 'bin/app'},
  },
  // §4.4 14: duplicates.
  {
    what: 'the last of two entries of one name',
    layers: [[file('a', 'first'), file('a', 'last')]],
    tree: {'/a': 'last'},
  },
  {
    what: 'a directory given twice keeps what is in it',
    layers: [[dir('a'), file('a/x'), dir('a')]],
    tree: {'/a': 'dir', '/a/x': 'a/x'},
  },
  {
    what: 'a file upon a directory of its own layer takes its content away',
    layers: [[file('a/x'), file('a', 'file')]],
    tree: {'/a': 'file'},
  },
  // Names.
  {
    what: 'names with ./, //, .. and a slash at the start',
    layers: [
      raw(
        {name: './a/./b', content: '1'},
        {name: '/c//d', content: '2'},
        {name: 'e/../f', content: '3'},
        {name: '../../g', content: '4'},
        {name: './', type: '5'},
      ),
    ],
    tree: {'/a': 'dir', '/a/b': '1', '/c': 'dir', '/c/d': '2', '/f': '3', '/g': '4'},
  },
  {
    what: 'names that are no UTF-8',
    layers: [
      raw({name: Buffer.from([0x61, 0xfc]), content: 'latin'}),
      raw({name: Buffer.from([0x2e, 0x77, 0x68, 0x2e, 0x61, 0xfc])}, {name: Buffer.from([0xfc]), content: 'other'}),
    ],
    tree: {'/\udcfc': 'other'},
  },
  {
    what: 'names as those of all objects',
    layers: [[file('__proto__/constructor', 'x'), file('toString', 'y')]],
    tree: {'/__proto__': 'dir', '/__proto__/constructor': 'x', '/toString': 'y'},
  },
]

describe.each(CASES)('$what', ({layers, tree}) => {
  test('in the whole tree', async () => {
    const found = await treeOf(rootFsOf(layers))
    expect(Object.entries(found)).toEqual(Object.entries(tree))
  })

  test('and path by path', async () => {
    const rootfs = rootFsOf(layers)
    for (const [path, content] of Object.entries(tree)) {
      if (!content.startsWith('-> ')) expect({path, content: await peek(rootfs, path)}).toEqual({path, content})
    }
    const all = layers
      .flatMap(layer => ('length' in layer ? layer : (layer.files ?? [])))
      .flatMap(({path}) => (path === '' ? [] : [`/${path}`]))
    for (const path of all.filter(path => !Object.keys(tree).some(there => path.startsWith(there)))) {
      expect(await peek(rootfs, path)).toMatch(/^(missing|not-a-directory)$/)
    }
  })
})
