import {cp} from 'node:fs/promises'
import {join} from 'node:path'
import type {Engine} from '../ground/engine.ts'
import {type Ground, startGround} from '../ground/ground.ts'
import {run} from '../ground/run.ts'
import {buildImages, type ImageName, makeContext} from './images.ts'
import {REPOSITORY} from './repository.ts'
import {publishStand} from './stand.ts'

/** Kept for the teardown: jest runs both in this one world, and the tests in others. */
export const grounds: Ground[] = []

/** Brings up what all test files stand on; `grounds` has what there is to take away again. */
export async function setUp(): Promise<void> {
  const ground = await startGround()
  grounds.push(ground)
  try {
    const {folder, scratch, tools, registry, engines, builder} = ground
    const dist = join(scratch, 'dist')
    const context = await makeContext(scratch)
    const [digests] = await Promise.all([buildImages(builder, context, registry), buildDist(dist)])
    await Promise.all(Object.values(engines).map(engine => makeResident(engine, registry.address)))
    await publishStand({folder, scratch, tools, registry, engines, builder, dist, context, digests})
  } catch (error) {
    await ground.stop()
    throw error
  }
}

/** Builds dist/ from the sources as they are, so that nothing old is tested. */
async function buildDist(copy: string): Promise<void> {
  await run(process.execPath, [join('scripts', 'build.ts')], {cwd: REPOSITORY})
  await cp(join(REPOSITORY, 'dist'), copy, {recursive: true})
}

/** Somebody else's image and container, which must still be there after every test. */
async function makeResident(engine: Engine, registry: string): Promise<void> {
  const name = 'resident' satisfies ImageName
  const image = `${registry}/e2e/${name}:1`
  const env = {...process.env, ...engine.env()}
  await run('docker', ['pull', '--quiet', image], {env})
  await run('docker', ['create', '--pull', 'never', '--name', name, image], {env})
}
