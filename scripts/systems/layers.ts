import {type DebianArch, isUsual} from './architectures.ts'
import {type Deb, downloadDebs, filterMultiArch, renewLists, resolveDebs, unpackDebs} from './debian.ts'
import {type CachedLayer, cachedLayer} from './layer.ts'
import {fillNodeModules, nodeModulesKey} from './node-modules.ts'
import {BASE, type System, suiteOf} from './system.ts'
import {fillWheels, wheelsKey} from './wheels.ts'

/** A layer of a system, and what made it, as a Dockerfile might. */
export interface SystemLayer {
  readonly layer: CachedLayer
  readonly createdBy: string
}

/** The layers of a system for one architecture, lowest first, fetched and made where the cache does not have them. */
export async function systemLayers(system: System, arch: DebianArch): Promise<readonly SystemLayer[]> {
  const suite = suiteOf(system, arch)
  const layers = [await baseLayer(arch, suite)]
  const names = [...system.debian, ...(system.only?.[arch] ?? [])]
  if (names.length > 0) layers.push(await withFreshLists(arch, suite, () => debianLayer(system, arch, names)))
  const {shared, npm, wheels} = system
  if (shared) layers.push(await withFreshLists('amd64', SHARED_SUITE, () => sharedLayer(system.id, shared)))
  if (npm && isUsual(arch)) {
    layers.push({
      layer: await cachedLayer(
        `${system.id}-npm-${npm.allPlatforms ? 'all' : arch}`,
        nodeModulesKey(npm, arch),
        folder => fillNodeModules(npm, arch, folder),
      ),
      createdBy: 'COPY node_modules /app/node_modules',
    })
  }
  if (wheels && isUsual(arch)) {
    layers.push({
      layer: await cachedLayer(`${system.id}-wheels-${arch}`, wheelsKey(wheels, arch), folder =>
        fillWheels(wheels, arch, folder),
      ),
      createdBy: `RUN pip install ${wheels.join(' ')}`,
    })
  }
  return layers
}

/** The base that all systems of an architecture and a release stand on. */
export async function baseLayer(arch: DebianArch, suite: string): Promise<SystemLayer> {
  return withFreshLists(arch, suite, async () => {
    const debs = await resolveDebs(arch, BASE, suite)
    const layer = await cachedLayer(`base-${arch}`, fileNames(debs), async folder => {
      await downloadDebs(arch, BASE, suite)
      await unpackDebs(debs, arch, folder)
    })
    return {layer, createdBy: 'ADD rootfs.tar /'}
  })
}

/** The packages of a system that are not in its base; downloaded only where the cache does not have the layer. */
async function debianLayer(system: System, arch: DebianArch, names: readonly string[]): Promise<SystemLayer> {
  const suite = suiteOf(system, arch)
  const all = [...BASE, ...names]
  const base = fileNames(await resolveDebs(arch, BASE, suite))
  const own = (await resolveDebs(arch, all, suite)).filter(({file}) => !base.includes(file))
  const foreign = system.foreign?.[arch]
  const others = foreign ? await resolveDebs(foreign.arch, foreign.packages, suite) : []
  // What a package is can only be seen in it: those of a second architecture are downloaded in any case.
  if (foreign) await downloadDebs(foreign.arch, foreign.packages, suite)
  const debs = [...own, ...(await filterMultiArch(others))]
  const words = [...names, ...(foreign?.packages.map(name => `${name}:${foreign.arch}`) ?? [])]
  return {
    layer: await cachedLayer(`${system.id}-${arch}`, fileNames(debs), async folder => {
      await downloadDebs(arch, all, suite)
      await unpackDebs(debs, arch, folder)
    }),
    createdBy: `RUN apt-get install ${words.join(' ')}`,
  }
}

/** Where the packages are from that are the same for every architecture. */
const SHARED_SUITE = 'bookworm'

async function sharedLayer(id: string, names: readonly string[]): Promise<SystemLayer> {
  const debs = (await resolveDebs('amd64', names, SHARED_SUITE)).filter(
    ({file, name}) => names.includes(name) && file.endsWith('_all.deb'),
  )
  if (debs.length < names.length) throw new Error(`of ${names.join(' ')} some are not for every architecture`)
  const layer = await cachedLayer(`${id}-shared`, fileNames(debs), async folder => {
    await downloadDebs('amd64', names, SHARED_SUITE)
    await unpackDebs(debs, 'amd64', folder)
  })
  return {layer, createdBy: `COPY ${names.join(' ')} /`}
}

async function withFreshLists<T>(arch: DebianArch, suite: string, make: () => Promise<T>): Promise<T> {
  return make().catch(async () => {
    await renewLists(arch, suite)
    return make()
  })
}

function fileNames(debs: readonly Deb[]): readonly string[] {
  return debs.map(({file}) => file)
}
