import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {type Engine, STORES} from './ground/engine.ts'
import {startSlowRegistry} from './ground/slow-registry.ts'
import {expectProblem} from './support/checks.ts'
import {makeDockerShim} from './support/docker-shim.ts'
import {expectNothingLeft, testedProcesses} from './support/leftovers.ts'
import {runAction, startAction} from './support/run-action.ts'
import {namesOf, openStand, startOwnEngine} from './support/stand.ts'
import {waitFor} from './support/wait.ts'
import {startWebServer} from './support/web-server.ts'

// What cannot be checked never counts as verified, and is told for what it is.

const stand = await openStand()
const {tagged} = namesOf(stand, 'right-plain')
const NO_DAEMON = /Cannot connect to the Docker daemon/

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test('no docker in PATH', async () => {
    const empty = join(stand.scratch, `empty-${store}`)
    await mkdir(empty)
    const run = await runAction(stand, {engine, inputs: {image: tagged}, env: {PATH: empty}})
    expectProblem(run, /^Could not check: docker is not installed \(not found in PATH\)\nInstall docker/)
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

  test('one image of several that cannot be read: nothing is verified', async () => {
    const image = `${tagged},${stand.registry.address}/e2e/none:1`
    const run = await runAction(stand, {engine, inputs: {image, platforms: 'linux/arm64'}})
    expectProblem(run, /^Could not check: .*e2e\/none:1.*not found/)
  })
})

describe.each(STORES)('an engine with the %s store that goes away', store => {
  const withOwnEngine = async (name: string, body: (engine: Engine) => Promise<void>): Promise<void> => {
    const engine = await startOwnEngine(stand, store, `${name}-${store}`)
    try {
      await body(engine)
    } finally {
      await engine.stop()
    }
  }

  test('in the middle of a pull', async () => {
    await withOwnEngine('pull', async engine => {
      const slow = await startSlowRegistry(stand.registry)
      try {
        const action = await startAction(stand, {engine, inputs: {image: `${slow.address}/e2e/right-plain:1`}})
        await waitFor('a pull', slow.waiting)
        await engine.stop()
        const run = await action.ended
        expectProblem(run, /^Could not check: /)
        await expectPostToComplain(run)
      } finally {
        await slow.stop()
      }
    })
  })

  test('between the container and the files in it', async () => {
    await withOwnEngine('files', async engine => {
      const shim = await makeDockerShim(stand, `shim-${store}`, 'cp')
      try {
        const env = {PATH: `${shim.folder}:${engine.env().PATH}`}
        const action = await startAction(stand, {engine, inputs: {image: tagged}, env})
        await shim.reached()
        await engine.stop()
        await shim.release()
        const run = await action.ended
        expectProblem(run, /^Could not check: /)
        expectProblem(run, NO_DAEMON)
        await expectPostToComplain(run)
      } finally {
        await shim.close()
      }
    })
  })
})

/** The daemon is still away: `post` says that something may be left, and fails nobody's job. */
async function expectPostToComplain({post}: Awaited<ReturnType<typeof runAction>>): Promise<void> {
  const {exitCode, commands} = await post()
  expect({exitCode, commands}).toMatchObject({
    exitCode: 0,
    commands: [{name: 'warning', data: expect.stringMatching(NO_DAEMON)}],
  })
  expect(await testedProcesses(stand)).toEqual([])
}
