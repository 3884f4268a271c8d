import type {ImageConfig} from '../../image/config.ts'
import {cleanPath} from '../resolved-path.ts'
import {EMPTY_WORLD, type World, withDoubt} from './world.ts'

/** What an engine puts into every container by itself: moby daemon/container_operations_unix.go, runc, Kubernetes. */
const ENGINE_FILES = ['/etc/resolv.conf', '/etc/hosts', '/etc/hostname', '/etc/mtab', '/.dockerenv']
/** What engines mount over, whatever the image has there: moby daemon/pkg/oci/defaults.go DefaultMounts. */
const MOUNTED = ['/proc', '/sys', '/dev']
/** Where engines and orchestrators mount what is not in any image. */
const ENGINE_DIRECTORIES = ['/run/secrets', '/var/run/secrets', '/run/configs']

/**
 * The files of a container before its first process: those of the image, and at or below its volumes what a user may
 * have mounted there. What the image has in a volume is there, since engines fill a new volume from the image.
 */
export function initialWorld({volumes}: Pick<ImageConfig, 'volumes'>): World {
  let world = EMPTY_WORLD
  for (const volume of volumes) {
    const below = cleanPath(`/${volume}`)
    if (below !== '/') world = withDoubt(world, {below, grade: 'made', by: `the volume ${below}`})
  }
  for (const below of MOUNTED) world = withDoubt(world, {below, grade: 'replaced', by: 'a mount of the engine'})
  for (const below of [...ENGINE_FILES, ...ENGINE_DIRECTORIES]) {
    world = withDoubt(world, {below, grade: 'made', by: 'the engine'})
  }
  return world
}
