import type {ImageConfig} from '../../src/image/config.ts'

/** A config of which a test gives only what it is about. */
export function imageConfig(given: Partial<ImageConfig> = {}): ImageConfig {
  return {
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    created: undefined,
    entrypoint: [],
    cmd: [],
    workingDir: '',
    env: [],
    user: '',
    volumes: [],
    labels: [],
    healthcheck: undefined,
    history: [],
    diffIds: [],
    ...given,
  }
}
