import {mkdir, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {type RawBlob, type RawImage, rawBlob} from '../../scripts/meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import {runCli} from '../../src/cli.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {imageOpener} from '../../src/source/open.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

const tar = buildTar([{name: 'app', content: '#!/app\n', mode: 0o755}])
const layer = rawBlob(LAYER, gzipSync(tar))
const other = rawBlob(LAYER, gzipSync(buildTar([{name: 'app', content: 'other', mode: 0o755}])))
const describeBlob = ({mediaType, digest, bytes}: RawBlob, more = ''): string =>
  `{"mediaType":"${mediaType}","digest":"${digest}","size":${bytes.length}${more}}`
const CONFIG_TEXT = `{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/app"]},"rootfs":{"type":"layers","diff_ids":["${rawBlob('', tar).digest}"]}}`

/** The parts of an image as texts, each of which a row may rewrite. */
interface Rewriting {
  config?(text: string): string
  manifest?(text: string): string
  index?(text: string): string
}

function imageOf({config = same, manifest = same, index = same}: Rewriting): RawImage {
  const configBlob = rawBlob(CONFIG, config(CONFIG_TEXT))
  const manifestText = `{"schemaVersion":2,"mediaType":"${MANIFEST}","config":${describeBlob(configBlob)},"layers":[${describeBlob(layer)}]}`
  const manifestBlob = rawBlob(MANIFEST, manifest(manifestText))
  const entry = describeBlob(manifestBlob, ',"platform":{"os":"linux","architecture":"amd64"}')
  const root = rawBlob(INDEX, index(`{"schemaVersion":2,"mediaType":"${INDEX}","manifests":[${entry}]}`))
  return {root, blobs: [manifestBlob, configBlob, layer, other]}
}

function same(text: string): string {
  return text
}

const ROWS: readonly (readonly [string, Rewriting, document: 'index' | 'manifest' | 'config', problem: string])[] = [
  [
    'Entrypoint and entrypoint',
    {config: text => text.replace('"Entrypoint":["/app"]', '"Entrypoint":["/app"],"entrypoint":["/bad"]')},
    'config',
    '$.config.Entrypoint stands there as "Entrypoint" and "entrypoint"; engines read ["/bad"]',
  ],
  [
    'config twice',
    {config: text => text.replace(/}$/, ',"config":{"Cmd":["x"]}}')},
    'config',
    '$.config stands there 2 times; engines read {"Entrypoint":["/app"],"Cmd":["x"]}',
  ],
  [
    'Architecture',
    {config: text => text.replace('"architecture"', '"Architecture"')},
    'config',
    '$.architecture stands there as "Architecture"; engines read "amd64"',
  ],
  [
    'null after a value',
    {config: text => text.replace('"amd64"', '"amd64","architecture":null')},
    'config',
    '$.architecture stands there 2 times; engines read "amd64"',
  ],
  [
    'layers and Layers',
    {manifest: text => text.replace(/}$/, `,"Layers":[${describeBlob(layer)}]}`)},
    'manifest',
    '$.layers stands there as "layers" and "Layers"; engines read',
  ],
  [
    'manifests and Manifests',
    {index: text => text.replace('"manifests":', '"Manifests":[],"manifests":')},
    'index',
    '$.manifests stands there as "Manifests" and "manifests"; engines read',
  ],
  [
    'a platform twice',
    {index: text => text.replace('"platform":', '"platform":{"architecture":"arm64"},"platform":')},
    'index',
    '$.manifests[0].platform stands there 2 times; engines read {"architecture":"amd64","os":"linux"}',
  ],
]

let registry: RawRegistry
let number = 0
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

describe.each(['registry', 'oci'])('from %s', transport => {
  test('a document with each name once is not ambiguous', async () => {
    expect(await ambiguousIn(imageOf({}), transport)).toEqual([])
  })

  test.each(ROWS)('%s is an error that says what engines read', async (_, rewriting, document, problem) => {
    const found = await ambiguousIn(imageOf(rewriting), transport)
    expect(found).toEqual([expect.objectContaining({level: 'error'})])
    expect(found[0]?.message).toMatch(new RegExp(`^${document} sha256:[0-9a-f]{64}: `))
    expect(found[0]?.message).toContain(problem)
  })
})

async function ambiguousIn(image: RawImage, transport: string): Promise<readonly Finding[]> {
  number++
  const reference =
    transport === 'registry'
      ? `docker://${registry.push(`ambiguous/n${number}`, image)}`
      : `oci:${await writeLayout(image)}`
  const written: string[] = []
  await runCli([reference, '--format', 'json'], {
    version: '0.0.0',
    open: imageOpener({
      env: {},
      signal: new AbortController().signal,
      run: 'ambiguous',
      announceDaemon: () => {},
      announcePull: () => {},
      mask: () => {},
      warn: () => {},
      progress: () => {},
      temporary: tmpdir(),
      version: '0.0.0',
      cache: {folder: '/nowhere'},
    }),
    readDockerfiles: async () => [],
    stdout: text => written.push(text),
    stderr: text => written.push(text),
    writeFile: async () => undefined,
    color: false,
  })
  // The report is this project's own, and its schema is tested elsewhere.
  const {findings} = JSON.parse(written.join('')) as {readonly findings: readonly Finding[]}
  return findings.filter(({rule}) => rule === 'ambiguous-document')
}

async function writeLayout({root, blobs}: RawImage): Promise<string> {
  const folder = join(tmpdir(), `ambiguous-${process.pid}-${number}`)
  await mkdir(join(folder, 'blobs', 'sha256'), {recursive: true})
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), `{"schemaVersion":2,"manifests":[${describeBlob(root)}]}`)
  for (const {digest, bytes} of [root, ...blobs]) {
    await writeFile(join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length)), bytes)
  }
  return folder
}
