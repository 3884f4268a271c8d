import {randomBytes} from 'node:crypto'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type Daemon, startDaemon} from './daemon.ts'
import type {Tools} from './tools.ts'

/** A registry on loopback, accessed over plain HTTP, from which manifests and blobs can be deleted. */
export interface Registry {
  /** `127.0.0.1:PORT`: the first component of the references to its images. */
  readonly address: string
  readonly daemon: Daemon
  stop(): Promise<void>
}

/** How a registry differs from the plain one. https://distribution.github.io/distribution/about/configuration/ */
export interface RegistryOptions {
  /** Where the contents are, if another registry has them already. */
  readonly data?: string
  /** The configuration's `auth`. */
  readonly auth?: object
  /** Files: speaks HTTPS and nothing else. */
  readonly tls?: {readonly certificate: string; readonly key: string}
}

/** Starts Debian's `docker-registry` with its data in `folder`, on a port that the kernel chooses. */
export async function startRegistry(
  tools: Pick<Tools, 'docker-registry'>,
  folder: string,
  env: NodeJS.ProcessEnv,
  {data = join(folder, 'data'), auth, tls}: RegistryOptions = {},
): Promise<Registry> {
  await mkdir(folder, {recursive: true})
  const config = {
    version: 0.1,
    log: {level: 'info', accesslog: {disabled: true}},
    storage: {filesystem: {rootdirectory: data}, delete: {enabled: true}},
    http: {addr: '127.0.0.1:0', secret: randomBytes(16).toString('hex'), ...(tls ? {tls} : {})},
    ...(auth ? {auth} : {}),
  }
  const path = join(folder, 'config.yml')
  // Every JSON text is YAML.
  await writeFile(path, JSON.stringify(config))
  const daemon = startDaemon({
    command: tools['docker-registry'],
    args: ['serve', path],
    env: {...env, OTEL_TRACES_EXPORTER: 'none'},
    log: join(folder, 'registry.log'),
  })
  const address = await daemon
    .waitFor(async () => /listening on (127\.0\.0\.1:\d+)/.exec(await daemon.readLog())?.[1])
    .catch(async (error: unknown) => {
      await daemon.stop()
      throw error
    })
  return {address, daemon, stop: () => daemon.stop()}
}
