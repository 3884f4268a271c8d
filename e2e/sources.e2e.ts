import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {PLATFORMS} from './ground/buildx.ts'
import {makeAltered} from './support/altered.ts'
import {expectProblem, expectVerdict} from './support/checks.ts'
import {buildNamed} from './support/images.ts'
import {type ActionRun, runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// What is read without any engine: with no docker in PATH, the registry itself and what buildx writes into a file.

const stand = await openStand()
const altered = await makeAltered(stand.registry)
const right = namesOf(stand, 'right-symlink')
const wrong = namesOf(stand, 'wrong-symlink')
const WRONG = 'error wrong-machine linux/arm64 /app'
const PATH = join(stand.scratch, 'no-docker')
const archiveOf = (type: string): string => join(stand.scratch, `${type}-archive.tar`)

beforeAll(async () => {
  await mkdir(PATH)
  await Promise.all([
    buildNamed(stand, 'wrong-symlink', {output: `type=oci,dest=${archiveOf('oci')}`}),
    buildNamed(stand, 'wrong-symlink', {
      output: `type=docker,dest=${archiveOf('docker')}`,
      tag: 'example.test/app:1',
      platforms: ['linux/arm64'],
      provenance: 'false',
    }),
  ])
})

const check = (image: string, source = 'docker'): Promise<ActionRun> =>
  // Which engine there would be does not matter.
  runAction(stand, {engine: stand.engines.classic, inputs: {image, source}, env: {PATH}})

test.each([
  ['docker:// and a tag', `docker://${right.tagged}`, 'docker'],
  ['docker:// and a digest', `docker://${right.digested}`, 'docker'],
  ['a bare reference, with source: registry', right.tagged, 'registry'],
])('the right program: %s', async (_, image, source) => {
  const run = await check(image, source)
  const {images} = await expectVerdict(run, {verified: true, findings: [], images: [right.digested]})
  expect(images[0]?.platforms.map(({platform, verdict}) => [platform, verdict])).toEqual(
    PLATFORMS.map(platform => [platform, 'match']),
  )
})

test.each([
  ['the registry', `docker://${wrong.tagged}`],
  ['oci-archive:, all platforms with their attestations', `oci-archive:${archiveOf('oci')}`],
  ['docker-archive:, the one platform that it can hold', `docker-archive:${archiveOf('docker')}`],
])('a program of amd64 in linux/arm64: %s', async (_, image) => {
  await expectVerdict(await check(image), {verified: false, findings: [WRONG]})
})

test('an index in an index', async () => {
  const run = await check(`docker://${altered.nested}`)
  await expectVerdict(run, {verified: true, findings: [], images: [altered.nested]})
})

test('an index that names a layer that is gone', async () => {
  const run = await check(`docker://${altered.lostLayer}`)
  await expectVerdict(run, {verified: false, findings: ['error platform-unreadable linux/amd64']})
})

test.each([
  ['a tag that is not there', `docker://${right.repository}:none`],
  ['a registry that is not there', 'docker://127.0.0.1:1/e2e/right-plain:1'],
  ['an archive that is not there', `oci-archive:${archiveOf('no')}`],
])('%s', async (_, image) => {
  expectProblem(await check(image), /^Could not check: /)
})
