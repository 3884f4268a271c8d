import {describe, expect, test} from '@jest/globals'
import {PLATFORMS} from './ground/buildx.ts'
import {STORES} from './ground/engine.ts'
import {expectVerdict} from './support/checks.ts'
import type {ImageName, Way} from './support/images.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// What the action says of one image: all that its makers can get wrong.

const stand = await openStand()

/** What each way to start names first, and the file that this leads to. */
const STARTS: Readonly<
  Record<
    Exclude<Way, 'plain'>,
    {
      readonly path: string
      readonly resolved?: string
      /** The same program at a place where nothing starts it. */
      readonly passedOver?: string
    }
  >
> = {
  symlink: {path: '/app', resolved: '/opt/releases/1/bin/app'},
  cmd: {path: '/bin/app'},
  path: {path: '/opt/second/app', passedOver: '/opt/first/app'},
  furnished: {path: './bin/start', resolved: '/srv/app/bin/start'},
}
const WAYS = Object.entries(STARTS).map(([way, start]) => ({way: way as keyof typeof STARTS, ...start}))

/** One platform is enough where they are all alike. */
const ARM64 = {platforms: 'linux/arm64'}

interface Case {
  readonly image: ImageName
  readonly platforms?: string
  readonly findings: readonly string[]
}

const PASSING: readonly Case[] = [
  {image: 'one-platform', findings: []},
  {image: 'no-command', platforms: 'linux/arm64', findings: ['warning undetermined linux/arm64']},
]

const FAILING: readonly Case[] = [
  {
    image: 'without-arm64',
    platforms: 'linux/arm/v7,linux/arm64',
    findings: ['error platform-missing linux/arm64'],
  },
  {
    image: 'one-platform',
    platforms: 'linux/amd64,linux/arm64',
    findings: ['error platform-missing linux/arm64'],
  },
  {
    image: 'copied',
    platforms: 'linux/amd64,linux/arm64',
    findings: ['error wrong-machine linux/arm64 /app'],
  },
  // linux/amd64: Mach-O, linux/arm64: PE, linux/arm/v7: an archive of `go build`
  {image: 'false-programs', findings: PLATFORMS.map(platform => `error not-a-program ${platform} /false/first`)},
  // linux/amd64: empty, linux/arm64: an object file, linux/arm/v7: a page that says 404
  {
    image: 'more-false-programs',
    findings: [
      ...PLATFORMS.map(platform => `error not-a-program ${platform} /false/second`),
      // It is there, for another machine, and nothing starts it.
      ...['linux/amd64', 'linux/arm64'].map(platform => `warning foreign-executable ${platform} /false/first`),
    ],
  },
  {
    image: 'not-startable',
    findings: [
      'error not-executable linux/amd64 /start',
      'error missing-program linux/arm64 /start',
      'error not-executable linux/arm/v7 /start',
    ],
  },
]

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  describe('the right program', () => {
    test('for every platform', async () => {
      const {tagged, digested} = namesOf(stand, 'right-plain')
      const run = await runAction(stand, {engine, inputs: {image: tagged, platforms: PLATFORMS.join(',')}})
      const {images} = await expectVerdict(run, {verified: true, findings: [], images: [digested]})
      const machines = images[0]?.platforms.map(({platform, program}) => [platform, program.steps[0]?.machine])
      expect(machines).toEqual(
        Object.entries({'linux/amd64': 'x86-64', 'linux/arm64': 'aarch64', 'linux/arm/v7': 'arm'}),
      )
    })

    test.each(WAYS)('started by way of $way', async ({way, path, resolved}) => {
      const {tagged, digested} = namesOf(stand, `right-${way}`)
      const run = await runAction(stand, {engine, inputs: {image: tagged, ...ARM64}})
      const {images} = await expectVerdict(run, {verified: true, findings: [], images: [digested]})
      const step = {path, machine: 'aarch64', ...(resolved === undefined ? {} : {resolved})}
      expect(images[0]?.platforms[0]?.program.steps[0]).toMatchObject(step)
    })
  })

  describe('a program of amd64 in linux/arm64', () => {
    test('among right ones', async () => {
      const run = await runAction(stand, {engine, inputs: {image: namesOf(stand, 'wrong-plain').tagged}})
      const findings = ['error wrong-machine linux/arm64 /usr/local/bin/app']
      const {images} = await expectVerdict(run, {verified: false, findings})
      expect(images[0]?.platforms.map(({verdict}) => verdict)).toEqual(['match', 'mismatch', 'match'])
    })

    test.each(WAYS)('started by way of $way', async ({way, path, resolved = path, passedOver}) => {
      const run = await runAction(stand, {engine, inputs: {image: namesOf(stand, `wrong-${way}`).tagged, ...ARM64}})
      const {findings} = await expectVerdict(run, {
        verified: false,
        findings: [
          `error wrong-machine linux/arm64 ${path}`,
          ...(passedOver === undefined ? [] : [`warning foreign-executable linux/arm64 ${passedOver}`]),
        ],
      })
      expect(findings[0]?.evidence).toMatchObject({expected: 'aarch64', actual: 'x86-64', resolved})
    })
  })

  // A team whose entrypoint is a good script must never be stopped, whether it can be followed or not.
  test('passes: a script', async () => {
    const {tagged, digested} = namesOf(stand, 'script')
    const run = await runAction(stand, {engine, inputs: {image: tagged, ...ARM64}})
    const {findings} = await expectVerdict(run, {verified: true, images: [digested]})
    expect(findings.filter(({level}) => level === 'error')).toEqual([])
  })

  test.each(PASSING)('passes: $image', async ({image, platforms = '', findings}) => {
    const {tagged, digested} = namesOf(stand, image)
    const run = await runAction(stand, {engine, inputs: {image: tagged, platforms}})
    await expectVerdict(run, {verified: true, findings, images: [digested]})
  })

  test.each(FAILING)('fails: $image', async ({image, platforms = '', findings}) => {
    const run = await runAction(stand, {engine, inputs: {image: namesOf(stand, image).tagged, platforms}})
    await expectVerdict(run, {verified: false, findings})
  })
})
