import {gzipSync} from 'node:zlib'
import {describe, expect, test} from '@jest/globals'
import {layerBytes} from '../../scripts/support/layout-builder.ts'
import {SourceError} from '../../src/errors.ts'
import {type LayerBlob, layeredRootFs} from '../../src/rootfs/index.ts'
import {provenBlobs} from '../../src/source/blobs/proven-blobs.ts'
import {dir, file, gone, hard, layerBlobOf, link, opaque, peek, rootFsOf, type TestLayer} from '../support/layers.ts'
import {all, failure, inChunks, watched} from '../support/streams.ts'

describe('layers are read from the top, and only those that a question reaches', () => {
  const base = [file('bin/sh'), file('app', 'old'), file('etc/passwd')]

  test.each<{what: string; layers: readonly TestLayer[]; path: string; passes: readonly number[]}>([
    {what: 'a file of the top layer', layers: [base, [file('app')]], path: '/app', passes: [1]},
    {
      what: 'a file deep in the top layer',
      layers: [base, [file('usr/local/bin/app')]],
      path: '/usr/local/bin/app',
      passes: [1],
    },
    {what: 'a file of the lowest layer', layers: [base, [file('x')], [file('y')]], path: '/bin/sh', passes: [2, 1, 0]},
    {
      what: 'a file that a whiteout takes away',
      layers: [base, [gone('app')], [file('y')]],
      path: '/app',
      passes: [2, 1],
    },
    {what: 'what is not in an opaque directory', layers: [base, [opaque('bin')]], path: '/bin/sh', passes: [1]},
    {what: 'what is below a file', layers: [base, [file('bin')]], path: '/bin/sh', passes: [1]},
    {
      what: 'what is below a directory that replaced a file',
      layers: [base, [file('bin')], [dir('bin')]],
      path: '/bin/sh',
      passes: [2, 1],
    },
    {
      what: 'a symlink within the top layer',
      layers: [base, [file('opt/app'), link('app', 'opt/app')]],
      path: '/app',
      passes: [1],
    },
    {
      what: 'a symlink to a lower layer',
      layers: [base, [file('z')], [link('run', '/bin/sh')]],
      path: '/run',
      passes: [2, 1, 0],
    },
    {
      what: 'a hard link within the top layer',
      layers: [base, [file('x'), hard('app', 'x')]],
      path: '/app',
      passes: [1],
    },
    {what: 'a path that is too long', layers: [base], path: `/${'x'.repeat(4095)}`, passes: []},
  ])('$what', async ({layers, path, passes}) => {
    const rootfs = rootFsOf(layers)
    await rootfs.lookup(path)
    expect(rootfs.passes).toEqual(passes)
  })

  test('nothing is read before a question', () => {
    expect(rootFsOf([base, base]).passes).toEqual([])
  })

  test('and each only once, whatever is asked at the same time', async () => {
    const rootfs = rootFsOf([base, [file('x')]])
    await Promise.all(['/app', '/bin/sh', '/x', '/none', '/etc/passwd'].map(path => rootfs.lookup(path)))
    await Promise.all([all(rootfs.files()), all(rootfs.files())])
    expect(rootfs.passes).toEqual([1, 0])
  })
})

describe('a layer', () => {
  const {blob} = layerBytes({files: [file('app')]})
  const streamOf = (bytes: Uint8Array): LayerBlob => ({...layerBlobOf(blob), stream: () => inChunks(bytes)})

  test('is read to its end, so that its digest is proven', async () => {
    const padded = Buffer.concat([gzipSync(layerBytes({files: [file('app')]}).tar), Buffer.alloc(50_000)])
    const {chunks, seen} = watched(padded)
    await layeredRootFs([{...layerBlobOf(blob), stream: () => chunks}]).lookup('/app')
    expect(seen).toEqual({given: padded.length, ended: true})
  })

  test('that is not what its digest says is said to be that, whatever else is wrong with it', async () => {
    const {digest} = layerBlobOf(blob)
    const blobs = provenBlobs({
      stream: () => inChunks(Buffer.from('<html>'.repeat(200))),
      probe: async () => undefined,
      close: async () => undefined,
    })
    const stream = () => blobs.stream({mediaType: '', digest, size: 1200, annotations: {}}, 'layer')
    expect(await failure(layeredRootFs([{...layerBlobOf(blob), stream}]).lookup('/app'))).toMatchObject({
      code: 'digest-mismatch',
    })
  })

  test.each([
    {
      what: 'no tar',
      bytes: Buffer.from('<html>'.repeat(200)),
      code: 'malformed',
      message: 'tar header at offset 0: the checksum is wrong',
    },
    {
      what: 'gzip that is cut off',
      bytes: Buffer.from(blob.subarray(0, -9)),
      code: 'malformed',
      message: 'gzip stream: unexpected end of file',
    },
    {
      what: 'xz',
      bytes: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2, 3, 4]),
      code: 'unsupported',
      message: 'compressed with xz, which is not read',
    },
  ])('that is $what tells which one it is', async ({bytes, code, message}) => {
    const {digest} = layerBlobOf(blob)
    const rootfs = layeredRootFs([layerBlobOf(blob), streamOf(bytes)])
    const expected = {name: 'SourceError', code, message: `layer 1 (${digest}): ${message}`}
    expect(await failure(rootfs.lookup('/app'))).toMatchObject(expected)
    expect(await failure(rootfs.lookup('/app'))).toMatchObject(expected)
    expect(await failure(all(rootfs.files()))).toMatchObject(expected)
  })

  test.each(['', '+gzip', '+zstd'])('that is encrypted (tar%s+encrypted) is not read', async suffix => {
    const rootfs = rootFsOf([
      {files: [file('app')], mediaType: `application/vnd.oci.image.layer.v1.tar${suffix}+encrypted`},
    ])
    expect(await failure(rootfs.lookup('/app'))).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/is encrypted/),
    })
    expect(rootfs.passes).toEqual([])
  })

  // §4.4 21.
  test.each([
    {
      what: 'plain under a gzip media type',
      layer: {files: [file('app')], compression: 'none', mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip'},
    },
    {
      what: 'gzip under a plain media type',
      layer: {files: [file('app')], mediaType: 'application/vnd.oci.image.layer.v1.tar'},
    },
    {
      what: 'zstd under a gzip media type',
      layer: {
        files: [file('app')],
        compression: 'zstd',
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      },
    },
    {what: 'gzip under a media type of its own', layer: {files: [file('app')], mediaType: 'application/x-layer'}},
  ] as const)('that is $what is read as what it is', async ({layer}) => {
    expect(await peek(rootFsOf([layer]), '/app')).toBe('app')
  })

  test('that is missing spoils only what needs it', async () => {
    const missing: LayerBlob = {
      ...layerBlobOf(blob),
      stream() {
        throw new SourceError('blob-missing', 'the layer is not there')
      },
    }
    const rootfs = layeredRootFs([missing, layerBlobOf(layerBytes({files: [file('top'), opaque('data')]}).blob)])
    expect(await peek(rootfs, '/top')).toBe('top')
    expect(await peek(rootfs, '/data/x')).toBe('missing')
    expect(await failure(rootfs.lookup('/app'))).toMatchObject({code: 'blob-missing'})
  })
})
