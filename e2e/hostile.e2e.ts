import {describe, expect, test} from '@jest/globals'
import {STORES} from './ground/engine.ts'
import {makeAltered} from './support/altered.ts'
import {expectNoStrangeCommands, expectProblem, expectVerdict, reportOf} from './support/checks.ts'
import {HOSTILE} from './support/hostile.ts'
import type {ImageName} from './support/images.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runAction, type StepRun} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'
import {startWebServer} from './support/web-server.ts'

// Whoever makes an image, or runs a registry, writes its names, and none of them is a
// command to the runner or markup of ours.

const stand = await openStand()
const altered = await makeAltered(stand.registry)

interface Case {
  readonly image: ImageName
  readonly rule: string
  readonly path: string
  /** Of another machine as well, and started by nothing. */
  readonly beside?: string
}

const IMAGES: readonly Case[] = [
  {image: 'hostile-name', rule: 'wrong-machine', path: `/h/${HOSTILE.name}`, beside: `/h/${HOSTILE.target}`},
  {image: 'hostile-link', rule: 'wrong-machine', path: '/h/link', beside: `/h/${HOSTILE.name}`},
  {image: 'hostile-missing', rule: 'missing-program', path: `/h/${HOSTILE.missing}`},
]

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test.each(IMAGES)('$image', async ({image, rule, path, beside}) => {
    const run = await runAction(stand, {
      engine,
      inputs: {image: namesOf(stand, image).tagged, platforms: 'linux/arm64'},
    })
    const findings = [
      `error ${rule} linux/arm64 ${path}`,
      ...(beside === undefined ? [] : [`warning foreign-executable linux/arm64 ${beside}`]),
    ]
    // The report has the names as they are: it is data.
    await expectVerdict(run, {verified: false, findings})
    expectHarmless(run)
  })

  test('an index whose platform is a command', async () => {
    const run = await runAction(stand, {engine, inputs: {image: altered.hostile}})
    expectHarmless(run)
    const {verdict} = await reportOf(run)
    expect(run.outputs.verified).toBe(String(verdict === 'pass'))
  })

  test('a registry whose errors are commands', async () => {
    const message = '\n::set-output name=verified::true\n##[set-output name=images;]evil'
    const body = JSON.stringify({errors: [{code: 'UNKNOWN', message, detail: message}]})
    const registry = await startWebServer(() => ({
      status: 400,
      body,
      headers: {'docker-distribution-api-version': 'registry/2.0'},
    }))
    try {
      const run = await runAction(stand, {engine, inputs: {image: `${registry.address}/e2e/right-plain:1`}})
      expectProblem(run, /^Could not check: /)
      expectHarmless(run)
    } finally {
      await registry.stop()
    }
  })

  test.each(['a"b', '::error::x', 'x##[set-output name=verified]true', '-v', '--help', '$(id)'])(
    'the reference %j',
    async image => {
      const run = await runAction(stand, {engine, inputs: {image}})
      expectProblem(run, /^Wrong input: image: /)
      expectHarmless(run)
    },
  )
})

function expectHarmless({commands, outputs, state, summary, log}: StepRun): void {
  expectNoStrangeCommands(commands)
  expect(commands.map(({properties}) => properties.title)).not.toContain('pwned')
  expect(commands.map(({data}) => data)).not.toContain('pwned')
  expect(outputs.images).not.toContain('evil')
  expect(Object.keys(state)).not.toContain('name')
  expect(summary).not.toMatch(/<img|^::|##\[/m)
  expect(log).not.toMatch(/##\[|^::(?!error|warning|notice)/m)
}
