import {resolve} from 'node:path'
import type {Location} from '../image/location.ts'
import type {ImageSource} from '../image/source.ts'
import {dockerCli} from './docker/cli.ts'
import {removeLeftovers as removeFromDaemon} from './docker/leftovers.ts'
import {dockerImages} from './docker/source.ts'
import {openLayout} from './layout.ts'

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
}

/** Opens the images of a run, each where its transport says that it is. */
export function imageOpener(surroundings: Surroundings): (location: Location) => Promise<ImageSource> {
  const openDockerImage = dockerImages(surroundings)
  return async location => {
    switch (location.transport) {
      case 'docker':
      case 'docker-daemon':
        return openDockerImage(location)
      case 'oci':
        return openLayout({reference: location.text, directory: resolve(location.directory), tag: location.tag})
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
