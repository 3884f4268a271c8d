import {gzipSync} from 'node:zlib'
import type {Random} from '../kernel/random.ts'
import {buildTar} from '../support/tar-builder.ts'
import {tinyProgram} from '../tiny-programs.ts'
import {type OddField, oddObject} from './odd-json.ts'
import {type RawBlob, type RawImage, rawBlob} from './raw-image.ts'

/** One generated image, and what is odd about it. */
export interface MeaningCase {
  readonly kind: 'config' | 'manifest' | 'index' | 'layers'
  readonly odd: readonly string[]
  readonly image: RawImage
}

export const TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

const PROGRAM = tinyProgram('amd64')

/** An image of these layers whose documents say nothing odd. */
export function plainImage(layers: readonly RawBlob[], diffIds: readonly string[], command = '/a'): RawImage {
  const rootfs = {type: 'layers', diff_ids: diffIds}
  const config = rawBlob(
    TYPES.config,
    JSON.stringify({architecture: 'amd64', os: 'linux', config: {Cmd: [command]}, rootfs}),
  )
  return {root: manifestOf(config, layers), blobs: [config, ...layers]}
}

/** A config that says something odd, under a plain manifest. */
export function configCase(random: Random, salt: string): MeaningCase {
  const odd: string[] = []
  const {layer, diffId} = layerOf(salt)
  const text = configText(random, {diffIds: [diffId], cmd: '/app', odd, oddities: 1 + random.below(3)})
  const config = rawBlob(TYPES.config, text)
  return {kind: 'config', odd, image: {root: manifestOf(config, [layer]), blobs: [config, layer]}}
}

/** A manifest that says something odd. */
export function manifestCase(random: Random, salt: string): MeaningCase {
  const odd: string[] = []
  const {layer, diffId} = layerOf(salt)
  const quiet: string[] = []
  const config = rawBlob(TYPES.config, configText(random, {diffIds: [diffId], cmd: '/app', odd: quiet, oddities: 0}))
  const second = rawBlob(TYPES.config, configText(random, {diffIds: [diffId], cmd: '/second', odd: quiet, oddities: 0}))
  const inner = random.oneIn(2) ? 1 : 0
  const layerTypes = [
    'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.oci.image.layer.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
    'application/vnd.oci.image.layer.v2.tar+gzip',
    'application/vnd.oci.image.layer.v1.tar+xz',
    'application/octet-stream',
    'application/x-tar',
  ].map(type => JSON.stringify(type))
  const configTypes = [
    'application/octet-stream',
    'application/vnd.docker.container.image.v1+json',
    'application/x',
  ].map(type => JSON.stringify(type))
  const descriptor = (blob: RawBlob, types: readonly string[]) =>
    oddObject(random, descriptorFields(blob, types), inner, odd)
  const layers = `[${descriptor(layer, layerTypes)}]`
  const text = oddObject(
    random,
    [
      {name: 'schemaVersion', good: '2', others: ['1', '3', '"2"']},
      {
        name: 'mediaType',
        good: JSON.stringify(TYPES.manifest),
        others: [
          JSON.stringify(TYPES.index),
          '"application/x"',
          '"application/vnd.docker.distribution.manifest.v2+json"',
          '""',
        ],
      },
      {name: 'config', good: descriptor(config, configTypes), others: [plainDescriptor(second)], isNeeded: true},
      {name: 'layers', good: layers, others: ['[]', 'null', `[${plainDescriptor(layer)},${plainDescriptor(layer)}]`]},
      {name: 'annotations', good: '{"a":"b"}', isRare: true},
      {name: 'artifactType', good: '"application/x"', isRare: true},
      {name: 'subject', good: plainDescriptor(config), isRare: true},
      {name: 'manifests', good: '[]', isRare: true},
    ].filter(({name, isRare}) => !isRare || name !== 'manifests' || random.oneIn(20)),
    inner === 0 ? 1 + random.below(2) : random.below(2),
    odd,
  )
  const root = rawBlob(TYPES.manifest, text)
  return {kind: 'manifest', odd, image: {root, blobs: [config, second, layer]}}
}

/** An index of a few entries for linux/amd64 and others, of which the config's command says which one was taken. */
export function indexCase(random: Random, salt: string): MeaningCase {
  const odd: string[] = []
  const blobs: RawBlob[] = []
  const count = 1 + random.below(3)
  const entries = Array.from({length: count}, (_, number) => {
    const {layer, diffId} = layerOf(`${salt}-${number}`)
    // All configs say what is asked for: an engine of today does not survive the request
    // where one that it takes does not.
    const config = rawBlob(
      TYPES.config,
      configText(random, {diffIds: [diffId], cmd: `/m${number}`, odd: [], oddities: 0}),
    )
    const manifest = manifestOf(config, [layer])
    blobs.push(layer, config, manifest)
    return entryText(random, manifest, odd)
  })
  const text = oddObject(
    random,
    [
      {name: 'schemaVersion', good: '2', others: ['1', '"2"']},
      {name: 'mediaType', good: JSON.stringify(TYPES.index), others: [JSON.stringify(TYPES.manifest)]},
      {name: 'manifests', good: `[${entries.join(',')}]`, others: [`[${entries.slice(0, 1).join(',')}]`]},
      {name: 'annotations', good: '{"a":"b"}', isRare: true},
      {name: 'artifactType', good: '"application/x"', isRare: true},
    ],
    random.oneIn(3) ? 1 : 0,
    odd,
  )
  return {kind: 'index', odd, image: {root: rawBlob(TYPES.index, text), blobs}}
}

const PLATFORM_VALUES = {
  os: ['"LINUX"', '""', '"windows"', '"unknown"', '"linux "'],
  architecture: ['"x86_64"', '"x86-64"', '"AMD64"', '"arm64"', '"unknown"', '""', '"386"'],
  variant: ['"v1"', '"v2"', '"v3"', '"1"', '"V1"', '""', '"v8"'],
}

function entryText(random: Random, manifest: RawBlob, odd: string[]): string {
  const platform = oddObject(
    random,
    [
      {name: 'os', good: '"linux"', others: PLATFORM_VALUES.os},
      {name: 'architecture', good: '"amd64"', others: PLATFORM_VALUES.architecture},
      {name: 'variant', good: '"v1"', others: PLATFORM_VALUES.variant, isRare: true},
      {name: 'os.version', good: '"6.1"', isRare: true},
      {name: 'os.features', good: '[]', others: ['["x"]'], isRare: true},
    ],
    random.oneIn(2) ? 1 : 0,
    odd,
  )
  const marks = ['attestation-manifest', 'sbom'].map(type => `{"vnd.docker.reference.type":"${type}"}`)
  return oddObject(
    random,
    [
      ...descriptorFields(manifest, [
        `"application/x"`,
        `"${TYPES.index}"`,
        '"application/vnd.docker.distribution.manifest.v2+json"',
      ]),
      {
        name: 'platform',
        good: platform,
        others: ['{"os":"linux","architecture":"amd64"}', '{"os":"unknown","architecture":"unknown"}'],
      },
      {name: 'annotations', good: '{"a":"b"}', others: marks, isRare: true},
      {name: 'artifactType', good: JSON.stringify(TYPES.config), others: ['"application/x"'], isRare: true},
    ],
    random.oneIn(2) ? 1 : 0,
    odd,
  )
}

function descriptorFields({mediaType, digest, bytes}: RawBlob, types: readonly string[]): readonly OddField[] {
  return [
    {name: 'mediaType', good: JSON.stringify(mediaType), others: types},
    {name: 'digest', good: JSON.stringify(digest), isNeeded: true},
    {name: 'size', good: String(bytes.length), others: [String(bytes.length + 1), '0', `${bytes.length}.0`]},
    {name: 'urls', good: '[]', isRare: true},
    {
      name: 'data',
      good: JSON.stringify(Buffer.from(bytes).toString('base64')),
      others: ['"*"', '"eA=="'],
      isRare: true,
    },
  ]
}

function plainDescriptor({mediaType, digest, bytes}: RawBlob): string {
  return JSON.stringify({mediaType, digest, size: bytes.length})
}

function manifestOf(config: RawBlob, layers: readonly RawBlob[]): RawBlob {
  const text = `{"schemaVersion":2,"mediaType":"${TYPES.manifest}","config":${plainDescriptor(config)},"layers":[${layers.map(plainDescriptor).join(',')}]}`
  return rawBlob(TYPES.manifest, text)
}

/** A layer that no other image has: engines do not unpack again what they have. */
function layerOf(salt: string): {readonly layer: RawBlob; readonly diffId: string} {
  const programs = ['app', 'second', 'm0', 'm1', 'm2'].map(name => ({name, content: PROGRAM, mode: 0o755}))
  const tar = buildTar([...programs, {name: 'dir/', type: '5'}, {name: 'salt', content: salt}])
  return {layer: rawBlob(TYPES.layer, gzipSync(tar)), diffId: rawBlob('', tar).digest}
}

interface ConfigChoice {
  readonly diffIds: readonly string[]
  readonly cmd: string
  readonly odd: string[]
  readonly oddities: number
}

function configText(random: Random, {diffIds, cmd, odd, oddities}: ConfigChoice): string {
  const inner = oddities > 0 && random.oneIn(2) ? 1 : 0
  const process = oddObject(
    random,
    [
      {
        name: 'Cmd',
        good: `["${cmd}"]`,
        others: ['["/second"]', '"/second"', '[""]', '["/app","\\ud800"]', '["/app",null]'],
      },
      {name: 'Entrypoint', good: '["/app"]', others: ['["/second"]', '[""]', '"/second"'], isRare: oddities === 0},
      {name: 'WorkingDir', good: '"/dir"', others: ['"/app"', '"rel"', '"/app/x"', '"/new"'], isRare: true},
      {name: 'Env', good: '["A=1"]', others: ['["PATH=/x"]', '["A"]', '{"A":"1"}', '["=x"]'], isRare: true},
      {name: 'User', good: '"1000"', others: ['1000', '"99999999999"', '"app"', '"5:-1"', '"5:5:5"'], isRare: true},
      {
        name: 'Volumes',
        good: '{"/data":{}}',
        others: ['{"/app":{}}', '["/x"]', '{"/app/x":{}}', '{"rel":{}}', '{"app":{}}'],
        isRare: true,
      },
      {
        name: 'Healthcheck',
        good: '{"Test":["CMD","/app"]}',
        others: ['{"Test":"x"}', '{"Interval":"1s"}'],
        isRare: true,
      },
      {name: 'Labels', good: '{"a":"b"}', others: ['{"a":1}', '["a"]'], isRare: true},
      {name: 'ExposedPorts', good: '{"80/tcp":{}}', isRare: true},
      {name: 'StopSignal', good: '"SIGTERM"', isRare: true},
      {name: 'Shell', good: '["/bin/sh"]', isRare: true},
      {name: 'OnBuild', good: '[]', isRare: true},
    ].filter(({name}) => name !== 'Entrypoint' || oddities > 0),
    inner,
    odd,
  )
  const wrong = `{"type":"layers","diff_ids":["sha256:${'0'.repeat(64)}"]}`
  return oddObject(
    random,
    [
      {name: 'architecture', good: '"amd64"', others: ['"arm64"', '"AMD64"']},
      {name: 'os', good: '"linux"', others: ['"Linux"', '"windows"']},
      {name: 'variant', good: '"v1"', others: ['"v3"'], isRare: true},
      {
        name: 'created',
        good: '"2026-01-02T03:04:05Z"',
        others: ['"2026-02-30T00:00:00Z"', '"yesterday"', '"2026-01-02"'],
        isRare: true,
      },
      {name: 'config', good: process, others: ['{"Cmd":["/second"]}', '{"cmd":["/second"]}']},
      {name: 'rootfs', good: JSON.stringify({type: 'layers', diff_ids: diffIds}), others: [wrong, '{"type":"layers"}']},
      {
        name: 'history',
        good: '[{"created_by":"x"}]',
        others: ['[{},{}]', '[{"created":"x"}]', '[{"empty_layer":true}]'],
        isRare: true,
      },
      {name: 'author', good: '"x"', isRare: true},
      {name: 'os.features', good: '[]', isRare: true},
    ],
    Math.max(0, oddities - inner),
    odd,
  )
}
