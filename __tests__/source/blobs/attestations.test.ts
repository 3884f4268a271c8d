import {describe, expect, test} from '@jest/globals'
import {layoutOf, sha256} from '../../../scripts/support/layout-builder.ts'
import type {ImageSource} from '../../../src/image/source.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {MemoryBlobs} from '../../support/memory-blobs.ts'
import {failure} from '../../support/streams.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const IN_TOTO = 'application/vnd.in-toto+json'
const SLSA = 'https://slsa.dev/provenance/'

interface Layer {
  readonly type?: string
  readonly mediaType?: string
  readonly bytes?: string
  /** What the manifest says of the blob where that is not so. */
  readonly size?: number
}

/** An image with one platform, and a manifest of attestations beside it. */
function attested(layers: readonly Layer[], annotations?: (platform: string) => Record<string, string>) {
  const {files, manifests} = layoutOf([{platforms: [{platform: 'linux/amd64', layers: [{files: []}]}]}])
  const memory = new MemoryBlobs({files})
  const platform = manifests[0]?.[0]
  if (!platform) throw new Error('no platform')
  const attestation = memory.put(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: memory.put(CONFIG, '{}'),
    layers: layers.map(({type, mediaType = IN_TOTO, bytes = '{}', size}) => {
      const layer = memory.put(mediaType, bytes)
      return {...layer, size: size ?? layer.size, ...(type ? {annotations: {'in-toto.io/predicate-type': type}} : {})}
    }),
  })
  const about = {'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': platform.digest}
  const root = memory.put(INDEX, {
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: [
      {...platform, platform: {os: 'linux', architecture: 'amd64'}},
      {
        ...attestation,
        annotations: annotations?.(platform.digest) ?? about,
        platform: {os: 'unknown', architecture: 'unknown'},
      },
    ],
  })
  const {blobs, opened} = memory
  return {source: memory.source(root), blobs, opened, attestation: attestation.digest}
}

async function read(source: ImageSource) {
  const [entry] = (await source.root()).entries
  if (!entry) throw new Error('no platform')
  return source.attestations?.(entry, SLSA)
}

describe('what is attached to a platform', () => {
  test('its provenance is read, its SBOM is not', async () => {
    const sbom = {type: 'https://spdx.dev/Document', bytes: '{"sbom":1}'}
    const {source, opened} = attested([sbom, {type: `${SLSA}v1`, bytes: '{"slsa":1}'}])
    const [statement, ...more] = (await read(source)) ?? []
    expect(Buffer.from(statement?.bytes ?? []).toString()).toBe('{"slsa":1}')
    expect([statement?.predicateType, more]).toEqual([`${SLSA}v1`, []])
    expect(opened).not.toContain(sha256(Buffer.from(sbom.bytes)))
  })

  test.each<[string, Layer]>([
    ['no predicate type', {}],
    ['no in-toto', {type: `${SLSA}v1`, mediaType: 'text/plain'}],
  ])('%s: none', async (_, layer) => {
    expect(await read(attested([layer]).source)).toEqual([])
  })

  test.each<[string, (platform: string) => Record<string, string>]>([
    ['of another manifest', () => ({'vnd.docker.reference.digest': sha256(Buffer.from('another'))})],
    ['that is not said to be one', platform => ({'vnd.docker.reference.digest': platform})],
    ['without a subject', () => ({'vnd.docker.reference.type': 'attestation-manifest'})],
  ])('an attestation %s is not looked at', async (_, annotations) => {
    const {source, opened, attestation} = attested([{type: `${SLSA}v1`}], annotations)
    expect(await read(source)).toEqual([])
    expect(opened).not.toContain(attestation)
  })

  test('many of them: only so many are read', async () => {
    const layers = Array.from({length: 40}, (_, at) => ({type: `${SLSA}v1`, bytes: `{"at":${at}}`}))
    expect(await read(attested(layers).source)).toHaveLength(16)
  })
})

describe('what cannot be had is thrown', () => {
  test('a manifest that is gone', async () => {
    const {source, blobs, attestation} = attested([{type: `${SLSA}v1`}])
    blobs.delete(attestation)
    expect(await failure(read(source))).toMatchObject({code: 'blob-missing'})
  })

  test('a statement that is not what its digest says', async () => {
    const {source, blobs} = attested([{type: `${SLSA}v1`, bytes: '{"slsa":1}'}])
    blobs.set(sha256(Buffer.from('{"slsa":1}')), Buffer.from('{"slsa":2}'))
    expect(await failure(read(source))).toMatchObject({code: 'digest-mismatch'})
  })

  test('one that says it is enormous', async () => {
    const {source} = attested([{type: `${SLSA}v1`, size: DEFAULT_LIMITS['attestation-bytes'] + 1}])
    expect(await failure(read(source))).toMatchObject({code: 'unsupported'})
  })
})
