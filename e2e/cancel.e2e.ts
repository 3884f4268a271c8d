import {describe, expect, test} from '@jest/globals'
import {STORES, type Store} from './ground/engine.ts'
import {engineLeftovers} from './ground/leftovers.ts'
import {startSlowRegistry} from './ground/slow-registry.ts'
import {expectProblem} from './support/checks.ts'
import {makeDockerShim} from './support/docker-shim.ts'
import {EXPORT_WAYS, type ExportWay, holdExport} from './support/held-export.ts'
import type {ImageName} from './support/images.ts'
import {expectNothingLeft, testedProcesses} from './support/leftovers.ts'
import {startAction} from './support/run-action.ts'
import {startCli} from './support/run-cli.ts'
import {namesOf, openStand} from './support/stand.ts'
import {waitFor, waitUntil} from './support/wait.ts'

// What a run that is ended leaves: nothing. After SIGKILL, nothing once `post` has run.

const stand = await openStand()
/** An image with a volume: its containers have something to leave, too. */
const {tagged} = namesOf(stand, 'right-furnished')

const SIGNALS = [
  {signal: 'SIGINT', exitCode: 130, image: 'right-symlink'},
  {signal: 'SIGTERM', exitCode: 143, image: 'wrong-symlink'},
] as const

const BY_EACH_WAY = SIGNALS.flatMap(signal => EXPORT_WAYS.map(way => ({...signal, way})))

/** After SIGINT the runner waits as long before it sends SIGTERM. */
const PATIENCE_MS = 7500

/**
 * Where a run can be held: at a command of docker's or a request in its place, or
 * by a registry in the middle of a pull.
 */
interface Hold {
  readonly image: string
  readonly env: Readonly<Record<string, string>>
  reached(): Promise<void>
  release(): Promise<void>
}

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test.each(SIGNALS)('$signal in the middle of a pull', async ({signal, exitCode, ...slow}) => {
    await atPull(slow.image, async ({image, reached}) => {
      const action = await startAction(stand, {engine, inputs: {image}})
      await reached()
      const sent = performance.now()
      process.kill(action.pid, signal)
      expectProblem(await action.ended, /^Could not check: the run was cancelled/, exitCode)
      expect(performance.now() - sent).toBeLessThan(PATIENCE_MS)
    })
  })

  test.each(BY_EACH_WAY)('$signal while files are read by the $way', async ({signal, exitCode, way}) => {
    await atExport(store, `export-${signal}`, way, async ({image, env, reached}) => {
      const action = await startAction(stand, {engine, inputs: {image}, env})
      await reached()
      process.kill(action.pid, signal)
      expectProblem(await action.ended, /^Could not check: the run was cancelled/, exitCode)
    })
  })

  // The one thing that is not cut off: a container whose id nobody knows could not be removed.
  test('SIGINT while a container is made', async () => {
    await atCommand(store, 'create', 'create', async ({image, env, reached, release}) => {
      const action = await startAction(stand, {engine, inputs: {image, concurrency: '1'}, env})
      await reached()
      process.kill(action.pid, 'SIGINT')
      await release()
      expectProblem(await action.ended, /^Could not check: the run was cancelled/, 130)
    })
  })

  test('SIGINT to the command in the middle of a pull', async () => {
    await atPull('right-path', async ({image, reached}) => {
      const cli = startCli(stand, engine, [image])
      await reached()
      process.kill(cli.pid, 'SIGINT')
      const {exitCode, stdout, stderr} = await cli.ended
      expect({exitCode, stdout}).toEqual({exitCode: 130, stdout: ''})
      expect(stderr).toContain('the run was cancelled')
    })
  })

  test('SIGKILL in the middle of a pull, which then comes to its end: post removes the image', async () => {
    await atPull('wrong-path', async ({image, reached, release}) => {
      const before = await engineLeftovers(engine)
      const action = await startAction(stand, {engine, inputs: {image, platforms: 'linux/arm64'}})
      await reached()
      process.kill(action.pid, 'SIGKILL')
      const killed = await action.ended
      expect(killed.exitCode).toBe(137)
      expect(killed.outputs).toMatchObject({verified: 'false', images: ''})
      await release()
      await waitUntil('the pull has ended', async () => (await testedProcesses(stand)).length === 0)
      expect((await engineLeftovers(engine)).images).toHaveLength(before.images.length + 1)
      expect(await killed.post()).toMatchObject({exitCode: 0, log: ''})
      expect(await engineLeftovers(engine)).toEqual(before)
    })
  })

  test.each(EXPORT_WAYS)('SIGKILL while files are read by the %s: post removes containers and images', async way => {
    await atExport(store, 'killed', way, async ({image, env, reached}) => {
      const before = await engineLeftovers(engine)
      const action = await startAction(stand, {engine, inputs: {image}, env})
      await reached()
      process.kill(action.pid, 'SIGKILL')
      // The runner kills the whole tree.
      for (const {pid} of await testedProcesses(stand)) process.kill(pid, 'SIGKILL')
      const killed = await action.ended
      const left = await engineLeftovers(engine)
      expect(left.containers.length).toBeGreaterThan(before.containers.length)
      expect(left.images.length).toBeGreaterThan(before.images.length)
      expect(left.volumes.length).toBeGreaterThan(before.volumes.length)
      expect(await killed.post()).toMatchObject({exitCode: 0, log: ''})
      expect(await engineLeftovers(engine)).toEqual(before)
    })
  })

  test('post after a run that came to its end has nothing to say', async () => {
    const action = await startAction(stand, {engine, inputs: {image: tagged, platforms: 'linux/arm64'}})
    const {post, exitCode} = await action.ended
    expect(exitCode).toBe(0)
    expect(await post()).toMatchObject({exitCode: 0, log: '', outputs: {}, summary: ''})
  })
})

/**
 * Each pull that is cut off needs an image of its own: containerd's store keeps a lease on what such a pull had begun,
 * and what a later one brings stays there under it, so that a third asks the registry for nothing.
 */
async function atPull(name: ImageName, body: (hold: Hold) => Promise<void>): Promise<void> {
  const slow = await startSlowRegistry(stand.registry)
  try {
    const image = namesOf(stand, name).tagged.replace(stand.registry.address, slow.address)
    await body({image, env: {}, reached: () => waitFor('a pull', slow.waiting), release: async () => slow.release()})
  } finally {
    await slow.stop()
  }
}

async function atExport(
  store: Store,
  name: string,
  way: ExportWay,
  body: (hold: Hold) => Promise<void>,
): Promise<void> {
  const hold = await holdExport(stand, stand.engines[store], `${name}-${store}-${way}`, way)
  try {
    await body({image: tagged, ...hold})
  } finally {
    await hold.close()
  }
}

async function atCommand(
  store: Store,
  name: string,
  command: string,
  body: (hold: Hold) => Promise<void>,
): Promise<void> {
  const shim = await makeDockerShim(stand, `${name}-${store}`, command)
  try {
    const env = {PATH: `${shim.folder}:${stand.engines[store].env().PATH}`}
    await body({image: tagged, env, reached: shim.reached, release: shim.release})
  } finally {
    await shim.close()
  }
}
