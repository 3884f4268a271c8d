import {describe, expect, test} from '@jest/globals'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {dir, file, gone, hard, link, opaque, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure} from '../support/streams.ts'

const raw = (...items: readonly TarItem[]): TestLayer => ({tar: buildTar(items)})

async function refusalsOf(layers: readonly TestLayer[]): Promise<readonly string[]> {
  const rootfs = rootFsOf(layers)
  await all(rootfs.files())
  return rootfs.refusals().map(({by, problem}) => `${by}: ${problem}`)
}

describe('what engines do not unpack is said, and read all the same', () => {
  test.each<{what: string; layers: readonly TestLayer[]; refusals: readonly string[]}>([
    {
      what: 'nothing odd',
      layers: [
        [file('tool'), hard('app', 'tool')],
        [gone('tool'), file('app')],
      ],
      refusals: [],
    },
    {
      what: 'a hard link to a file of a lower layer',
      layers: [[file('tool')], [hard('app', 'tool')]],
      refusals: [
        'both: layer 1: tar entry "app" at offset 0 is a hard link to "tool", which the layer itself does not have before it',
      ],
    },
    {
      what: 'a hard link before its target',
      layers: [[hard('app', 'tool'), file('tool')]],
      refusals: [expect.stringMatching(/^both: .*"app".*"tool"/)] as never,
    },
    {
      what: 'a file twice',
      layers: [[file('a'), file('a')]],
      refusals: [expect.stringMatching(/^classic: .*"a" .* had before$/)] as never,
    },
    {
      what: 'a directory twice',
      layers: [[dir('a'), file('a/b'), dir('a')]],
      refusals: [expect.stringMatching(/^classic: .*"a\/" /)] as never,
    },
    {what: 'a directory described behind its content', layers: [[file('a/b'), dir('a')]], refusals: []},
    {
      what: 'a symlink upon a file',
      layers: [[file('a'), link('a', 'b')]],
      refusals: [expect.stringMatching(/^classic: /)] as never,
    },
    {
      what: 'a name that leads out of the root',
      layers: [raw({name: 'a/../../b', content: 'x'})],
      refusals: ['classic: layer 0: tar entry "a/../../b" at offset 0 leads out of the root'],
    },
    {what: 'a name with .. that stays', layers: [raw({name: 'a/../b', content: 'x'})], refusals: []},
    {
      what: 'a whiteout behind its own file',
      layers: [[file('a')], [file('a'), gone('a')]],
      refusals: [expect.stringMatching(/^both: layer 1: .*".wh.a" .* a whiteout of what its own layer has/)] as never,
    },
    {
      what: 'a whiteout twice',
      layers: [[file('a')], [gone('a'), gone('a')]],
      refusals: [expect.stringMatching(/^both: layer 1: .*".wh.a" .* twice$/)] as never,
    },
    {
      what: 'an opaque mark twice',
      layers: [[file('a/b')], [opaque('a'), opaque('a')]],
      refusals: [expect.stringMatching(/^classic: layer 1: .* twice$/)] as never,
    },
    {what: 'a whiteout before its own file', layers: [[file('a')], [gone('a'), file('a')]], refusals: []},
    {
      what: 'a file below a whiteout of its layer',
      layers: [[file('a/b')], [gone('a'), file('a/c')]],
      refusals: [expect.stringMatching(/^both: layer 1: .*"a\/c" .* below a whiteout/)] as never,
    },
    {
      what: 'a file in the place of a described directory',
      layers: [[dir('a/b'), file('a')]],
      refusals: [expect.stringMatching(/^both: layer 0: .*"a" .* takes the place/)] as never,
    },
    {what: 'a file in the place of an implied directory', layers: [[file('a/b'), file('a')]], refusals: []},
    {
      what: 'an opaque mark behind directories without entries',
      layers: [[file('a/b/c'), opaque('a')]],
      refusals: [expect.stringMatching(/^containerd: /)] as never,
    },
    {what: 'an opaque mark before its content', layers: [[opaque('a'), file('a/b/c')]], refusals: []},
    {
      what: 'gzip under the media type of a plain tar',
      layers: [{files: [file('a')], mediaType: 'application/vnd.oci.image.layer.v1.tar'}],
      refusals: ['containerd: layer 0: it is gzip under the media type application/vnd.oci.image.layer.v1.tar'],
    },
    {
      what: 'a hard link out of the root',
      layers: [raw({name: 'app', content: 'x'}, {name: 'l', type: '1', linkName: '../app'})],
      refusals: [expect.stringMatching(/^classic: .*links to "..\/app", out of the root/)] as never,
    },
  ])('$what', async ({layers, refusals}) => {
    expect(await refusalsOf(layers)).toEqual(refusals)
  })

  test('the first of each kind is enough', async () => {
    expect(
      await refusalsOf([raw(...Array.from({length: 50}, (_, at) => ({name: `../${at}`, content: 'x'})))]),
    ).toHaveLength(1)
  })
})

describe('what no file system of Linux takes is malformed', () => {
  const long = (length: number): string => `${'d/'.repeat(length / 2 - 1)}ff`.slice(0, length)
  test.each<{what: string; item: TarItem; problem: RegExp | undefined}>([
    {what: 'a name of 255 bytes', item: {name: 'x', pax: {path: 'n'.repeat(255)}}, problem: undefined},
    {
      what: 'a name of 256 bytes',
      item: {name: 'x', pax: {path: `a/${'n'.repeat(256)}`}},
      problem: /a name of 256 bytes/,
    },
    {
      what: 'a name of 86 characters of three bytes',
      item: {name: 'x', pax: {path: '\u20ac'.repeat(86)}},
      problem: /258 bytes/,
    },
    {what: 'a path of 4095 bytes', item: {name: 'x', pax: {path: long(4095)}}, problem: undefined},
    {what: 'a path of 4096 bytes', item: {name: 'x', pax: {path: long(4096)}}, problem: /a path of 4096 bytes/},
    {
      what: 'a symlink to 4095 bytes',
      item: {name: 'x', type: '2', pax: {linkpath: 't'.repeat(4095)}},
      problem: undefined,
    },
    {
      what: 'a symlink to 4096 bytes',
      item: {name: 'x', type: '2', pax: {linkpath: 't'.repeat(4096)}},
      problem: /has a target of 4096 bytes, and Linux takes less than 4 KiB \(limit path-bytes\)/,
    },
    {what: 'a symlink to nothing', item: {name: 'x', type: '2'}, problem: /a symlink to nothing/},
  ])('$what', async ({item, problem}) => {
    const rootfs = rootFsOf([raw(item)])
    if (problem === undefined) expect(await all(rootfs.files())).not.toEqual([])
    else
      expect(await failure(all(rootfs.files()))).toMatchObject({
        code: 'malformed',
        message: expect.stringMatching(problem),
      })
  })
})

describe('what fuzzing found', () => {
  const dots = 'a/../'.repeat(800)
  const chain = Array.from({length: 250}, (_, at): TarItem => {
    return {name: 'x', type: '2', pax: {path: `l${at}`, linkpath: `${dots}l${at + 1}`}}
  })
  const through = (count: number) => Array.from({length: count}, (_, at): TarItem => ({name: `l0/${at}/x`}))
  const below = (count: number) => Array.from({length: count}, (_, at): TarItem => ({name: `d/${at}`}))
  const marks = (count: number) => Array.from({length: count}, (): TarItem => ({name: 'd/.wh..wh..opq'}))

  test.each<{what: string; items: readonly TarItem[]; problem: {code: string; message: RegExp} | undefined}>([
    {
      what: 'a directory of 255 bytes in the target of a symlink',
      items: [{name: 'x', type: '2', pax: {linkpath: 'n'.repeat(255)}}, {name: 'x/a'}],
      problem: undefined,
    },
    {
      what: 'a directory of 256 bytes in the target of a symlink',
      items: [{name: 'x', type: '2', pax: {linkpath: `a/${'\u00ed'.repeat(128)}`}}, {name: 'x/a'}],
      problem: {code: 'malformed', message: /"x\/a" at offset 1536 goes through a name of 256 bytes/},
    },
    {
      what: 'a few files through many symlinks of many names',
      items: [{name: 'a/', type: '5'}, ...chain, {name: 'l250/', type: '5'}, ...through(20)],
      problem: undefined,
    },
    {
      what: 'many files through many symlinks of many names',
      items: [{name: 'a/', type: '5'}, ...chain, {name: 'l250/', type: '5'}, ...through(40)],
      problem: {code: 'unsupported', message: /"l0\/\d+\/x" at offset \d+ takes its layer over 10,000,000 steps/},
    },
    {
      what: 'many hard links through many symlinks',
      items: [
        ...chain,
        {name: 'a/', type: '5'},
        ...through(40).map(({name}) => ({name: `h${name}`, type: '1', linkName: name})),
      ],
      problem: {code: 'unsupported', message: /takes its layer over 10,000,000 steps/},
    },
    {
      what: 'many opaque marks upon many files',
      items: [...below(4000), ...marks(3000)],
      problem: {
        code: 'unsupported',
        message: /"d\/\.wh\.\.wh\.\.opq" at offset \d+ takes its layer over 10,000,000 steps/,
      },
    },
  ])('$what', async ({items, problem}) => {
    const rootfs = rootFsOf([{tar: buildTar(items), compression: 'none'}])
    if (problem === undefined) expect(await all(rootfs.files())).not.toEqual([])
    else {
      expect(await failure(all(rootfs.files()))).toMatchObject({
        code: problem.code,
        message: expect.stringMatching(problem.message),
      })
    }
  })
})
