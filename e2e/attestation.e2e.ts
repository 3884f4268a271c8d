import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {PREDICATE_TYPE} from '../src/report/predicate.ts'
import {PLATFORMS} from './ground/buildx.ts'
import {attest, generateKeyPair, isAdmitted} from './ground/cosign.ts'
import {buildNamed, type ImageName} from './support/images.ts'
import {REPOSITORY} from './support/repository.ts'
import {runAction} from './support/run-action.ts'
import {openStand} from './support/stand.ts'

// What the action attests, and what the policies in examples/policies make of it: cosign itself judges.

const stand = await openStand()
const keys = await generateKeyPair(stand, join(stand.scratch, 'attestation-keys'))
const engine = stand.engines.containerd

/** A release that attests what the action says of an image, whether it passes or not. */
async function release(name: ImageName, repository: string, inputs: Readonly<Record<string, string>> = {}) {
  const {digest} = await buildNamed(stand, name, {tag: `${stand.registry.address}/attested/${repository}:1`})
  const image = `${stand.registry.address}/attested/${repository}@${digest}`
  const all = {image, source: 'registry', platforms: PLATFORMS.join(','), ...inputs}
  const {outputs} = await runAction(stand, {engine, inputs: all})
  const predicate = outputs.predicate ?? ''
  await attest(stand, keys, image, {type: PREDICATE_TYPE, predicate})
  return {image, verified: outputs.verified, predicate: JSON.parse(await readFile(predicate, 'utf8'))}
}

const policyOf = (language: string): string => join(REPOSITORY, 'examples', 'policies', `verified.${language}`)

/** The policy with one of its texts replaced, which must be there. */
async function changedPolicy(language: string, from: string, to: string): Promise<string> {
  const text = await readFile(policyOf(language), 'utf8')
  if (!text.includes(from)) throw new Error(`${policyOf(language)} has no ${from}`)
  const file = join(stand.scratch, `changed-${to.replaceAll(/\W/g, '-')}.${language}`)
  await writeFile(file, text.replaceAll(from, to))
  return file
}

const right = await release('right-plain', 'right')
const wrong = await release('wrong-plain', 'wrong')
const tolerated = await release('wrong-plain', 'tolerated', {rules: 'wrong-machine=off,identical-platforms=off'})

test('the action says of each what the predicate says', () => {
  expect([right, wrong, tolerated].map(({verified, predicate}) => [verified, predicate.result])).toEqual([
    ['true', 'PASSED'],
    ['false', 'FAILED'],
    ['true', 'FAILED'],
  ])
  expect(right.predicate.verifyImageArch.tool.digest.sha256).toMatch(/^[0-9a-f]{64}$/)
})

describe.each(['cue', 'rego'])('the policy in %s', language => {
  const admits = async (image: string, policy = policyOf(language), type = PREDICATE_TYPE): Promise<boolean> =>
    isAdmitted(stand, keys, image, {type, policy})

  test('admits what is right', async () => {
    expect(await admits(right.image)).toBe(true)
  })

  test('refuses what is wrong, tolerated or not', async () => {
    expect([await admits(wrong.image), await admits(tolerated.image)]).toEqual([false, false])
  })

  test('refuses an image without a platform of the fleet', async () => {
    expect(await admits(right.image, await changedPolicy(language, 'linux/arm64', 'linux/s390x'))).toBe(false)
  })

  test('refuses another verdict and another type', async () => {
    expect(await admits(right.image, await changedPolicy(language, '"pass"', '"fail"'))).toBe(false)
    const other = 'https://in-toto.io/attestation/test-result/v0.1'
    expect(await admits(right.image, policyOf(language), other)).toBe(false)
  })
})
