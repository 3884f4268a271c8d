import type {Engine} from '../ground/engine.ts'
import {makeDockerShim} from './docker-shim.ts'
import {holdSocket} from './held-socket.ts'
import type {Stand} from './stand.ts'

/** How a container is read: by docker's own client, or by what it would ask the engine for. */
export const EXPORT_WAYS = ['client', 'socket'] as const
export type ExportWay = (typeof EXPORT_WAYS)[number]

/** A place where a run waits before it reads a container, until it is told to go on. */
export interface HeldExport {
  /** Laid over the environment of the program. */
  readonly env: Readonly<Record<string, string>>
  /** Resolves when somebody has begun to wait. */
  reached(): Promise<void>
  /** Lets all that wait, and all that come, go on. */
  release(): Promise<void>
  close(): Promise<void>
}

/** The names of two that are open at the same time must differ. */
export async function holdExport(stand: Stand, engine: Engine, name: string, way: ExportWay): Promise<HeldExport> {
  if (way === 'socket') return holdSocket(stand, name, engine, /^GET \/v[\d.]+\/containers\/[0-9a-f]+\/export /)
  const {folder, ...shim} = await makeDockerShim(stand, name, 'export')
  // Which API is spoken is the client's to choose then, so it does everything.
  return {env: {PATH: `${folder}:${engine.env().PATH}`, DOCKER_API_VERSION: '1.51'}, ...shim}
}
