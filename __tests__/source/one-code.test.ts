import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {RawImage} from '../../scripts/meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {tinyProgram} from '../../scripts/tiny-programs.ts'
import {judge, RAW_SOURCES, type Rewriting, rawImage, TYPES} from '../support/raw-sources.ts'

const FILES = [{name: 'app', content: tinyProgram('amd64'), mode: 0o755}]
const DEEP = `${'['.repeat(10_001)}${']'.repeat(10_001)}`
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json'

/** How a document makes no sense. */
const MALFORMED: readonly (readonly [string, (text: string) => string])[] = [
  ['not JSON', () => 'hello'],
  ['nothing', () => ''],
  ['a list', () => '[]'],
  ['null', () => 'null'],
  ['cut off', text => text.slice(0, -2)],
  ['more than one', text => `${text}{}`],
  ['too deep', text => text.replace('{', `{"x":${DEEP},`)],
  ['of wrong types', text => text.replace(/"(manifests|layers|rootfs)":/, '"$1":"x","_":')],
]

const WARNS = ['warning refused-by-engine']
const STOPS = ['error platform-unreadable']

let registry: RawRegistry
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

describe.each(RAW_SOURCES)('one kind of fault has one code from %s', source => {
  const judgeOf = async (rewriting: Rewriting, change = (image: RawImage): RawImage => image) => {
    const {exitCode, findings, printed} = await judge(registry, source, change(rawImage(rewriting, FILES)))
    return {exitCode, told: findings.map(({level, rule}) => `${level} ${rule}`), printed}
  }

  test('an image without one is verified', async () => {
    expect(await judgeOf({})).toEqual({exitCode: 0, told: [], printed: ''})
  })

  // A registry on the way may have made it so: nothing tells that from an image that was pushed so.
  test.each(MALFORMED)('an index that is %s: 3', async (_, index) => {
    expect(await judgeOf({index})).toMatchObject({exitCode: 3, told: [], printed: expect.stringMatching(/sha256:/)})
  })

  test.each(MALFORMED)('a manifest at the root that is %s: 3', async (_, manifest) => {
    const atRoot = ({blobs: [root, ...blobs]}: RawImage): RawImage => {
      if (!root) throw new Error('the image has no manifest')
      return {root, blobs}
    }
    expect(await judgeOf({manifest}, atRoot)).toMatchObject({exitCode: 3, told: []})
  })

  test.each(MALFORMED)('a manifest of the index that is %s: 1', async (_, manifest) => {
    expect(await judgeOf({manifest})).toMatchObject({exitCode: 1, told: ['error platform-unreadable']})
  })

  test.each(MALFORMED)('a config that is %s: 1', async (_, config) => {
    expect(await judgeOf({config})).toMatchObject({exitCode: 1, told: ['error platform-unreadable']})
  })

  test.each(['manifest', 'config', 'layer'] as const)(
    'a missing %s: 1',
    async what => {
      const without = ({root, blobs}: RawImage): RawImage => ({
        root,
        blobs: blobs.filter(({mediaType}) => mediaType !== TYPES[what]),
      })
      expect(await judgeOf({}, without)).toMatchObject({exitCode: 1, told: ['error platform-unreadable']})
    },
    30_000,
  )

  // As docker 28.5: a warning where one of its image stores takes it, else an error.
  test.each<[string, Rewriting, exitCode: number, told: readonly string[]]>([
    ['a manifest that calls itself one of Docker', {manifest: text => text.replace(TYPES.manifest, DOCKER)}, 0, WARNS],
    ['a manifest that calls itself anything', {manifest: text => text.replace(TYPES.manifest, 'x/y')}, 0, WARNS],
    ['a manifest that does not say what it is', {manifest: text => text.replace(TYPES.manifest, '')}, 0, []],
    ['a manifest that calls itself an index', {manifest: text => text.replace(TYPES.manifest, TYPES.index)}, 1, STOPS],
    ['a manifest with manifests', {manifest: text => text.replace('{', '{"manifests":[],')}, 1, STOPS],
    ['an entry that calls it one of Docker', {index: text => text.replace(TYPES.manifest, DOCKER)}, 0, WARNS],
    ['an index that calls itself a manifest', {index: text => text.replace(TYPES.index, TYPES.manifest)}, 3, []],
    ['an index with layers', {index: text => text.replace('{', '{"layers":[],')}, 3, []],
  ])('%s', async (_, rewriting, exitCode, told) => {
    expect(await judgeOf(rewriting)).toMatchObject({exitCode, told})
  })
})
