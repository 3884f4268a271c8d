import type {ImageConfig} from '../../image/config.ts'
import type {Cause, RootFs} from '../../image/rootfs.ts'
import {Budget} from '../budget.ts'
import {cleanPath} from '../resolved-path.ts'
import {viewWorld} from './view.ts'
import {EMPTY_WORLD, type World, withChange, withDoubt} from './world.ts'

/** What an engine puts into a container by itself: moby daemon/initlayer/setup_unix.go, podman-run(1). */
const ENGINE_FILES = ['/etc/mtab', '/.dockerenv', '/run/.containerenv']
const ENGINE: Cause = {kind: 'engine', name: 'the engine'}
/**
 * What engines mount over, whatever the image has there: moby daemon/pkg/oci/defaults.go DefaultMounts, and
 * daemon/container_operations_unix.go for the files of the network.
 */
const MOUNTED = ['/proc', '/sys', '/dev', '/etc/resolv.conf', '/etc/hosts', '/etc/hostname']
/** Where engines and orchestrators mount what is not in any image. */
const ENGINE_DIRECTORIES = ['/run/secrets', '/var/run/secrets', '/run/configs']

/**
 * The files of a container before its first process: those of the image, the directories that the engine makes, and at
 * or below its volumes what a user may have mounted there. What the image has in a volume is there, since engines fill
 * a new volume from the image. Throws OverBudget.
 */
export async function initialWorld(
  image: RootFs,
  {volumes}: Pick<ImageConfig, 'volumes'>,
  cwd: string,
  budget: Budget = new Budget(),
): Promise<World> {
  let world: World = {...EMPTY_WORLD, budget}
  for (const path of [...volumes.map(volume => cleanPath(`/${volume}`)), cwd])
    world = await withDirectory(image, world, path)
  for (const volume of volumes) {
    const below = cleanPath(`/${volume}`)
    if (below !== '/')
      world = withDoubt(world, {
        below: (await viewWorld(image, world).place(below)).at,
        grade: 'made',
        by: {kind: 'volume', name: `the volume ${below}`},
      })
  }
  for (const below of MOUNTED)
    world = withDoubt(world, {below, grade: 'replaced', by: {kind: 'mount', name: `the engine's mount of ${below}`}})
  for (const below of [...ENGINE_FILES, ...ENGINE_DIRECTORIES]) {
    world = withDoubt(world, {below, grade: 'made', by: ENGINE})
  }
  return world
}

/** A directory that the engine makes where it is missing, with those above it: runc, moby SetupWorkingDirectory. */
async function withDirectory(image: RootFs, before: World, path: string): Promise<World> {
  let world = before
  let at = ''
  for (const name of path.split('/').filter(part => part !== '')) {
    at += `/${name}`
    const place = await viewWorld(image, world).place(at)
    if (place.node) continue
    if (!place.isMakeable) return world
    const node = {path: place.at, kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    world = withChange(world, place.at, {kind: 'there', node, content: {kind: 'none'}, by: ENGINE})
  }
  return world
}
