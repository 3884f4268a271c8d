import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {type Engine, STORES, type Store} from './ground/engine.ts'
import {startSlowRegistry} from './ground/slow-registry.ts'
import {expectProblem, reportOf} from './support/checks.ts'
import {EXPORT_WAYS, type ExportWay, holdExport} from './support/held-export.ts'
import {expectNothingLeft, testedProcesses} from './support/leftovers.ts'
import {type ActionRun, runAction, startAction} from './support/run-action.ts'
import {namesOf, openStand, startOwnEngine} from './support/stand.ts'
import {waitFor} from './support/wait.ts'
import {startWebServer} from './support/web-server.ts'

// What cannot be checked never counts as verified, and is told for what it is.

const stand = await openStand()
const {tagged} = namesOf(stand, 'right-plain')
const NO_DAEMON = /Cannot connect to the Docker daemon/
const UNREAD =
  /^Not verified: \S+e2e\/none:1 could not be checked: .*not found.*Nothing was verified, so nothing should be signed/s

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test('no docker in PATH', async () => {
    const empty = join(stand.scratch, `empty-${store}`)
    await mkdir(empty)
    const run = await runAction(stand, {engine, inputs: {image: tagged}, env: {PATH: empty}})
    expectProblem(run, /^Could not check: \S+: docker is not installed \(not found in PATH\)\nInstall docker/)
  })

  test('no daemon, from the start', async () => {
    const DOCKER_HOST = `unix://${join(stand.scratch, 'no-such.sock')}`
    const run = await runAction(stand, {engine, inputs: {image: tagged}, env: {DOCKER_HOST}})
    expectProblem(run, /^Could not check: /)
    expectProblem(run, NO_DAEMON)
    expectProblem(run, /Start the Docker daemon/)
    // There is nothing to clear away where nothing was pulled.
    const post = await run.post()
    expect(post.exitCode).toBe(0)
  })

  test('a registry that is gone', async () => {
    const gone = await startWebServer(() => ({status: 200}))
    await gone.stop()
    const run = await runAction(stand, {engine, inputs: {image: `${gone.address}/e2e/right-plain:1`}})
    expectProblem(run, /^Could not check: .*connection refused/)
  })

  test.each([401, 403, 404, 429, 500])('a registry that answers with %d', async status => {
    const registry = await startWebServer(() => ({status, body: '{"errors":[]}'}))
    try {
      const run = await runAction(stand, {engine, inputs: {image: `${registry.address}/e2e/right-plain:1`}})
      expectProblem(run, /^Could not check: /)
    } finally {
      await registry.stop()
    }
  })

  test('a registry that answers with a page', async () => {
    const registry = await startWebServer(() => ({status: 200, body: '<html>Sign in</html>'}))
    try {
      const run = await runAction(stand, {engine, inputs: {image: `${registry.address}/e2e/right-plain:1`}})
      expectProblem(run, /^Could not check: /)
    } finally {
      await registry.stop()
    }
  })

  test('one image of several that cannot be read: the others are reported, nothing is verified', async () => {
    const image = `${tagged},${stand.registry.address}/e2e/none:1`
    const run = await runAction(stand, {engine, inputs: {image, platforms: 'linux/arm64'}})
    const {verdict, images, findings} = await reportOf(run)
    expect(verdict).toBe('fail')
    expect(images.map(({platforms, problem}) => [platforms.map(one => one.verdict), problem?.code])).toEqual([
      [['match'], undefined],
      [[], 'not-found'],
    ])
    expect(findings).toEqual([])
    expect({verified: run.outputs.verified, images: run.outputs.images, exitCode: run.exitCode}).toEqual({
      verified: 'false',
      images: '',
      exitCode: 1,
    })
    expect(run.commands).toMatchObject([{name: 'error', data: expect.stringMatching(UNREAD)}])
  })
})

describe('an engine that goes away', () => {
  const moments = {
    'in the middle of a pull': atPull,
    ...Object.fromEntries(
      EXPORT_WAYS.map(way => [`between a container and its files, by the ${way}`, (of: Store) => atFiles(of, way)]),
    ),
  }
  const cases = STORES.flatMap(store => Object.entries(moments).map(([moment, run]) => ({store, moment, run})))
  const runs = new Map<unknown, ActionRun>()

  // At once: each has an engine of its own, and engines take their time to end.
  beforeAll(async () => {
    await Promise.all(cases.map(async one => runs.set(one, await one.run(one.store))))
  })

  test.each(cases)('$moment, with the $store store', async one => {
    const run = runs.get(one)
    if (run === undefined) throw new Error('the action was not run')
    expectProblem(run, /^Could not check: /)
    // The engine is still away: `post` says that something may be left there, and fails nobody's job.
    const {exitCode, commands} = await run.post()
    expect({exitCode, commands}).toMatchObject({
      exitCode: 0,
      commands: [{name: 'warning', data: expect.stringMatching(NO_DAEMON)}],
    })
    expect(await testedProcesses(stand)).toEqual([])
  })
})

async function atPull(store: Store): Promise<ActionRun> {
  return withOwnEngine(store, 'pull', async engine => {
    const slow = await startSlowRegistry(stand.registry)
    try {
      const image = tagged.replace(stand.registry.address, slow.address)
      const action = await startAction(stand, {engine, inputs: {image}})
      await waitFor('a pull', slow.waiting)
      await engine.stop()
      return await action.ended
    } finally {
      await slow.stop()
    }
  })
}

async function atFiles(store: Store, way: ExportWay): Promise<ActionRun> {
  return withOwnEngine(store, `files-${way}`, async engine => {
    const hold = await holdExport(stand, engine, `gone-${store}-${way}`, way)
    try {
      const action = await startAction(stand, {engine, inputs: {image: tagged}, env: hold.env})
      await hold.reached()
      await engine.stop()
      await hold.release()
      return await action.ended
    } finally {
      await hold.close()
    }
  })
}

async function withOwnEngine<T>(store: Store, name: string, body: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await startOwnEngine(stand, store, `${name}-${store}`)
  try {
    return await body(engine)
  } finally {
    await engine.stop()
  }
}
