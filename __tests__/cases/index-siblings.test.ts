import {gzipSync, zstdCompressSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {type RawBlob, rawBlob} from '../../scripts/meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import {tinyProgram} from '../../scripts/tiny-programs.ts'
import {describeBlob, judge, TYPES} from '../support/raw-sources.ts'

/*
 * Indexes with an entry that is not an image for an ordinary engine, from the bytes to the exit code. Behind the image
 * it is set aside; where engines come to it first, or where it is not marked, it is what counts.
 */
interface Entry {
  /** The manifest, and what the index names it by. */
  readonly manifest: RawBlob
  /** Members of its descriptor, with the comma before them. */
  readonly more: string
  readonly blobs: readonly RawBlob[]
}

const platform = (text: string) => `,"platform":${text}`
const AMD64 = platform('{"os":"linux","architecture":"amd64"}')
const ARM64 = platform('{"os":"linux","architecture":"arm64"}')
const featured = (feature: string) => platform(`{"os":"linux","architecture":"amd64","os.features":["${feature}"]}`)

/** An image whose only file is `/app`. */
function image(machine: 'amd64' | 'arm64', more: string, {compression = 'gzip', cmd = ''} = {}): Entry {
  const tar = buildTar([{name: 'app', content: tinyProgram(machine), mode: 0o755}])
  const layer =
    compression === 'zstd'
      ? rawBlob('application/vnd.oci.image.layer.v1.tar+zstd', zstdCompressSync(tar))
      : rawBlob(TYPES.layer, gzipSync(tar))
  const config = rawBlob(
    TYPES.config,
    JSON.stringify({
      architecture: more.includes('"arm64"') ? 'arm64' : 'amd64',
      os: 'linux',
      config: {Entrypoint: ['/app'], ...(cmd === '' ? {} : {Cmd: [cmd]})},
      rootfs: {type: 'layers', diff_ids: [rawBlob('', tar).digest]},
    }),
  )
  return {manifest: rawBlob(TYPES.manifest, manifestText(config, layer)), more, blobs: [config, layer]}
}

/** What has a manifest of an image's shape, and is none. */
function artifact(configType: string, more: string, artifactType = ''): Entry {
  const config = rawBlob(configType, '{}')
  const layer = rawBlob('application/octet-stream', configType)
  const type = artifactType === '' ? '' : `,"artifactType":"${artifactType}"`
  const text = `${manifestText(config, layer).slice(0, -1)}${type}}`
  return {manifest: rawBlob(TYPES.manifest, text), more, blobs: [config, layer]}
}

function manifestText(config: RawBlob, layer: RawBlob): string {
  return `{"schemaVersion":2,"mediaType":"${TYPES.manifest}","config":${describeBlob(config)},"layers":[${describeBlob(layer)}]}`
}

const GOOD = image('amd64', AMD64)
const WRONG = image('arm64', AMD64)
const OTHER = image('arm64', ARM64)
const NYDUS = image('arm64', featured('nydus.remoteimage.v1'))
const STARGZ = image('arm64', featured('remote.stargz'))
const SOCI_TYPE = 'application/vnd.amazon.soci.index.v2+json'
const SOCI = artifact(SOCI_TYPE, `,"artifactType":"${SOCI_TYPE}"`)
const SOCI_OF_AMD64 = artifact(SOCI_TYPE, `,"artifactType":"${SOCI_TYPE}"${AMD64}`)
const WASM = artifact('application/vnd.wasm.config.v0+json', platform('{"os":"wasip1","architecture":"wasm"}'))
const HELM = artifact('application/vnd.cncf.helm.config.v1+json', AMD64)
const HELM_OF_NONE = artifact('application/vnd.cncf.helm.config.v1+json', '')
const WINDOWS = image(
  'amd64',
  platform('{"os":"windows","architecture":"amd64","os.version":"10.0.20348.1","os.features":["win32k"]}'),
)
const ATTESTATION = artifact('application/vnd.in-toto+json', platform('{"os":"unknown","architecture":"unknown"}'))
const MARKED = image(
  'amd64',
  `${AMD64},"annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"${GOOD.manifest.digest}"}`,
)
const ZSTD = image('amd64', AMD64, {compression: 'zstd'})
const OTHER_COMMAND = image('amd64', AMD64, {compression: 'zstd', cmd: '--other'})

let registry: RawRegistry
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

async function judgeIndex(entries: readonly Entry[]) {
  const list = entries.map(({manifest, more}) => describeBlob(manifest, more)).join()
  const root = rawBlob(TYPES.index, `{"schemaVersion":2,"mediaType":"${TYPES.index}","manifests":[${list}]}`)
  const blobs = entries.flatMap(({manifest, blobs}) => [manifest, ...blobs])
  const {exitCode, findings} = await judge(registry, 'oci', {root, blobs})
  return [exitCode, ...findings.map(({level, rule}) => `${level} ${rule}`)]
}

describe('an entry that is not for an ordinary engine', () => {
  const ASIDE = 'note index-entry'

  test.each<[what: string, entries: readonly Entry[], ...told: string[]]>([
    ['none', [GOOD]],
    ['another platform', [GOOD, OTHER]],
    ['nydus behind the image', [GOOD, NYDUS], ASIDE],
    ['nydus before it: engines pass over its features', [NYDUS, GOOD], ASIDE],
    ['eStargz under a feature', [GOOD, STARGZ], ASIDE],
    ['both', [GOOD, NYDUS, STARGZ], ASIDE, ASIDE],
    ['a SOCI index', [GOOD, SOCI], ASIDE],
    ['a SOCI index of the platform, behind the image', [GOOD, SOCI_OF_AMD64], ASIDE],
    ['a WebAssembly module', [GOOD, WASM], 'note undetermined'],
    ['a Helm chart of the platform, behind the image', [GOOD, HELM], ASIDE],
    ['a Helm chart without a platform', [GOOD, HELM_OF_NONE], ASIDE],
    ['Windows', [GOOD, WINDOWS], 'note undetermined'],
    ['Windows first', [WINDOWS, GOOD], 'note undetermined'],
    ['attestations of BuildKit', [GOOD, ATTESTATION]],
    ['attestations first', [ATTESTATION, GOOD]],
    ['a twin by zstd', [GOOD, ZSTD], 'note platform-duplicate'],
    ['a twin by gzip', [ZSTD, GOOD], 'note platform-duplicate'],
    ['all of them', [GOOD, OTHER, NYDUS, SOCI, ATTESTATION], ASIDE, ASIDE],
  ])('good: %s', async (_, entries, ...told) => {
    expect(await judgeIndex(entries)).toEqual([0, ...told])
  })

  test.each<[what: string, entries: readonly Entry[], exitCode: number, ...told: string[]]>([
    ['the image itself', [WRONG], 1, 'error wrong-machine'],
    ['nydus beside a wrong image', [WRONG, NYDUS], 1, 'error wrong-machine', ASIDE],
    ['nydus alone: no engine finds an image', [NYDUS], 1, 'error platform-missing', ASIDE],
    [
      'a feature that is spelt otherwise is an image',
      [image('arm64', AMD64), GOOD],
      1,
      'error wrong-machine',
      'warning platform-duplicate',
    ],
    ['a SOCI index before a wrong image', [SOCI, WRONG], 1, 'error wrong-machine', ASIDE],
    ['a SOCI index alone', [SOCI], 1, 'error platform-missing', ASIDE],
    ['a Helm chart before the image: engines choose it', [HELM, GOOD], 1, 'error index-entry'],
    ['a Helm chart of a platform alone', [HELM], 1, 'error platform-missing', ASIDE],
    ['Windows beside a wrong image', [WINDOWS, WRONG], 1, 'error wrong-machine', 'note undetermined'],
    [
      'a mark as an attestation on the first image, which is wrong',
      [{...MARKED, ...pick(WRONG)}, GOOD],
      1,
      'error wrong-machine',
      'warning index-entry',
      'warning platform-duplicate',
    ],
    [
      'a wrong twin first',
      [image('arm64', AMD64, {compression: 'zstd'}), GOOD],
      1,
      'error wrong-machine',
      'warning platform-duplicate',
    ],
  ])('broken: %s', async (_, entries, ...told) => {
    expect(await judgeIndex(entries)).toEqual(told)
  })

  // Nothing is wrong with what starts, and what starts may not be what was meant.
  test.each<[what: string, entries: readonly Entry[], ...told: string[]]>([
    ['a mark as an attestation on the first image', [MARKED], 'warning index-entry'],
    ['a twin with another command', [GOOD, OTHER_COMMAND], 'warning platform-duplicate'],
    ['Windows alone', [WINDOWS], 'warning undetermined'],
  ])('doubtful: %s', async (_, entries, ...told) => {
    expect(await judgeIndex(entries)).toEqual([0, ...told])
  })
})

/** Another image under the same mark. */
function pick({manifest, blobs}: Entry): Pick<Entry, 'manifest' | 'blobs'> {
  return {manifest, blobs}
}
