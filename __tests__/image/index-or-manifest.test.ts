import {describe, expect, test} from '@jest/globals'
import type {ImageIndex, IndexChild} from '../../src/image/image-index.ts'
import {parseIndexOrManifest} from '../../src/image/index-or-manifest.ts'
import type {Manifest} from '../../src/image/manifest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from '../../src/image/media-type.ts'

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json'
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
const DIGEST = `sha256:${'a'.repeat(64)}`

const descriptor = (fields: object = {}): object => ({mediaType: OCI_MANIFEST, digest: DIGEST, size: 500, ...fields})
const index = (...manifests: readonly object[]): object => ({schemaVersion: 2, manifests})
const manifest = (fields: object = {}): object => ({
  schemaVersion: 2,
  config: descriptor({mediaType: OCI_CONFIG}),
  layers: [descriptor({mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip'})],
  ...fields,
})
const parse = (value: object, mediaType?: string) => parseIndexOrManifest(Buffer.from(JSON.stringify(value)), mediaType)

function parsed(value: object, mediaType?: string): ImageIndex | Manifest {
  const result = parse(value, mediaType)
  if (!result.ok) throw new Error(result.problem)
  return result.value
}

describe('what a document is', () => {
  test.each<{what: string; value: object; outside?: string; kind: 'index' | 'manifest'; mediaType: string}>([
    ...INDEX_MEDIA_TYPES.map(mediaType => ({
      what: 'its mediaType',
      value: {...index(), mediaType},
      kind: 'index' as const,
      mediaType,
    })),
    ...MANIFEST_MEDIA_TYPES.map(mediaType => ({
      what: 'its mediaType',
      value: manifest({mediaType}),
      kind: 'manifest' as const,
      mediaType,
    })),
    {what: 'the Content-Type', value: index(), outside: DOCKER_LIST, kind: 'index', mediaType: DOCKER_LIST},
    {
      what: 'the Content-Type with parameters',
      value: manifest(),
      outside: `${DOCKER_MANIFEST}; charset=utf-8`,
      kind: 'manifest',
      mediaType: DOCKER_MANIFEST,
    },
    {
      what: 'a Content-Type that says nothing',
      value: manifest(),
      outside: 'application/json',
      kind: 'manifest',
      mediaType: OCI_MANIFEST,
    },
    {
      what: 'the Content-Type before its mediaType of the same kind',
      value: manifest({mediaType: DOCKER_MANIFEST}),
      outside: OCI_MANIFEST,
      kind: 'manifest',
      mediaType: OCI_MANIFEST,
    },
    {what: 'its fields', value: index(), kind: 'index', mediaType: OCI_INDEX},
    {what: 'its fields', value: manifest(), kind: 'manifest', mediaType: OCI_MANIFEST},
  ])('$what says: $kind, $mediaType', ({value, outside, kind, mediaType}) => {
    expect(parsed(value, outside)).toMatchObject({kind, mediaType})
  })

  // What docker 28.5 pulls into its classic store, and what it refuses there: "mediaType in manifest should be".
  test.each<[own: string | undefined, outside: string | undefined, mislabelled: string | undefined]>([
    [OCI_MANIFEST, OCI_MANIFEST, undefined],
    [undefined, OCI_MANIFEST, undefined],
    ['', OCI_MANIFEST, undefined],
    [OCI_MANIFEST, undefined, undefined],
    [DOCKER_MANIFEST, undefined, undefined],
    [undefined, undefined, undefined],
    [DOCKER_MANIFEST, DOCKER_MANIFEST, undefined],
    [DOCKER_MANIFEST, OCI_MANIFEST, `${DOCKER_MANIFEST} for ${OCI_MANIFEST}`],
    [OCI_MANIFEST, DOCKER_MANIFEST, `${OCI_MANIFEST} for ${DOCKER_MANIFEST}`],
    [undefined, DOCKER_MANIFEST, ` for ${DOCKER_MANIFEST}`],
    ['application/x', OCI_MANIFEST, `application/x for ${OCI_MANIFEST}`],
    ['application/x', undefined, `application/x for ${OCI_MANIFEST}`],
  ])('a manifest that calls itself %j and is named as %j', (own, outside, expected) => {
    const {mislabelled} = parsed(own === undefined ? manifest() : manifest({mediaType: own}), outside)
    expect(mislabelled && `${mislabelled.own} for ${mislabelled.mediaType}`).toBe(expected)
  })

  test.each<{what: string; value: object; outside?: string; problem: RegExp}>([
    {what: 'both kinds of fields', value: {...index(), ...manifest()}, problem: /^both an index .* and a manifest/},
    {what: 'an index with layers', value: {...index(), layers: []}, problem: /^both/},
    {what: 'neither', value: {schemaVersion: 2}, problem: /^neither/},
    {
      what: 'an index that calls itself a manifest',
      value: {...index(), mediaType: OCI_MANIFEST},
      problem: /^the fields of an index, but its mediaType is/,
    },
    {
      what: 'a manifest that calls itself an index',
      value: manifest({mediaType: DOCKER_LIST}),
      problem: /^the fields of a manifest, but its mediaType is/,
    },
    {
      what: 'an index that is served as a manifest',
      value: index(),
      outside: OCI_MANIFEST,
      problem: /^the fields of an index, but it was named as/,
    },
    {
      what: 'a manifest that is served as an index',
      value: manifest(),
      outside: OCI_INDEX,
      problem: /^the fields of a manifest, but it was named as/,
    },
    {what: 'Docker schema 1', value: {schemaVersion: 1, fsLayers: [], history: []}, problem: /Docker schema 1/},
    {what: 'a list', value: [], problem: /expected an object/},
    {
      what: 'a digest that cannot be checked',
      value: index(descriptor({digest: `blake3:${'a'.repeat(64)}`})),
      problem: /manifests\[0\]\.digest: "blake3:a+" is not a digest/,
    },
    {
      what: 'a size below zero',
      value: manifest({layers: [descriptor({size: -1})]}),
      problem: /layers\[0\]\.size: expected a whole number/,
    },
    {what: 'no config', value: {schemaVersion: 2, layers: []}, problem: /\$\.config is missing/},
  ])('$what is refused', ({value, outside, problem}) => {
    expect(parse(value, outside)).toEqual({ok: false, problem: expect.stringMatching(problem)})
  })
})

describe('an entry of an index', () => {
  const childOf = (fields: object): IndexChild | undefined => {
    const document = parsed(index(descriptor(fields)))
    return document.kind === 'index' ? document.children[0] : undefined
  }
  const platform = {os: 'linux', architecture: 'arm', variant: 'v7'}

  test('is a platform as it is claimed', () => {
    expect(childOf({platform, annotations: {a: 'b'}})).toEqual({
      kind: 'platform',
      entry: {
        platform,
        descriptor: {mediaType: OCI_MANIFEST, digest: DIGEST, size: 500, annotations: {a: 'b'}},
        claimedBy: 'index',
      },
    })
  })

  test.each([
    {raw: {os: 'linux', architecture: 'x86_64'}, claimed: {os: 'linux', architecture: 'x86_64', variant: ''}},
    {
      raw: {os: 'Linux', architecture: 'arm64', variant: 'v8'},
      claimed: {os: 'Linux', architecture: 'arm64', variant: 'v8'},
    },
    {
      raw: {os: 'windows', architecture: 'amd64', 'os.version': '10.0.1'},
      claimed: {os: 'windows', architecture: 'amd64', variant: '', osVersion: '10.0.1'},
    },
    {raw: {}, claimed: {os: '', architecture: '', variant: ''}},
  ])('is not normalised: $raw', ({raw, claimed}) => {
    expect(childOf({platform: raw})).toMatchObject({entry: {platform: claimed}})
  })

  test.each<{what: string; fields: object; child: object}>([
    {what: 'no platform', fields: {}, child: {kind: 'unclaimed'}},
    {what: 'an index', fields: {mediaType: OCI_INDEX}, child: {kind: 'nested'}},
    {what: 'an index with a platform', fields: {mediaType: DOCKER_LIST, platform}, child: {kind: 'nested'}},
    {
      what: 'an attestation',
      fields: {
        platform: {os: 'unknown', architecture: 'unknown'},
        annotations: {'vnd.docker.reference.type': 'attestation-manifest'},
      },
      child: {kind: 'other', entry: {kind: 'attestation'}},
    },
    {
      what: 'an attestation without its annotation',
      fields: {platform: {os: 'unknown', architecture: 'unknown'}},
      child: {kind: 'other', entry: {kind: 'attestation'}},
    },
    {
      what: 'another reference type',
      fields: {annotations: {'vnd.docker.reference.type': 'future'}},
      child: {kind: 'other', entry: {kind: 'artifact', what: 'a reference of the type "future"'}},
    },
    {
      what: 'an artifact',
      fields: {artifactType: 'application/vnd.amazon.soci.index.v2+json'},
      child: {
        kind: 'other',
        entry: {kind: 'artifact', what: 'a SOCI index (application/vnd.amazon.soci.index.v2+json)'},
      },
    },
    {what: 'the artifact type of an image', fields: {platform, artifactType: OCI_CONFIG}, child: {kind: 'platform'}},
    {
      what: 'a foreign media type',
      fields: {mediaType: 'application/vnd.oci.artifact.manifest.v1+json'},
      child: {kind: 'other', entry: {kind: 'artifact'}},
    },
    {
      what: 'a schema 1 manifest',
      fields: {mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws'},
      child: {kind: 'other', entry: {what: expect.stringContaining('schema 1')}},
    },
  ])('with $what', ({fields, child}) => {
    expect(childOf(fields)).toMatchObject(child)
  })
})

/*
 * What docker 28.5 chose of an index with an entry of each kind before, behind and without an image for the same
 * platform, by `docker pull` into the classic store and into containerd's, for the host's platform and with --platform.
 */
describe('of two entries for one platform, engines take the first', () => {
  const AMD64 = {os: 'linux', architecture: 'amd64'}
  const ATTESTATION = {'vnd.docker.reference.type': 'attestation-manifest'}
  const IMAGE = descriptor({platform: AMD64, digest: `sha256:${'1'.repeat(64)}`})

  const kinds = (...entries: object[]) => {
    const document = parsed(index(...entries))
    if (document.kind !== 'index') throw new Error('an index was expected')
    return document.children.map(child =>
      child.kind === 'platform'
        ? [child.kind, child.entry.marked ?? 'image']
        : [child.kind, child.kind === 'other' ? child.entry.what : undefined],
    )
  }

  test.each<[string, object, string]>([
    ['an artifactType', {artifactType: 'application/vnd.example+json'}, 'an artifact (application/vnd.example+json)'],
    ['the mark of an attestation', {annotations: ATTESTATION}, 'an attestation'],
    ['another reference', {annotations: {'vnd.docker.reference.type': 'sbom'}}, 'a reference of the type "sbom"'],
    ['a foreign media type', {mediaType: 'application/vnd.x.v1+json'}, 'an artifact (application/vnd.x.v1+json)'],
  ])('%s does not keep engines from an entry', (_, fields, what) => {
    const odd = descriptor({platform: AMD64, ...fields})
    expect(kinds(odd, IMAGE)).toEqual([
      ['platform', what],
      ['platform', 'image'],
    ])
    expect(kinds(IMAGE, odd)).toEqual([
      ['platform', 'image'],
      ['other', what],
    ])
    expect(kinds(odd)).toEqual([['platform', what]])
    const arm64 = descriptor({platform: {os: 'linux', architecture: 'arm64'}, ...fields})
    expect(kinds(IMAGE, arm64)[1]).toEqual(['platform', what])
  })

  test.each<[string, object]>([
    ['os.version', {platform: {...AMD64, 'os.version': '5.4'}}],
    ['features', {platform: {...AMD64, features: ['sse4']}}],
    ['no os.features', {platform: {...AMD64, 'os.features': []}}],
  ])('an entry with %s is an image like any', (_, fields) => {
    expect(kinds(descriptor(fields), IMAGE)).toEqual([
      ['platform', 'image'],
      ['platform', 'image'],
    ])
  })

  test('os.features keep engines from an entry, wherever it stands', () => {
    const nydus = descriptor({platform: {...AMD64, 'os.features': ['nydus.remoteimage.v1']}})
    const what = 'an image for engines with "nydus.remoteimage.v1" only'
    expect(kinds(nydus, IMAGE, nydus)).toEqual([
      ['other', what],
      ['platform', 'image'],
      ['other', what],
    ])
    expect(kinds(nydus)).toEqual([['other', what]])
  })

  test('a Windows image has its features of itself', () => {
    const windows = {os: 'windows', architecture: 'amd64', 'os.features': ['win32k']}
    expect(kinds(descriptor({platform: windows}))).toEqual([['platform', 'image']])
  })

  test('an attestation without a platform is none of the entries that engines choose from', () => {
    const platform = {os: 'unknown', architecture: 'unknown'}
    expect(kinds(descriptor({platform, annotations: ATTESTATION}), IMAGE)).toEqual([
      ['other', undefined],
      ['platform', 'image'],
    ])
  })
})

describe('a manifest', () => {
  test.each<{what: string; value: object; other: string | undefined}>([
    {what: 'an image', value: manifest(), other: undefined},
    {what: 'an image without layers', value: manifest({layers: []}), other: undefined},
    {
      what: 'an image with an old config type',
      value: manifest({config: descriptor({mediaType: 'application/octet-stream'})}),
      other: undefined,
    },
    {
      what: 'Helm',
      value: manifest({config: descriptor({mediaType: 'application/vnd.cncf.helm.config.v1+json'})}),
      other: 'artifact',
    },
    {
      what: 'wasm',
      value: manifest({config: descriptor({mediaType: 'application/vnd.wasm.config.v0+json'})}),
      other: 'artifact',
    },
    {
      what: 'an empty config',
      value: manifest({artifactType: 'x/y', config: descriptor({mediaType: 'application/vnd.oci.empty.v1+json'})}),
      other: 'artifact',
    },
    {
      what: 'an attestation of the first kind',
      value: manifest({layers: [descriptor({mediaType: 'application/vnd.in-toto+json'})]}),
      other: 'attestation',
    },
  ])('of $what', ({value, other}) => {
    expect(parsed(value)).toMatchObject({kind: 'manifest', other})
  })
})
