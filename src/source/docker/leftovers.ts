import {listContainers, removeContainer} from './containers.ts'
import type {DockerCli} from './docker-cli.ts'
import {removeImage} from './pulls.ts'

/** Removes what a killed run left in the daemon: its containers by their label, then the images that it had pulled. */
export async function removeLeftovers(cli: DockerCli, run: string, images: readonly string[]): Promise<void> {
  for (const id of await listContainers(cli, run)) await removeContainer(cli, id)
  for (const image of images) await removeImage(cli, image)
}
