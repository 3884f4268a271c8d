import {type DockerCli, DUMMY_ARGUMENT} from './docker-cli.ts'

/** Every container that we create carries this label, with the run's own id as its value. */
export const RUN_LABEL = 'io.github.verify-image-arch.run'

/** Creates a container that is never started, only to be looked into. Returns its id. */
export async function createContainer(cli: DockerCli, image: string, run: string, platform?: string): Promise<string> {
  return cli.text([
    'create',
    '--pull',
    'never',
    '--network',
    'none',
    '--label',
    `${RUN_LABEL}=${run}`,
    // The engine makes the working directory at once, and no container where that
    // cannot be: what it is, the image says.
    '--workdir',
    '/',
    ...(platform === undefined ? [] : ['--platform', platform]),
    image,
    DUMMY_ARGUMENT,
  ])
}

/** Removes a container and the anonymous volumes that its image declares; one that is gone already is no failure. */
export async function removeContainer(cli: DockerCli, id: string): Promise<void> {
  const result = await cli.attempt(['rm', '--force', '--volumes', id])
  if (!result.ok && !/no such container/i.test(result.stderr)) throw result.error
}

/** The containers of a run that are still there. */
export async function listContainers(cli: DockerCli, run: string): Promise<string[]> {
  const ids = await cli.text(['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${RUN_LABEL}=${run}`])
  return ids.split('\n').filter(id => id !== '')
}
