import {describe, expect, test} from '@jest/globals'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import {dir, file, gone, hard, link, opaque, peek, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure} from '../support/streams.ts'

/** Layers from the bottom, and what `/app` is. */
describe('a hard link is bound when its layer is put upon those below', () => {
  test.each<{what: string; layers: readonly TestLayer[]; app: string}>([
    // §4.4 1 and 2.
    {what: 'to a file of its layer', layers: [[file('bin/tool', 'tool'), hard('app', 'bin/tool')]], app: 'tool'},
    {what: 'to a file of a lower layer', layers: [[file('bin/tool', 'tool')], [hard('app', 'bin/tool')]], app: 'tool'},
    {
      what: 'to a file two layers below',
      layers: [[file('bin/tool', 'tool')], [file('x')], [hard('app', 'bin/tool')]],
      app: 'tool',
    },
    // §4.4 3.
    {
      what: 'to a file that comes again later in its layer',
      layers: [[file('tool', 'first'), hard('app', 'tool'), file('tool', 'second')]],
      app: 'first',
    },
    {
      what: 'to a file that an upper layer replaces',
      layers: [[file('tool', 'old'), hard('app', 'tool')], [file('tool', 'new')]],
      app: 'old',
    },
    {
      what: 'to a file that an upper layer takes away',
      layers: [[file('tool', 'old'), hard('app', 'tool')], [gone('tool')]],
      app: 'old',
    },
    {
      what: 'to a lower file that its own layer replaces before',
      layers: [[file('tool', 'old')], [file('tool', 'new'), hard('app', 'tool')]],
      app: 'new',
    },
    {
      what: 'to a lower file that its own layer replaces later',
      layers: [[file('tool', 'old')], [hard('app', 'tool'), file('tool', 'new')]],
      app: 'old',
    },
    {
      what: 'to a file that an upper layer makes a symlink back',
      layers: [[file('tool', 'old'), hard('app', 'tool')], [link('tool', 'app')]],
      app: 'old',
    },
    {
      what: 'to a lower file that its own layer takes away later',
      layers: [[file('tool', 'old')], [hard('app', 'tool'), gone('tool')]],
      app: 'old',
    },
    {
      what: 'to a lower file that its own layer makes a symlink back',
      layers: [[file('tool', 'old')], [hard('app', 'tool'), link('tool', 'app')]],
      app: 'old',
    },
    // §4.4 4.
    {what: 'to a hard link', layers: [[file('a', 'content'), hard('b', 'a'), hard('app', 'b')]], app: 'content'},
    {
      what: 'to hard links across layers',
      layers: [[file('a', 'content')], [hard('b', 'a')], [hard('app', 'b')]],
      app: 'content',
    },
    {what: 'to itself, which is there below', layers: [[file('app', 'below')], [hard('app', 'app')]], app: 'below'},
    {
      what: 'with an absolute target',
      layers: [
        {
          tar: buildTar([
            {name: 'tool', content: 'x'},
            {name: 'app', type: '1', linkName: '/tool'},
          ]),
        },
      ],
      app: 'x',
    },
    {
      what: 'with ./ before the target',
      layers: [
        {
          tar: buildTar([
            {name: './tool', content: 'x'},
            {name: './app', type: '1', linkName: './tool'},
          ]),
        },
      ],
      app: 'x',
    },
    {
      what: 'with a target that leads out of the root',
      layers: [
        {
          tar: buildTar([
            {name: 'tool', content: 'x'},
            {name: 'app', type: '1', linkName: '../../tool'},
          ]),
        },
      ],
      app: 'x',
    },
    {
      what: 'with a long target in PAX',
      layers: [
        {
          tar: buildTar([
            {name: 'x', content: 'x', pax: {path: 'l'.repeat(200)}},
            {name: 'app', type: '1', pax: {linkpath: 'l'.repeat(200)}},
          ]),
        },
      ],
      app: 'x',
    },
    // §4.4 5.
    {what: 'to a file that comes behind it', layers: [[hard('app', 'tool'), file('tool', 'later')]], app: 'later'},
    {
      what: 'to a hard link that comes behind it',
      layers: [[hard('app', 'a'), hard('a', 'tool'), file('tool', 'later')]],
      app: 'later',
    },
    // Symlinks.
    {
      what: 'to a symlink, which is then a symlink too',
      layers: [[file('tool', 'x'), link('soft', 'tool'), hard('app', 'soft')]],
      app: 'x',
    },
    {
      what: 'through a symlink of its layer',
      layers: [[file('usr/bin/tool', 'x'), link('bin', 'usr/bin'), hard('app', 'bin/tool')]],
      app: 'x',
    },
    {
      what: 'through a symlink of a lower layer',
      layers: [[file('usr/bin/tool', 'x'), link('bin', 'usr/bin')], [hard('app', 'bin/tool')]],
      app: 'x',
    },
    {
      what: 'over a whiteout of its own layer',
      layers: [[file('app', 'old')], [gone('app'), file('tool', 'new'), hard('app', 'tool')]],
      app: 'new',
    },
    {
      what: 'replaced by a file later',
      layers: [[file('tool', 'x'), hard('app', 'tool'), file('app', 'own')]],
      app: 'own',
    },
  ])('$what', async ({layers, app}) => {
    expect(await peek(rootFsOf(layers), '/app')).toBe(app)
  })

  test('through eight links that stand before their targets, and no more', async () => {
    const chain = (links: number) => Array.from({length: links}, (_, at) => hard(`l${at}`, `l${at + 1}`))
    const read = (links: number) => rootFsOf([[...chain(links), file(`l${links}`, 'content')]])
    expect(await peek(read(8), '/l0')).toBe('content')
    expect(await failure(peek(read(9), '/l0'))).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('"/l0" is a hard link to "l8", which is not there'),
    })
    // A walk through all of them ends at the first: it takes no longer for a million.
    expect(await failure(all(read(20_000).files()))).toMatchObject({code: 'malformed'})
  })

  test('to nothing, by links in a circle', async () => {
    const layers = [[hard('a', 'b'), hard('b', 'a')]]
    expect(await failure(all(rootFsOf(layers).files()))).toMatchObject({code: 'malformed'})
  })

  test('and its parents need no entries', async () => {
    expect(await peek(rootFsOf([[file('a', 'x'), hard('deep/in/app', 'a')]]), '/deep/in/app')).toBe('x')
  })

  test('has the attributes of the file and the layer of the link', async () => {
    const rootfs = rootFsOf([[{path: 'tool', content: 'four', mode: 0o4711, uid: 9, gid: 8}], [hard('app', 'tool')]])
    expect(await rootfs.lookup('/app')).toMatchObject({
      node: {path: '/app', kind: 'file', mode: 0o4711, uid: 9, gid: 8, size: 4, layer: 1},
    })
  })

  test('a symlink is seen itself in the whole tree', async () => {
    const rootfs = rootFsOf([[file('tool'), link('soft', 'tool')], [hard('app', 'soft')]])
    expect((await all(rootfs.files())).map(({path, kind, target}) => [path, kind, target])).toEqual([
      ['/app', 'symlink', 'tool'],
      ['/soft', 'symlink', 'tool'],
      ['/tool', 'file', undefined],
    ])
  })
})

describe('a hard link that cannot be bound is told when it is asked for', () => {
  test.each<{what: string; layers: readonly TestLayer[]; message: RegExp}>([
    {
      what: 'to nothing',
      layers: [[file('ok'), hard('app', 'none')]],
      message: /^layer 0 \(sha256:[0-9a-f]{64}\): "\/app" is a hard link to "none", which is not there$/,
    },
    {what: 'to itself', layers: [[file('ok'), hard('app', 'app')]], message: /hard link to "app", which is not there/},
    {what: 'in a circle', layers: [[file('ok'), hard('app', 'b'), hard('b', 'app')]], message: /which is not there/},
    {
      what: 'to what was taken away below',
      layers: [[file('tool'), file('ok')], [gone('tool')], [hard('app', 'tool')]],
      message: /which is not there/,
    },
    {
      what: 'to a lower file that its own layer takes away before',
      layers: [
        [file('tool'), file('ok')],
        [gone('tool'), hard('app', 'tool')],
      ],
      message: /which is not there/,
    },
    {
      what: 'to a lower file below a directory that its own layer takes away before',
      layers: [
        [file('a/tool'), file('ok')],
        [gone('a'), hard('app', 'a/tool')],
      ],
      message: /which is not there/,
    },
    {
      what: 'to a lower file in a directory that its own layer makes opaque before',
      layers: [
        [file('a/tool'), file('ok')],
        [opaque('a'), hard('app', 'a/tool')],
      ],
      message: /which is not there/,
    },
    {
      what: 'to a directory of a lower layer',
      layers: [[dir('tool'), file('ok')], [hard('app', 'tool')]],
      message: /which is a directory/,
    },
    {
      what: 'to a directory that comes behind it',
      layers: [[file('ok'), hard('app', 'tool'), dir('tool')]],
      message: /which is a directory/,
    },
  ])('$what', async ({layers, message}) => {
    const rootfs = rootFsOf(layers)
    expect(await peek(rootfs, '/ok')).toBe('ok')
    const expected = {name: 'SourceError', code: 'malformed', message: expect.stringMatching(message)}
    expect(await failure(rootfs.lookup('/app'))).toMatchObject(expected)
    expect(await failure(all(rootfs.files()))).toMatchObject(expected)
  })
})

// Engines chown, chmod and set the attributes of what an entry made, and a hard link is the file itself.
test.each([
  ['takes the execute bit away', 0o755, 0o644],
  ['gives the execute bit', 0o644, 0o755],
])('the entry of a hard link %s', async (_, before, after) => {
  const rootfs = rootFsOf([
    [
      {...file('tool'), mode: before},
      {...hard('app', 'tool'), mode: after, uid: 5},
    ],
  ])
  for (const path of ['/app', '/tool']) {
    expect(await rootfs.lookup(path)).toMatchObject({outcome: 'found', node: {mode: after, uid: 5}})
  }
})
