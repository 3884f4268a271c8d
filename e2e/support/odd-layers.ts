import {gzipSync, zstdCompressSync} from 'node:zlib'
import {dir, file, gone, hard, link, opaque} from '../../__tests__/support/layers.ts'
import {buildTarOf, type LayoutFile, type LayoutLayer} from '../../scripts/support/layout-builder.ts'
import {base256, buildTar, gnuLong, paxRecord, type TarItem, tarItem} from '../../scripts/support/tar-builder.ts'

/** Layers from the bottom. */
export type OddLayers = readonly (LayoutLayer | readonly LayoutFile[])[]

const raw = (...items: readonly TarItem[]): LayoutLayer => ({tar: buildTar(items)})
const entry = (name: TarItem['name'], content: string, more: Partial<TarItem> = {}): TarItem => ({
  name,
  content,
  ...more,
})
const ofBytes = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes)
/** As `git archive` writes it. */
const globalPax = (key: string, value: string): Buffer =>
  tarItem({name: 'pax_global_header', type: 'g', content: paxRecord(key, value)})
const LONG = `${'d'.repeat(90)}/${'e'.repeat(90)}/${'f'.repeat(120)}`

const halves = (tar: Uint8Array): readonly Uint8Array[] => [tar.subarray(0, 700), tar.subarray(700)]
const skippable = (text: string): Buffer => {
  const frame = Buffer.alloc(8)
  frame.writeUInt32LE(0x184d2a50, 0)
  frame.writeUInt32LE(Buffer.byteLength(text), 4)
  return Buffer.concat([frame, Buffer.from(text)])
}
const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip'
const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd'
const NONE = 'application/vnd.oci.image.layer.v1.tar'

const DOCKER = 'application/vnd.docker.image.rootfs.diff.tar'

/** A whole layer in ways of packing it, under media types that fit and that do not. */
const PACKED: readonly (readonly [string, string, (tar: Uint8Array) => Uint8Array])[] = [
  ['gzip of two members', GZIP, tar => Buffer.concat(halves(tar).map(half => gzipSync(half)))],
  ['gzip with an empty member', GZIP, tar => Buffer.concat([gzipSync(''), gzipSync(tar), gzipSync('')])],
  ['gzip with zeros behind', GZIP, tar => Buffer.concat([gzipSync(tar), Buffer.alloc(20)])],
  ['zstd of two frames', ZSTD, tar => Buffer.concat(halves(tar).map(half => zstdCompressSync(half)))],
  [
    'zstd with skippable frames',
    ZSTD,
    tar => Buffer.concat([skippable('1'), zstdCompressSync(tar), skippable(''), skippable('2')]),
  ],
  ['gzip under the media type of zstd', ZSTD, tar => gzipSync(tar)],
  ['zstd under the media type of gzip', GZIP, tar => zstdCompressSync(tar)],
  ['a plain tar under the media type of gzip', GZIP, tar => tar],
  ['a plain tar under the media type of zstd', ZSTD, tar => tar],
  ['gzip under the media type of a plain tar', NONE, tar => gzipSync(tar)],
  ['zstd under the media type of a plain tar', NONE, tar => zstdCompressSync(tar)],
  ['gzip under Docker’s media type', `${DOCKER}.gzip`, tar => gzipSync(tar)],
  ['zstd under Docker’s media type', `${DOCKER}.zstd`, tar => zstdCompressSync(tar)],
  [
    'a layer that may not be given on',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    tar => gzipSync(tar),
  ],
]

/** A tar of its own for each: engines do not unpack again what they have unpacked from another blob. */
function packed(what: string, mediaType: string, pack: (tar: Uint8Array) => Uint8Array): LayoutLayer {
  const tar = buildTarOf([file('a', what), file('b/c', mediaType), file('noise', 'noise '.repeat(5000))])
  return {tar, blob: pack(tar), mediaType}
}

/** Layers as some builder writes them, or none, and on which other readers of images came to grief. */
export const ODD_LAYERS: Readonly<Record<string, OddLayers>> = {
  'a hard link to a file of its layer': [[file('usr/tool', 'tool'), hard('app', 'usr/tool')]],
  'a hard link to a lower file': [[file('usr/tool', 'tool')], [hard('app', 'usr/tool')]],
  'a hard link two layers up': [[file('tool', 'tool')], [file('x')], [hard('app', 'tool')]],
  'a hard link to a file that comes again later in its layer': [
    [file('tool', '1'), hard('app', 'tool'), file('tool', '2')],
  ],
  'a hard link to a file that an upper layer replaces': [[file('tool', '1'), hard('app', 'tool')], [file('tool', '2')]],
  'a hard link to a file that an upper layer takes away': [[file('tool', '1'), hard('app', 'tool')], [gone('tool')]],
  'a hard link to a lower file that its layer replaces before': [
    [file('tool', '1')],
    [file('tool', '2'), hard('app', 'tool')],
  ],
  'a hard link to a lower file that its layer replaces later': [
    [file('tool', '1')],
    [hard('app', 'tool'), file('tool', '2')],
  ],
  'a hard link to a lower file that its layer takes away before': [
    [file('tool', '1')],
    [gone('tool'), hard('app', 'tool')],
  ],
  'a hard link to a lower file that its layer takes away later': [
    [file('tool', '1')],
    [hard('app', 'tool'), gone('tool')],
  ],
  'a hard link to a lower file below a directory that its layer takes away before': [
    [file('a/tool', '1')],
    [gone('a'), hard('app', 'a/tool')],
  ],
  'a hard link to a lower file that its layer makes opaque before': [
    [file('a/tool', '1')],
    [dir('a'), opaque('a'), hard('app', 'a/tool')],
  ],
  'a hard link, its target a symlink back above': [[file('tool', '1'), hard('app', 'tool')], [link('tool', 'app')]],
  'hard links in a chain': [[file('a', 'x'), hard('b', 'a'), hard('app', 'b')]],
  'hard links in a chain across layers': [[file('a', 'x')], [hard('b', 'a')], [hard('app', 'b')]],
  'a hard link to itself, which is there below': [[file('app', 'below')], [hard('app', 'app')]],
  'a hard link with an absolute target': [raw(entry('tool', 'x'), {name: 'app', type: '1', linkName: '/tool'})],
  'a hard link with ./ before': [raw(entry('./tool', 'x'), {name: './app', type: '1', linkName: './tool'})],
  'a hard link whose target leads out of the root': [
    raw(entry('tool', 'x'), {name: 'app', type: '1', linkName: '../../tool'}),
  ],
  'a hard link before its target': [[hard('app', 'tool'), file('tool', 'later')]],
  'a hard link to nothing': [[hard('app', 'none')]],
  'a hard link to a symlink': [[file('tool', 'x'), link('soft', 'tool'), hard('app', 'soft')]],
  'a hard link through a symlink of its layer': [
    [file('usr/bin/tool', 'x'), link('bin', 'usr/bin'), hard('app', 'bin/tool')],
  ],
  'a hard link through a symlink of a lower layer': [
    [file('usr/bin/tool', 'x'), link('bin', 'usr/bin')],
    [hard('app', 'bin/tool')],
  ],
  'a hard link whose folders have no entries': [
    raw(entry('tool', 'x'), {name: 'o/p/app', type: '1', linkName: 'tool'}),
  ],
  'a hard link over a lower file': [[file('app', 'old'), file('tool', 'new')], [hard('app', 'tool')]],
  'a hard link to a lower file, with another mode': [
    [{...file('tool', 'x'), mode: 0o644}],
    [{...hard('app', 'tool'), mode: 0o755, uid: 5}],
  ],
  'a whiteout of a file': [[file('a/x'), file('a/y')], [gone('a/x')]],
  'a whiteout of a directory': [[file('a/b/x'), file('c')], [gone('a/b')]],
  'a whiteout of a symlink': [[file('real'), link('soft', 'real')], [gone('soft')]],
  'a whiteout with ./ before': [[file('a/x')], raw({name: './a/.wh.x'})],
  'a whiteout of what is not there': [[file('a')], [gone('b'), gone('c/d')]],
  'a whiteout, and the file again above': [[file('a', '1')], [gone('a')], [file('a', '3')]],
  'a whiteout of a directory that comes again above': [
    [file('a/b/x')],
    [gone('a')],
    [dir('a'), dir('a/b'), file('a/b/y')],
  ],
  'a whiteout of a directory that comes again above without entries': [[file('a/b/x')], [gone('a')], [file('a/b/y')]],
  'a whiteout before its file in one layer': [[file('a', 'old')], [gone('a'), file('a', 'new')]],
  'a whiteout behind its file in one layer': [[file('a', 'old')], [file('a', 'new'), gone('a')]],
  'a whiteout behind its file, which no lower layer has': [[file('z')], [file('a', 'new'), gone('a')]],
  'a whiteout before its directory in one layer': [[file('a/old')], [gone('a'), file('a/new')]],
  'a whiteout behind its directory in one layer': [[file('a/old')], [file('a/new'), gone('a')]],
  'a whiteout, then its directory with an entry, in one layer': [[file('a/old')], [gone('a'), dir('a'), file('a/new')]],
  'a whiteout through a symlink of its layer': [[file('real/x')], [link('soft', 'real'), gone('soft/x')]],
  'a whiteout through a symlink of a lower layer': [[file('real/x'), link('soft', 'real')], [gone('soft/x')]],
  'a device 0, 0': [[file('a'), file('b')], raw({name: 'a', type: '3', device: [0, 0]})],
  'an opaque directory': [[file('a/x'), file('b')], [opaque('a')]],
  'an opaque directory, its entry before': [
    [file('a/x'), file('b')],
    [dir('a'), opaque('a')],
  ],
  'an opaque ancestor': [[file('a/b/c/x')], [opaque('a'), file('a/b/y')]],
  'an opaque mark before its content': [
    [file('a/x'), file('a/y')],
    [dir('a'), opaque('a'), file('a/x', 'new')],
  ],
  'an opaque mark behind its content': [
    [file('a/x'), file('a/y')],
    [dir('a'), file('a/x', 'new'), opaque('a')],
  ],
  'an opaque mark behind nested content': [
    [file('a/b/x'), file('a/b/y')],
    [dir('a'), dir('a/b'), file('a/b/x', 'new'), opaque('a')],
  ],
  'an opaque directory, and more above': [[file('a/1')], [opaque('a'), file('a/2')], [file('a/3')]],
  'an opaque root': [
    [file('a'), file('b/c')],
    [opaque(''), file('d')],
  ],
  'a bare .wh.': [[file('a/x')], raw({name: 'a/.wh.'})],
  '.wh... of the parent': [[file('a/x')], raw({name: 'a/.wh..'}, {name: 'a/.wh...'})],
  'what AUFS kept': [
    raw(
      {name: '.wh..wh.aufs'},
      {name: '.wh..wh.plnk/', type: '5'},
      entry('.wh..wh.plnk/1.2', 'linked'),
      {name: '.wh..wh.orph/', type: '5'},
      {name: 'app', type: '1', linkName: '.wh..wh.plnk/1.2'},
    ),
  ],
  'names with ?wh? in them': [[file('usr/bin/nowhere'), file('usr/bin/a.wh.b')], [file('usr/bin/somewhere')]],
  'a directory replaced by a file': [[file('a/x')], [file('a', 'file')]],
  'a directory replaced by a symlink': [[file('a/x'), file('b/x', 'b')], [link('a', 'b')]],
  'a directory replaced by a file and by a directory': [[file('a/x')], [file('a', 'file')], [file('a/y')]],
  'a file replaced by a directory': [[file('a', 'file')], [dir('a')]],
  'a file below a lower symlink': [[link('bin', 'usr/bin'), file('usr/bin/sh')], [file('bin/app')]],
  'a directory upon a lower symlink': [[link('bin', 'usr/bin'), file('usr/bin/sh')], [dir('bin')]],
  'a directory and a file upon a lower symlink': [
    [link('bin', 'usr/bin'), file('usr/bin/sh')],
    [dir('bin'), file('bin/app')],
  ],
  'a file below a symlink of its layer': [[link('bin', 'usr/bin'), file('bin/app')]],
  'a file below an absolute symlink of its layer': [[dir('usr'), link('lib', '/usr/lib'), file('lib/so')]],
  'a file below a symlink that leads out of the root': [[link('out', '../../../opt'), file('out/passwd')]],
  'a directory upon a symlink of its layer': [[link('bin', 'usr/bin'), dir('bin'), file('bin/app')]],
  'a file below a file': [raw(entry('a', 'x'), entry('a/b', 'y'))],
  'a file twice': [[file('a', 'first'), file('a', 'last')]],
  'a file, then a directory of its name': [[file('a', 'first'), dir('a')]],
  'a directory twice': [[dir('a', 0o700), file('a/x'), dir('a', 0o755)]],
  'a file upon a directory of its layer': [[file('a/x'), file('a', 'file')]],
  'a symlink upon a file of its layer': [[file('a', 'x'), link('a', 'b')]],
  'directories without entries': [[file('p/q/r')]],
  'directories that only the upper layer describes': [[file('p/q')], [dir('p', 0o700)]],
  'directories whose mode an upper layer leaves unsaid': [[dir('p', 0o700), file('p/q')], [file('p/r')]],
  'modes and owners': [
    [
      {...file('suid', 's'), mode: 0o4755, uid: 1000, gid: 50},
      {...file('none', 'n'), mode: 0},
      {...dir('sticky', 0o1777)},
      {...link('soft', 'suid'), uid: 7},
    ],
  ],
  'names with ./, // and .. inside': [
    raw(entry('./a/./b', '1'), entry('c//d', '2'), entry('e/../f', '3'), {name: './', type: '5'}),
  ],
  'names with a slash at the start': [raw(entry('/a', '1'), entry('//b/c', '2'))],
  'names that lead out of the root': [raw(entry('../../g', '4'), entry('h', '5'))],
  'a name of 301 bytes, in PAX': [raw(entry('short', 'x', {pax: {path: LONG}}))],
  'a name of 301 bytes, as GNU has it': [{tar: Buffer.concat([gnuLong('L', LONG), buildTar([entry('short', 'x')])])}],
  'a symlink to 200 bytes, in PAX and as GNU has it': [
    {
      tar: Buffer.concat([
        tarItem({name: 'one', type: '2', pax: {linkpath: 't'.repeat(200)}}),
        gnuLong('K', 'u'.repeat(200)),
        buildTar([{name: 'two', type: '2', linkName: 'u'.repeat(100)}]),
      ]),
    },
  ],
  'a size in PAX': [raw(entry('a', 'content', {size: 0, pax: {size: '7'}}), entry('b', 'x'))],
  'owners in PAX': [raw(entry('a', 'x', {pax: {uid: '70000', gid: '80000'}}))],
  'a global PAX header with a comment': [
    {tar: Buffer.concat([globalPax('comment', 'of git'), buildTar([entry('a', 'x')])])},
  ],
  'a global PAX header with owners': [
    {tar: Buffer.concat([globalPax('uid', '77'), buildTar([entry('a', 'x'), entry('b', 'y')])])},
  ],
  'a number in base 256': [raw(entry('a', 'x', {patch: block => base256(block, 108, 8, 3_000_000n)}))],
  'names that are no UTF-8': [raw(entry(ofBytes(0x61, 0xfc), 'latin'), entry(ofBytes(0xfc), 'other'))],
  'a whiteout of a name that is no UTF-8': [
    raw(entry(ofBytes(0x61, 0xfc), 'latin'), entry('b', 'x')),
    raw({name: ofBytes(0x2e, 0x77, 0x68, 0x2e, 0x61, 0xfc)}),
  ],
  'a symlink to what is no UTF-8': [raw({name: 'soft', type: '2', linkName: ofBytes(0x61, 0xfc)})],
  'v7 headers': [raw({name: 'd/', format: 'v7', type: '\0'}, entry('d/f', 'x', {format: 'v7', type: '\0'}))],
  'a prefix of ustar': [raw(entry('name', 'x', {prefix: 'pre/fix'}))],
  'a link with a size': [raw(entry('b', 'x'), {name: 'a', type: '1', linkName: 'b', size: 5000}, entry('c', 'x'))],
  'an old GNU sparse file': [raw(oldSparse('app'))],
  'devices and a FIFO': [
    raw({name: 'tty', type: '3', device: [5, 0]}, {name: 'loop', type: '4', device: [7, 0]}, {name: 'pipe', type: '6'}),
  ],
  'no end of archive': [{tar: tarItem(entry('a', 'x'))}],
  'one zero block at the end': [{tar: Buffer.concat([tarItem(entry('a', 'x')), Buffer.alloc(512)])}],
  'junk behind the end': [{tar: Buffer.concat([buildTar([entry('a', 'x')]), Buffer.from('junk'.repeat(300))])}],
  'a type that is none': [raw(entry('a', 'x'), {name: 'v', type: 'V'}, entry('b', 'x'))],
  'an empty layer: zero blocks': [raw(), [file('a')]],
  'an empty layer: gzip of nothing': [{tar: new Uint8Array()}, [file('a')]],
  'one layer twice': [[file('a', '1')], [file('b')], [file('a', '1')]],
  'one layer again above its whiteout': [[file('a', '1')], [gone('a')], [file('a', '1')]],
  eStargz: [stargz()],
  ...Object.fromEntries(PACKED.map(([what, mediaType, pack]) => [what, [packed(what, mediaType, pack)]])),
}

/** GNU's oldest sparse format: 3 bytes at 0, 3 at 600, 700 in all; the map stands in the header. */
function oldSparse(name: string): TarItem {
  const field = (block: Buffer, at: number, value: number): void =>
    void block.write(`${value.toString(8).padStart(11, '0')}\0`, at, 'latin1')
  return {
    name,
    type: 'S',
    format: 'gnu',
    content: 'abcxyz',
    patch: block => {
      field(block, 386, 0)
      field(block, 398, 3)
      field(block, 410, 600)
      field(block, 422, 3)
      block[482] = 0
      field(block, 483, 700)
    },
  }
}

/**
 * eStargz: a gzip member for each entry, one for the table of contents, and a footer that is an empty one, its place in
 * the Extra field. https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md
 */
function stargz(): LayoutLayer {
  const entries = [
    entry('.no.prefetch.landmark', '\x0f'),
    entry('bin/', '', {type: '5'}),
    entry('bin/app', 'of the tar'),
  ]
  const parts = entries.map(item => tarItem(item))
  // What it says of the file is a lie: engines that know nothing of it read the tar.
  const toc = JSON.stringify({version: 1, entries: [{name: 'bin/app', type: 'reg', size: 10, digest: 'sha256:0'}]})
  parts.push(buildTar([entry('stargz.index.json', toc)]))
  const members = parts.map(part => gzipSync(part))
  const offset = members.slice(0, -1).reduce((sum, {length}) => sum + length, 0)
  const field = Buffer.from(`SG\x16\0${offset.toString(16).padStart(16, '0')}STARGZ`, 'latin1')
  const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, field.length, 0])
  const nothing = Buffer.from([1, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0])
  return {tar: Buffer.concat(parts), blob: Buffer.concat([...members, header, field, nothing])}
}
