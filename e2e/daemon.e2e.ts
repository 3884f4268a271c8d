import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {PLATFORMS} from './ground/buildx.ts'
import {STORES, type Store} from './ground/engine.ts'
import {engineLeftovers} from './ground/leftovers.ts'
import {run as runCommand} from './ground/run.ts'
import {expectProblem, expectVerdict, reportOf} from './support/checks.ts'
import {buildNamed, type ImageName} from './support/images.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// Images that the engine holds: those that it alone has, and those that it had before.

const stand = await openStand()

interface Load {
  readonly name: ImageName
  readonly platforms: readonly string[]
  /** What buildx takes for the type of its output. */
  readonly type: 'docker' | 'oci'
}

/** What is loaded, as `docker buildx build --load` and `docker load` leave it: nothing of it is in any registry. */
const LOADED: Readonly<Record<string, Load>> = {
  right: {name: 'right-plain', platforms: ['linux/arm64'], type: 'docker'},
  wrong: {name: 'wrong-plain', platforms: ['linux/arm64'], type: 'docker'},
  // Only containerd's store can hold several platforms under one name.
  all: {name: 'wrong-plain', platforms: PLATFORMS, type: 'oci'},
}
const LOADABLE: Readonly<Record<Store, readonly string[]>> = {
  classic: ['right', 'wrong'],
  containerd: ['right', 'wrong', 'all'],
}

const FOREIGN = 'error wrong-machine linux/arm64 /usr/local/bin/app'
const loadedAs = (what: string): string => `${stand.registry.address}/loaded/${what}:1`
const archiveOf = (what: string): string => join(stand.scratch, `${what}.tar`)

beforeAll(async () => {
  await Promise.all(
    Object.entries(LOADED).map(([what, {name, platforms, type}]) => {
      const output = `type=${type},dest=${archiveOf(what)}`
      return buildNamed(stand, name, {platforms, tag: loadedAs(what), output, provenance: 'false'})
    }),
  )
})

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  const docker = (...args: readonly string[]) => runCommand('docker', args, {env: {...process.env, ...engine.env()}})

  describe('an image that only the engine has', () => {
    beforeAll(async () => {
      for (const what of LOADABLE[store]) await docker('load', '--input', archiveOf(what))
    })
    afterAll(async () => {
      await docker('image', 'rm', ...LOADABLE[store].map(loadedAs))
    })
    expectNothingLeft(stand, engine)

    test.each(['', 'docker-daemon:'])('by the name %sNAME: right', async transport => {
      const run = await runAction(stand, {engine, inputs: {image: transport + loadedAs('right')}})
      // Nobody could sign it: it is in no registry.
      await expectVerdict(run, {verified: true, findings: [], images: []})
    })

    test.each(['', 'docker-daemon:'])('by the name %sNAME: wrong', async transport => {
      const run = await runAction(stand, {engine, inputs: {image: transport + loadedAs('wrong')}})
      await expectVerdict(run, {verified: false, findings: [FOREIGN]})
    })

    test('a platform that it does not have', async () => {
      const inputs = {image: `docker-daemon:${loadedAs('right')}`, platforms: 'linux/amd64,linux/arm64'}
      const run = await runAction(stand, {engine, inputs})
      await expectVerdict(run, {verified: false, findings: ['error platform-missing linux/amd64']})
    })

    if (LOADABLE[store].includes('all')) {
      test('several platforms under one name', async () => {
        const run = await runAction(stand, {engine, inputs: {image: `docker-daemon:${loadedAs('all')}`}})
        const {images} = await expectVerdict(run, {verified: false, findings: [FOREIGN]})
        expect(images[0]?.platforms.map(({platform}) => platform)).toEqual(PLATFORMS)
      })
    }

    test('docker-daemon: asks no registry', async () => {
      const run = await runAction(stand, {
        engine,
        inputs: {image: `docker-daemon:${namesOf(stand, 'right-plain').tagged}`},
      })
      expectProblem(run, /^Could not check: .*[Nn]o such image/)
    })
  })

  // The classic store pulls one image of an index, and keeps no index.
  if (store === 'containerd') {
    describe('an index of which one platform was pulled', () => {
      const host = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64'
      const others = PLATFORMS.filter(platform => platform !== host)
      const {tagged} = namesOf(stand, 'right-plain')
      const archive = join(stand.scratch, 'partly-pulled.tar')

      beforeAll(async () => {
        await docker('pull', '--quiet', '--platform', host, tagged)
        await docker('save', '--output', archive, tagged)
      })
      afterAll(async () => {
        await docker('image', 'rm', tagged)
      })

      test.each([
        ['docker-daemon:', tagged, 'daemon'],
        ['docker-archive:', archive, 'archive'],
        ['oci-archive:', archive, 'archive'],
      ])('%s: the others are a note, or missing where they are required', async (transport, place, notIn) => {
        const image = transport + place
        const passing = await runAction(stand, {engine, inputs: {image}})
        const report = await reportOf(passing)
        expect(passing.outputs.verified).toBe('true')
        expect(report.findings.map(({level, rule, platform, message}) => [level, rule, platform, message])).toEqual(
          others.map(name => [
            'note',
            'undetermined',
            name,
            `${name} is in the index, but the ${notIn} does not have it: it was not checked`,
          ]),
        )
        const [absent = ''] = others
        const failing = await runAction(stand, {engine, inputs: {image, platforms: `${host},${absent}`}})
        await expectVerdict(failing, {
          verified: false,
          findings: [`error platform-missing ${absent}`],
        })
      })
    })
  }

  describe('an image that the engine had before', () => {
    expectNothingLeft(stand, engine)

    test('by its tag, and in a container: it stays, and gets no other name', async () => {
      const run = await runAction(stand, {
        engine,
        inputs: {image: namesOf(stand, 'resident').tagged},
      })
      await expectVerdict(run, {verified: true, images: [namesOf(stand, 'resident').digested]})
    })

    test('by the very name under which it is pulled: it stays', async () => {
      const {tagged, repository} = namesOf(stand, 'right-cmd')
      const inputs = {image: tagged, platforms: 'linux/arm64'}
      const first = await runAction(stand, {engine, inputs})
      const [platform] = (await reportOf(first)).images[0]?.platforms ?? []
      const child = `${repository}@${platform?.digest}`
      await docker('pull', '--quiet', child)
      const before = await engineLeftovers(engine)
      const second = await runAction(stand, {engine, inputs})
      expect(second.outputs.verified).toBe('true')
      expect(await engineLeftovers(engine)).toEqual(before)
      await docker('image', 'rm', child)
    })
  })
})
