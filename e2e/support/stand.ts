import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Engine, type Store, startEngine} from '../ground/engine.ts'
import {type Ground, serverEnvironment} from '../ground/ground.ts'
import type {Registry} from '../ground/registry.ts'
import type {ImageName} from './images.ts'

/** The variable that tells a test file where the stand is described. */
const VARIABLE = 'VERIFY_IMAGE_ARCH_STAND'

/** What all test files of a run stand on: one ground, one build of dist, and the images in its registry. */
export interface Stand extends Pick<Ground, 'folder' | 'scratch' | 'tools' | 'engines' | 'builder'> {
  /** A copy of dist/, so that nobody who builds meanwhile changes what is tested. */
  readonly dist: string
  /** The build context of all images. */
  readonly context: string
  readonly registry: Pick<Registry, 'address'>
  /** The digests of the images that were built and pushed. */
  readonly digests: Readonly<Record<ImageName, string>>
}

/** An engine as it is written down: without its functions. */
interface WrittenEngine extends Omit<Engine, 'env' | 'stop'> {
  readonly client: ReturnType<Engine['env']>
}

interface Written extends Omit<Stand, 'engines' | 'builder'> {
  readonly engines: Readonly<Record<Store, WrittenEngine>>
  readonly builder: WrittenEngine
}

/** Writes down where everything is, for the test files, which live in other worlds than the one that started it. */
export async function publishStand(stand: Stand): Promise<void> {
  const {folder, scratch, tools, dist, context, digests} = stand
  const written: Written = {
    ...{folder, scratch, tools, dist, context, digests},
    registry: {address: stand.registry.address},
    engines: {classic: writtenEngine(stand.engines.classic), containerd: writtenEngine(stand.engines.containerd)},
    builder: writtenEngine(stand.builder),
  }
  const path = join(scratch, 'stand.json')
  await writeFile(path, JSON.stringify(written))
  process.env[VARIABLE] = path
}

/** The stand that this run of jest has started. */
export async function openStand(): Promise<Stand> {
  const path = process.env[VARIABLE]
  if (path === undefined) throw new Error('no stand was started: run the end-to-end tests by `npm run e2e`')
  // Written by publishStand.
  const written = JSON.parse(await readFile(path, 'utf8')) as Written
  const {classic, containerd} = written.engines
  return {
    ...written,
    engines: {classic: connected(classic), containerd: connected(containerd)},
    builder: connected(written.builder),
  }
}

/** One more engine, for a test that takes it away again; whoever starts it stops it. */
export async function startOwnEngine({folder, tools, engines}: Stand, store: Store, name: string): Promise<Engine> {
  const dockerConfig = engines[store].env().DOCKER_CONFIG
  return startEngine(store, join(folder, name), {tools, dockerConfig, env: serverEnvironment(folder)})
}

function writtenEngine({name, socket, pid, env}: Engine): WrittenEngine {
  return {name, socket, pid, client: env()}
}

function connected({client, ...engine}: WrittenEngine): Engine {
  const stop = (): never => {
    throw new Error(`the ${engine.name} engine is shared by all tests: only its ground stops it`)
  }
  return {...engine, env: () => client, stop}
}

/** What an image of the registry is called. */
export function namesOf({registry, digests}: Pick<Stand, 'registry' | 'digests'>, name: ImageName) {
  const repository = `${registry.address}/e2e/${name}`
  return {repository, tagged: `${repository}:1`, digested: `${repository}@${digests[name]}`}
}
