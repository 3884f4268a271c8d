import {describe, expect, test} from '@jest/globals'
import {type BuiltDescriptor, type BuiltImage, buildImage, sha256} from '../../support/image-builder.ts'
import {startRegistryServer} from '../../support/registry-server.ts'
import {failureOf, readImage, smallOnLarge} from './fixtures.ts'

const OCI = 'application/vnd.oci.image'
const NON_DISTRIBUTABLE = [
  `${OCI}.layer.nondistributable.v1.tar+gzip`,
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
] as const

const PLATFORM = smallOnLarge('amd64')

/** The image of one platform, with its manifest as `change` makes it. */
function withManifest(change: (manifest: Manifest, image: BuiltImage) => object, platform = PLATFORM): BuiltImage {
  const image = buildImage([platform])
  const {bytes} = image.blobs.get(image.root.digest) ?? {bytes: Buffer.of()}
  const manifest = Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(bytes).toString()), image)))
  const {mediaType} = image.root
  const root = {mediaType, digest: sha256(manifest), size: manifest.length}
  return {...image, root, blobs: new Map([...image.blobs, [root.digest, {mediaType, bytes: manifest}]])}
}

interface Manifest {
  readonly config: BuiltDescriptor
  readonly layers: readonly (BuiltDescriptor & {readonly urls?: readonly string[]})[]
}

async function withImage(
  image: BuiltImage,
  body: (reference: string, asked: (digest: string) => number) => Promise<void>,
  removed: readonly string[] = [],
): Promise<void> {
  const server = await startRegistryServer()
  server.push('org/app', image, '1')
  for (const digest of removed) server.remove(digest)
  try {
    await body(`${server.host}/org/app:1`, digest => server.requests.filter(({url}) => url.endsWith(digest)).length)
  } finally {
    await server.stop()
  }
}

describe('what a descriptor carries itself', () => {
  const [config] = buildImage([PLATFORM]).platforms.map(platform => platform.config)
  if (!config) throw new Error('the image has a config')
  const dataOf = (image: BuiltImage): Buffer => Buffer.from(image.blobs.get(config.digest)?.bytes ?? [])

  test('is not asked for', async () => {
    const image = withManifest((manifest, built) => ({
      ...manifest,
      config: {...manifest.config, data: dataOf(built).toString('base64')},
    }))
    await withImage(image, async (reference, asked) => {
      expect((await readImage(reference)).platforms).toHaveLength(1)
      expect(asked(config.digest)).toBe(0)
    })
  })

  test('also of a whole platform in an index', async () => {
    const one = buildImage([PLATFORM])
    const manifest = Buffer.from(one.blobs.get(one.root.digest)?.bytes ?? [])
    const mediaType = `${OCI}.index.v1+json`
    const entry = {...one.root, platform: PLATFORM.platform, data: manifest.toString('base64')}
    const bytes = Buffer.from(JSON.stringify({schemaVersion: 2, mediaType, manifests: [entry]}))
    const root = {mediaType, digest: sha256(bytes), size: bytes.length}
    const image = {...one, root, blobs: new Map([...one.blobs, [root.digest, {mediaType, bytes}]])}
    await withImage(image, async (reference, asked) => {
      expect((await readImage(reference)).platforms).toHaveLength(1)
      expect(asked(one.root.digest)).toBe(0)
    })
  })

  test.each<[string, (right: Buffer) => unknown]>([
    [
      'other content of this size',
      right => Buffer.from(right.map((byte, at) => (at === 9 ? byte ^ 1 : byte))).toString('base64'),
    ],
    ['more', right => Buffer.concat([right, Buffer.from(' ')]).toString('base64')],
    ['less', right => right.subarray(1).toString('base64')],
    ['nothing', () => ''],
    ['null', () => null],
  ])('%s is as if it were not there', async (_, wrong) => {
    const image = withManifest((manifest, built) => ({
      ...manifest,
      config: {...manifest.config, data: wrong(dataOf(built))},
    }))
    await withImage(image, async (reference, asked) => {
      expect((await readImage(reference)).platforms).toHaveLength(1)
      expect(asked(config.digest)).toBe(1)
    })
  })

  test.each([
    ['no base64', '!!!!', '$.config.data: expected base64'],
    ['base64 without its padding', 'YQ', '$.config.data: expected base64'],
    ['no text', 42, '$.config.data: expected a string, got 42'],
  ])('%s makes the manifest malformed: containerd does not read it either', async (_, data, problem) => {
    const image = withManifest(manifest => ({...manifest, config: {...manifest.config, data}}))
    await withImage(image, async reference => {
      await expect(readImage(reference)).rejects.toThrow(problem)
    })
  })
})

describe.each(NON_DISTRIBUTABLE)('a non-distributable layer (%s)', mediaType => {
  const nonDistributable = (at: number, urls: readonly unknown[], platform = PLATFORM) => {
    const image = withManifest(
      manifest => ({
        ...manifest,
        layers: manifest.layers.map((layer, index) => (index === at ? {...layer, mediaType, urls} : layer)),
      }),
      platform,
    )
    return {image, digest: image.platforms[0]?.layers[at]?.digest ?? ''}
  }

  test('that the registry has is one like any other', async () => {
    const {image, digest} = nonDistributable(1, ['https://example.com/layer'])
    await withImage(image, async (reference, asked) => {
      expect((await readImage(reference)).platforms).toHaveLength(1)
      expect(asked(digest)).toBe(1)
    })
  })

  test('that it does not have is not fetched from where the image points to, and not called broken either', async () => {
    const elsewhere = await startRegistryServer()
    try {
      const {image, digest} = nonDistributable(1, [
        `${elsewhere.origin}/secret-path`,
        'http://169.254.169.254/latest',
        'nonsense',
      ])
      await withImage(
        image,
        async reference => {
          const failure = await failureOf(readImage(reference))
          expect(failure).toMatchObject({
            code: 'unsupported',
            message: expect.stringContaining(
              `layer ${digest} is non-distributable (${mediaType}) and is not here; its urls name ${elsewhere.host}, 169.254.169.254, "nonsense"`,
            ),
          })
          expect(String(failure)).not.toContain('secret-path')
        },
        [digest],
      )
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.stop()
    }
  })

  test('that nobody needs may be absent', async () => {
    // The user is no name here, so that nothing below the program is asked for.
    const {image, digest} = nonDistributable(0, ['none'], {...PLATFORM, process: {Entrypoint: ['/app']}})
    await withImage(
      image,
      async (reference, asked) => {
        expect((await readImage(reference)).platforms).toHaveLength(1)
        expect(asked(digest)).toBe(0)
      },
      [digest],
    )
  })
})
