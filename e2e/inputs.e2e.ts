import {describe, expect, test} from '@jest/globals'
import {STORES} from './ground/engine.ts'
import {makeAltered} from './support/altered.ts'
import {expectProblem, expectVerdict} from './support/checks.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// What the inputs change.

const stand = await openStand()
const altered = await makeAltered(stand.registry)
const right = namesOf(stand, 'right-plain')
const wrong = namesOf(stand, 'wrong-plain')
const silent = namesOf(stand, 'no-command')
const single = namesOf(stand, 'one-platform')
const WRONG = 'error wrong-machine linux/arm64 /usr/local/bin/app'
/** One platform is enough where an input is not about platforms. */
const ARM64 = {platforms: 'linux/arm64'}

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test('platforms: those that are not asked for are not looked at', async () => {
    const platforms = '# not linux/arm64\nlinux/amd64, # this one\n  linux/arm/v7\n'
    const run = await runAction(stand, {engine, inputs: {image: wrong.tagged, platforms}})
    const report = await expectVerdict(run, {verified: true, findings: [], images: [wrong.digested]})
    expect(report.images[0]?.platforms.map(({platform}) => platform)).toEqual(['linux/amd64', 'linux/arm/v7'])
  })

  test('fail-on: never lets the job go on, and verifies nothing', async () => {
    const run = await runAction(stand, {engine, inputs: {image: wrong.tagged, 'fail-on': 'never', ...ARM64}})
    await expectVerdict(run, {verified: false, findings: [WRONG], exitCode: 0})
  })

  test('fail-on: warning stops at a warning', async () => {
    const run = await runAction(stand, {engine, inputs: {image: silent.tagged, 'fail-on': 'warning', ...ARM64}})
    await expectVerdict(run, {verified: false, findings: ['warning undetermined linux/arm64']})
  })

  test('rules: a warning becomes an error', async () => {
    const run = await runAction(stand, {engine, inputs: {image: silent.tagged, rules: 'undetermined=error', ...ARM64}})
    await expectVerdict(run, {verified: false, findings: ['error undetermined linux/arm64']})
  })

  test('rules: an error becomes a warning', async () => {
    const rules = 'wrong-machine=warning # until the toolchain is mended\nundetermined=off'
    const run = await runAction(stand, {engine, inputs: {image: wrong.tagged, rules, ...ARM64}})
    const findings = [WRONG.replace('error', 'warning')]
    await expectVerdict(run, {verified: true, findings, images: [wrong.digested]})
  })

  test.each([
    ['image', {image: ' # none\n'}, 'image: no image is given'],
    ['platforms', {image: right.tagged, platforms: 'linux/amd64,arm64\\v8'}, 'platforms: '],
    ['fail-on', {image: right.tagged, 'fail-on': 'errors'}, 'fail-on: expected error, warning, never, got "errors"'],
    ['rules', {image: right.tagged, rules: 'wrong-machin=off'}, 'rules: there is no rule "wrong-machin"'],
    ['concurrency', {image: right.tagged, concurrency: '0'}, 'concurrency: expected a number from 1 to 64, got "0"'],
  ])('%s: a mistake is told before anything is read', async (_, inputs, problem) => {
    const run = await runAction(stand, {engine, inputs})
    expectProblem(run, new RegExp(`^Wrong input: ${problem}`))
    // Nothing of a daemon to come back to in `post`.
    expect(Object.keys(run.state)).toEqual(['run'])
  })

  test('several images: all that are right may be signed, each by its own name', async () => {
    const others = [namesOf(stand, 'right-cmd'), namesOf(stand, 'right-path')]
    const image = [right, ...others].map(({tagged}) => tagged).join('\n')
    const run = await runAction(stand, {engine, inputs: {image, ...ARM64}})
    const images = [right, ...others].map(({digested}) => digested)
    const report = await expectVerdict(run, {verified: true, findings: [], images})
    expect(report.images.map(({reference}) => reference)).toEqual(image.split('\n'))
  })

  test('several images: one that is wrong stops all', async () => {
    const image = `${right.tagged},${wrong.tagged}`
    const run = await runAction(stand, {engine, inputs: {image, ...ARM64}})
    const {findings} = await expectVerdict(run, {verified: false, findings: [WRONG]})
    expect(findings.map(finding => finding.image)).toEqual([wrong.tagged])
    expect(run.outputs.digest).toBe(stand.digests['right-plain'])
  })

  test('platforms: more that are missing than the runner has room for', async () => {
    const missing = [
      '386',
      'arm64',
      'loong64',
      'mips',
      'mips64',
      'mips64le',
      'mipsle',
      'ppc64',
      'ppc64le',
      'riscv64',
      's390x',
    ]
    const platforms = missing.map(name => `linux/${name}`)
    const run = await runAction(stand, {engine, inputs: {image: single.tagged, platforms: platforms.join(',')}})
    await expectVerdict(run, {
      verified: false,
      findings: platforms.map(platform => `error platform-missing ${platform}`),
    })
  })

  // What the one has pulled is not taken away while the other looks into it, nor left behind
  // by both. The third comes to it later.
  test.each([
    ['1', [right.tagged, right.digested]],
    ['64', [right.tagged, right.digested, altered.nested]],
  ])('images that share their manifests, %s at once', async (concurrency, images) => {
    const run = await runAction(stand, {engine, inputs: {image: images.join('\n'), concurrency, ...ARM64}})
    const signable = [right.digested, ...images.slice(1)]
    const report = await expectVerdict(run, {verified: true, findings: [], images: signable})
    expect(new Set(report.images.flatMap(({platforms}) => platforms.map(({digest}) => digest))).size).toBe(1)
  })
})
