import {resolve} from 'node:path'
import type {Location} from '../image/location.ts'
import type {ImageSource} from '../image/source.ts'
import {LayerPool} from '../rootfs/index.ts'
import {openDockerArchive} from './archive/docker-archive.ts'
import {openOciArchive} from './archive/oci-archive.ts'
import {dockerCli} from './docker/cli.ts'
import {removeLeftovers as removeFromDaemon} from './docker/leftovers.ts'
import {dockerImages} from './docker/source.ts'
import {openLayout} from './layout.ts'
import {PROGRAM_REHEARSAL} from './rehearsal.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What readers need of the process that they run in. */
export interface Surroundings {
  readonly env: Environment
  /** Aborting ends all reading; what was created is removed all the same. */
  readonly signal: AbortSignal
  /** Marks what this run creates in a daemon. */
  readonly run: string
  /** Told before anything is created in a daemon. */
  announceDaemon(): void
  /** Told of an image before it is pulled into the daemon. */
  announcePull(reference: string): void
  /** Told of every secret before it is used, so that no log shows it. */
  mask(secret: string): void
  /** Told of what is left aside, credentials that cannot be had for one. */
  warn(message: string): void
  /** A folder for an archive that is compressed as a whole. */
  readonly temporary: string
}

/** Opens the images of a run, each where its transport says that it is. What they have in common is read once. */
export function imageOpener(surroundings: Surroundings): (location: Location) => Promise<ImageSource> {
  const {env, signal, mask, warn} = surroundings
  const openDockerImage = dockerImages(surroundings)
  const layers = new LayerPool({rehearsal: PROGRAM_REHEARSAL})
  const archiveOf = ({text, path}: {readonly text: string; readonly path: string}) => ({
    reference: text,
    file: resolve(path),
    temporary: surroundings.temporary,
    signal,
    layers,
  })
  return async location => {
    switch (location.transport) {
      case 'docker':
      case 'docker-daemon':
        return openDockerImage(location)
      case 'registry': {
        // node's https takes longer to load than all the rest: only who needs it waits for it.
        const {openRegistry} = await import('./registry/source.ts')
        return openRegistry({...location, layers}, {env, signal, mask, warn})
      }
      case 'oci':
        return openLayout({reference: location.text, directory: resolve(location.path), tag: location.tag, layers})
      case 'oci-archive':
        return openOciArchive({...archiveOf(location), tag: location.tag})
      case 'docker-archive':
        return openDockerArchive({...archiveOf(location), image: location.image})
    }
  }
}

/** Removes what a run that was killed has left. */
export async function removeLeftovers(left: {
  readonly env: Environment
  readonly run: string
  readonly pulls: readonly string[]
}): Promise<void> {
  await removeFromDaemon(dockerCli({env: left.env}), left.run, left.pulls)
}
