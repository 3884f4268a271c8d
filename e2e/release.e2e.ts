import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {documented, runSteps} from '../__tests__/support/snippets.ts'
import {PLATFORMS} from './ground/buildx.ts'
import {cosignEnvironment, generateKeyPair, isSigned, SIGN, sign} from './ground/cosign.ts'
import {STORES} from './ground/engine.ts'
import {run} from './ground/run.ts'
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

/** README.md's own step, with a `cosign` that adds the key and what a registry of this machine needs. */
async function signAsDocumented(images: readonly string[]): Promise<void> {
  const step = documented('README.md', 'yaml')
    .flatMap(runSteps)
    .find(({run}) => run.includes('cosign sign'))
  if (step === undefined) throw new Error('README.md has no step that signs')
  const bin = join(stand.scratch, 'signing')
  await mkdir(bin, {recursive: true})
  const more = ['--key', keys.privateKey, ...SIGN.filter(flag => flag !== '--yes')].map(word => `'${word}'`).join(' ')
  await writeFile(
    join(bin, 'cosign'),
    `#!/bin/sh\nset -eu\ncommand=$1\nshift\nexec '${stand.tools.cosign}' "$command" ${more} "$@"\n`,
    {mode: 0o755},
  )
  const environment = cosignEnvironment(stand)
  const env = {...environment, IMAGES: images.join('\n'), PATH: `${bin}:${environment.PATH}`}
  await run('bash', ['-e', '-o', 'pipefail', '-c', step.run], {env})
}

test('several images end signed, each by its digest, by the step that README.md gives', async () => {
  const engine = stand.engines.containerd
  const names = ['first', 'second'].map(name => `${stand.registry.address}/release/several-${name}`)
  const images: string[] = []
  for (const name of names) {
    const {digest} = await buildNamed(stand, 'right-plain', {tag: `${name}:1`})
    images.push(`${name}@${digest}`)
  }
  const {outputs} = await runAction(stand, {engine, inputs: {image: images.join('\n'), source: 'registry'}})
  const verified = (outputs.images ?? '').split('\n')
  expect(verified).toEqual(images)
  await signAsDocumented(verified)
  expect(await Promise.all(images.map(image => isSigned(stand, keys, image)))).toEqual([true, true])
})
