import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {type RawImage, rawBlob} from '../../scripts/meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {
  describeBlob,
  judge,
  RAW_SOURCES,
  type RawSource,
  type Rewriting,
  rawImage,
  TYPES,
} from '../support/raw-sources.ts'

const FILES = [{name: 'app', content: '#!/app\n', mode: 0o755}]
const layer = rawBlob(TYPES.layer, gzipSync(buildTar(FILES)))

function imageOf(rewriting: Rewriting): RawImage {
  return rawImage(rewriting, FILES)
}

const ROWS: readonly (readonly [string, Rewriting, document: 'index' | 'manifest' | 'config', problem: string])[] = [
  [
    'Entrypoint and entrypoint',
    {config: text => text.replace('"Entrypoint":["/app"]', '"Entrypoint":["/app"],"entrypoint":["/bad"]')},
    'config',
    '$.config.Entrypoint appears as "Entrypoint" and "entrypoint"; engines read ["/bad"]',
  ],
  [
    'config twice',
    {config: text => text.replace(/}$/, ',"config":{"Cmd":["x"]}}')},
    'config',
    '$.config appears 2 times; engines read {"Entrypoint":["/app"],"Cmd":["x"]}',
  ],
  [
    'Architecture',
    {config: text => text.replace('"architecture"', '"Architecture"')},
    'config',
    '$.architecture appears as "Architecture"; engines read "amd64"',
  ],
  [
    'null after a value',
    {config: text => text.replace('"amd64"', '"amd64","architecture":null')},
    'config',
    '$.architecture appears 2 times; engines read "amd64"',
  ],
  [
    'layers and Layers',
    {manifest: text => text.replace(/}$/, `,"Layers":[${describeBlob(layer)}]}`)},
    'manifest',
    '$.layers appears as "layers" and "Layers"; engines read',
  ],
  [
    'manifests and Manifests',
    {index: text => text.replace('"manifests":', '"Manifests":[],"manifests":')},
    'index',
    '$.manifests appears as "Manifests" and "manifests"; engines read',
  ],
  [
    'a platform twice',
    {index: text => text.replace('"platform":', '"platform":{"architecture":"arm64"},"platform":')},
    'index',
    '$.manifests[0].platform appears 2 times; engines read {"architecture":"amd64","os":"linux"}',
  ],
]

let registry: RawRegistry
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

describe.each(RAW_SOURCES)('from %s', source => {
  test('a document with each name once is not ambiguous', async () => {
    expect(await ambiguousIn(imageOf({}), source)).toEqual([])
  })

  test.each(ROWS)('%s is an error that says what engines read', async (_, rewriting, document, problem) => {
    const found = await ambiguousIn(imageOf(rewriting), source)
    expect(found).toEqual([expect.objectContaining({level: 'error'})])
    expect(found[0]?.message).toMatch(new RegExp(`^${document} sha256:[0-9a-f]{64}: `))
    expect(found[0]?.message).toContain(problem)
  })
})

async function ambiguousIn(image: RawImage, source: RawSource): Promise<readonly Finding[]> {
  const {findings} = await judge(registry, source, image)
  return findings.filter(({rule}) => rule === 'ambiguous-document')
}
