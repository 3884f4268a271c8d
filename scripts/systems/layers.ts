import {type DebianArch, isUsual} from './architectures.ts'
import {type Deb, fetchDebs, filterMultiArch, unpackDebs} from './debian.ts'
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
  const foreign = system.foreign?.[arch]
  if (names.length > 0) {
    const own = await withoutBase(arch, suite, await fetchDebs(arch, [...BASE, ...names], suite))
    const others = foreign ? await filterMultiArch(await fetchDebs(foreign.arch, foreign.packages, suite)) : []
    const debs = [...own, ...others]
    const words = [...names, ...(foreign?.packages.map(name => `${name}:${foreign.arch}`) ?? [])]
    layers.push({
      layer: await cachedLayer(`${system.id}-${arch}`, fileNames(debs), folder => unpackDebs(debs, arch, folder)),
      createdBy: `RUN apt-get install ${words.join(' ')}`,
    })
  }
  const {npm, wheels} = system
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
  const debs = await fetchDebs(arch, BASE, suite)
  const layer = await cachedLayer(`base-${arch}`, fileNames(debs), folder => unpackDebs(debs, arch, folder))
  return {layer, createdBy: 'ADD rootfs.tar /'}
}

async function withoutBase(arch: DebianArch, suite: string, debs: readonly Deb[]): Promise<readonly Deb[]> {
  const base = fileNames(await fetchDebs(arch, BASE, suite))
  return debs.filter(({file}) => !base.includes(file))
}

function fileNames(debs: readonly Deb[]): readonly string[] {
  return debs.map(({file}) => file)
}
