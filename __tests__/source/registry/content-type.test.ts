import {afterAll, beforeAll, expect, test} from '@jest/globals'
import {type RawImage, rawBlob} from '../../../scripts/meaning/raw-image.ts'
import {type RawRegistry, startRawRegistry} from '../../../scripts/meaning/raw-registry.ts'
import {tinyProgram} from '../../../scripts/tiny-programs.ts'
import {judge, rawImage, TYPES} from '../../support/raw-sources.ts'

const FILES = [{name: 'app', content: tinyProgram('amd64'), mode: 0o755}]

let registry: RawRegistry
beforeAll(async () => {
  registry = await startRawRegistry()
})
afterAll(() => registry.stop())

function served(image: RawImage, as: string): RawImage {
  return {...image, root: rawBlob(as, image.root.bytes)}
}

function lone({blobs: [root, ...blobs]}: RawImage): RawImage {
  if (!root) throw new Error('the image has no manifest')
  return {root, blobs}
}

// Neither image store of docker 28.5 pulls what is served as anything else.
test.each<[as: string, exitCode: number, findings: readonly string[]]>([
  [TYPES.index, 0, []],
  [`${TYPES.index}; charset=utf-8`, 0, []],
  ['', 0, []],
  ['application/json', 1, ['error refused-by-engine']],
  ['application/octet-stream', 1, ['error refused-by-engine']],
])('an index that is served as %j', async (as, exitCode, expected) => {
  const {exitCode: got, findings} = await judge(registry, 'registry', served(rawImage({}, FILES), as))
  expect({exitCode: got, told: findings.map(({level, rule}) => `${level} ${rule}`)}).toEqual({exitCode, told: expected})
})

test('a manifest that is served as JSON', async () => {
  const {exitCode, findings} = await judge(registry, 'registry', served(lone(rawImage({}, FILES)), 'application/json'))
  expect(exitCode).toBe(1)
  expect(findings[0]?.message).toContain('the registry serves its manifest as "application/json"')
})
