import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {PLATFORMS} from './ground/buildx.ts'
import {generateKeyPair, isSigned, sign} from './ground/cosign.ts'
import {STORES} from './ground/engine.ts'
import {buildNamed, type ImageName} from './support/images.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runAction} from './support/run-action.ts'
import {openStand} from './support/stand.ts'

// The job that all this is for: build, verify, and sign what was verified, and nothing else.

const stand = await openStand()
const keys = await generateKeyPair(stand, join(stand.scratch, 'keys'))

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  /** A release of one image: its steps, each of which runs only if the one before has succeeded. */
  const release = async (name: ImageName, repository: string): Promise<string> => {
    const {digest, metadata} = await buildNamed(stand, name, {tag: `${repository}:1`})
    // What docker/build-push-action hands on, in the one way or the other.
    const image = `${repository}@${digest}`
    const inputs = store === 'classic' ? {image} : {metadata}
    const verify = await runAction(stand, {engine, inputs: {...inputs, platforms: PLATFORMS.join(',')}})
    if (verify.exitCode === 0) await sign(stand, keys, (verify.outputs.images ?? '').split('\n'))
    return image
  }

  test('the good image ends signed', async () => {
    const image = await release('right-plain', `${stand.registry.address}/release/good-${store}`)
    expect(await isSigned(stand, keys, image)).toBe(true)
  })

  test('the bad image ends unsigned', async () => {
    const image = await release('wrong-plain', `${stand.registry.address}/release/bad-${store}`)
    expect(await isSigned(stand, keys, image)).toBe(false)
  })
})
