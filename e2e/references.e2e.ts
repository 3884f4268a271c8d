import {beforeAll, describe, expect, test} from '@jest/globals'
import {STORES} from './ground/engine.ts'
import {makeAltered} from './support/altered.ts'
import {expectNoStrangeCommands, expectProblem, expectVerdict, reportOf} from './support/checks.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {type ActionRun, runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// What a reference may lead to in a registry, besides an index that tells the truth.

const stand = await openStand()
const right = namesOf(stand, 'right-plain')
/** What nobody has pushed. */
const ABSENT = {
  'a digest': `${right.repository}@sha256:${'0'.repeat(64)}`,
  'a tag': `${right.repository}:none`,
  'a repository': `${stand.registry.address}/e2e/none:1`,
}
const altered = await makeAltered(stand.registry)

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)
  const check = (image: string, platforms = '') => runAction(stand, {engine, inputs: {image, platforms}})

  test('an image by tag and digest: the digest decides, and is what may be signed', async () => {
    const run = await check(`${right.repository}:moved@${stand.digests['right-plain']}`, 'linux/arm64')
    await expectVerdict(run, {verified: true, findings: [], images: [right.digested]})
  })

  test('the manifest of one platform, by its digest', async () => {
    const run = await check(`${right.repository}@${altered.arm64}`)
    await expectVerdict(run, {verified: true, findings: [], images: [`${right.repository}@${altered.arm64}`]})
  })

  test('the manifest of one platform, where two are asked for', async () => {
    const run = await check(`${right.repository}@${altered.arm64}`, 'linux/amd64,linux/arm64')
    await expectVerdict(run, {verified: false, findings: ['error platform-missing linux/amd64']})
  })

  test('an index in an index', async () => {
    const run = await check(altered.nested, 'linux/arm64')
    await expectVerdict(run, {verified: true, findings: [], images: [altered.nested]})
  })

  // The index is what clients choose by, so its platform is the one that the program must be for.
  test.each([
    ['says arm/v7, the config amd64, the program is for arm/v7', altered.lyingConfig, 'linux/arm/v7', 'arm', 0],
    ['says arm/v7, the config amd64, the program is for amd64', altered.lyingIndex, 'linux/arm/v7', 'x86-64', 1],
    ['says amd64, the config arm/v7, the program is for arm/v7', altered.swapped, 'linux/amd64', 'arm', 1],
  ])('the index %s', async (_, image, platform, machine, wrong) => {
    const {findings, images} = await reportOf(await check(image, platform))
    expect(images[0]?.platforms).toMatchObject([{platform, program: {steps: [{machine}]}}])
    expect(findings.filter(({rule}) => rule === 'wrong-machine')).toHaveLength(wrong)
  })

  describe('what is not there', () => {
    const runs = new Map<string, ActionRun>()
    // At once: what may only not be there yet is asked for again and again, for some seconds.
    beforeAll(async () => {
      const images = [...Object.values(ABSENT), altered.lostManifest, altered.lostLayer]
      await Promise.all(images.map(async image => runs.set(image, await check(image))))
    })
    const runOf = (image: string): ActionRun => {
      const run = runs.get(image)
      if (run === undefined) throw new Error(`${image} was not checked`)
      return run
    }

    test.each(Object.entries(ABSENT))('%s', (_, image) => {
      expectProblem(runOf(image), /^Could not check: .*not found/)
    })

    // Whether it counts as the image's fault or as ours, nothing is verified.
    test.each([
      ['manifest', altered.lostManifest],
      ['layer', altered.lostLayer],
    ])('a %s that an index names', (_, image) => {
      const run = runOf(image)
      expect(run).toMatchObject({exitCode: 1, outputs: {verified: 'false', images: ''}})
      expect(run.log).toMatch(/not found|manifest unknown|unknown blob/)
      expectNoStrangeCommands(run.commands)
    })
  })

  test('the attestation of an image', async () => {
    const run = await check(`${right.repository}@${altered.attestation}`)
    expectProblem(run, /^Could not check: .*is an attestation, not an image/)
  })
})
