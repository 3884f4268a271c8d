import {randomUUID} from 'node:crypto'
import {SourceError} from '../../errors.ts'
import {withRollback} from '../../lib/cleanup.ts'
import {type DockerCli, DUMMY_ARGUMENT} from './docker-cli.ts'

/** Every container that we create carries this label, with the run's own id as its value. */
export const RUN_LABEL = 'io.github.verify-image-arch.run'

const ID = /^[0-9a-f]{64}$/

/**
 * Creates a container that is never started, only to be looked into. Returns its id. Where docker does not print the id
 * of what it may have made (an engine that is started anew meanwhile), that is removed by its name.
 */
export async function createContainer(
  {creator, cleaner}: {readonly creator: DockerCli; readonly cleaner: DockerCli},
  image: string,
  run: string,
  platform?: string,
): Promise<string> {
  const name = `verify-image-arch-${randomUUID()}`
  return withRollback(
    async () => {
      const id = await creator.text([
        ...['create', '--pull', 'never', '--network', 'none', '--name', name, '--label', `${RUN_LABEL}=${run}`],
        // The engine makes the working directory at once, and no container where that
        // cannot be: what it is, the image says.
        ...['--workdir', '/'],
        ...(platform === undefined ? [] : ['--platform', platform]),
        ...[image, DUMMY_ARGUMENT],
      ])
      if (ID.test(id)) return id
      throw new SourceError('unavailable', `docker create of ${image} printed something that is not a container's id`)
    },
    () => removeContainer(cleaner, name),
  )
}

/** Removes a container and the anonymous volumes that its image declares; one that is gone already is not a failure. */
export async function removeContainer(cli: DockerCli, id: string): Promise<void> {
  const result = await cli.attempt(['rm', '--force', '--volumes', id])
  if (!result.ok && !/no such container/i.test(result.stderr)) throw result.error
}

/** The containers of a run that are still there. */
export async function listContainers(cli: DockerCli, run: string): Promise<string[]> {
  const ids = await cli.text(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${RUN_LABEL}=${run}`])
  return ids.split('\n').filter(id => id !== '')
}
