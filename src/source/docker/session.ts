import type {Reference} from '../../image/reference.ts'
import type {Attestation, ImageRoot, ImageSource, PlatformEntry, PlatformImage} from '../../image/source.ts'
import {defined} from '../../lib/defined.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf} from '../../lib/over-limit.ts'
import {type Clock, SYSTEM_CLOCK, tellingPauses} from '../../net/clock.ts'
import type {Waits} from '../../net/waits.ts'
import type {Progress} from '../progress.ts'
import {cleaningProcesses} from './cleaning.ts'
import {type DockerCli, dockerCli} from './docker-cli.ts'
import {withEngineSocket} from './engine-client.ts'
import {findEngineSocket} from './engine-socket.ts'
import type {SavingOptions} from './saved-image.ts'

/** What the docker reader needs of the process that it runs in. */
export interface DockerEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly run: string
  announceDaemon(): void
  announcePull(reference: string): void
  /** Told of every command, until it has ended. */
  readonly waits?: Waits
  /** Told where long work stands. */
  readonly progress?: Progress
  /** Told of every secret before it is used, so that no log shows it. */
  mask(secret: string): void
  /** Told of what could not be removed. */
  warn(message: string): void
  /** A folder for an image that has to be saved. */
  readonly temporary: string
}

/** What both kinds of image, in a registry or in the daemon alone, are looked into with. */
export interface Session {
  readonly cli: DockerCli
  /** Outlives a cancelled run for a moment, so that what it creates is known. */
  readonly creator: DockerCli
  /** Outlives a cancelled run for a while, to remove what it created. */
  readonly cleaner: DockerCli
  readonly run: string
  readonly progress: Progress | undefined
  readonly limits: Limits
  readonly saving: SavingOptions
  readonly clock: Clock
  readonly signal: AbortSignal
  /** The registry's own reader: docker shows no attestation as it is. */
  openRegistry(reference: Reference): Promise<ImageSource>
}

/** An image that was found. */
export interface OpenedImage {
  readonly root: ImageRoot
  readonly isInRegistry: boolean
  platformImage(entry: PlatformEntry): Promise<PlatformImage>
  attestations(entry: PlatformEntry, predicateType: string): Promise<readonly Attestation[]>
  close(): Promise<void>
}

/** All that images of a run have in common. */
export function openSession(environment: DockerEnvironment, limits: Limits = DEFAULT_LIMITS): Session {
  const {env, signal, run, progress, temporary, waits} = environment
  const mask = (secret: string): void => environment.mask(secret)
  const clock = tellingPauses(SYSTEM_CLOCK, waits, 'the registry, which is asked again after a pause')
  const outputLimit = boundOf(limits, 'docker-output-bytes')
  const client = dockerCli({env, signal, clock, outputLimit, ...defined({waits})}, mask)
  // Looked for beside the first questions about the image, of which a run that waits is told.
  const socket = findEngineSocket(dockerCli({env, signal}), env, signal)
  const cli = withEngineSocket(client, {signal, waits, socket: () => socket})
  const {creating, removing} = cleaningProcesses({env, signal, run, waits, warn: text => environment.warn(text)})
  return {
    cli,
    creator: dockerCli(creating),
    cleaner: dockerCli(removing),
    run,
    progress,
    limits,
    saving: {cli, signal, temporary, limits},
    clock,
    signal,
    openRegistry: async reference => {
      // Only who asks for an attestation waits for it.
      const {openRegistry} = await import('../registry/open-registry.ts')
      return openRegistry({text: reference.name, reference, limits}, {env, signal, mask})
    },
  }
}
