import {SourceError} from '../../errors.ts'
import type {Location} from '../../image/location.ts'
import {type Reference, referenceTo} from '../../image/reference.ts'
import type {Document, ImageSource, PlatformEntry, PlatformImage} from '../../image/source.ts'
import {withCleanup, withRollback} from '../../lib/cleanup.ts'
import {formatPlatform} from '../../platform/index.ts'
import type {Progress} from '../progress.ts'
import {type DockerCli, dockerCli} from './cli.ts'
import {createContainer, removeContainer} from './containers.ts'
import {readDaemonDocument} from './daemon-document.ts'
import {inspectImage} from './inspect.ts'
import {pauseUnder, untilFound} from './lag.ts'
import {type Pulls, trackPulls} from './pulls.ts'
import {type RegistryDocument, readRegistryDocument} from './registry-document.ts'
import {containerRootFs} from './rootfs.ts'

/** What the docker reader needs of the process that it runs in. */
export interface DockerSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly run: string
  announceDaemon(): void
  announcePull(reference: string): void
  /** Told where long work stands. */
  readonly progress?: Progress
}

type DockerLocation = Extract<Location, {transport: 'docker' | 'docker-daemon'}>

/** What both kinds of image, in a registry or in the daemon alone, are looked into with. */
interface Session {
  readonly cli: DockerCli
  /** Outlives a cancelled run, to remove what it created. */
  readonly cleaner: DockerCli
  readonly run: string
  readonly progress: Progress | undefined
  pause(ms: number): Promise<void>
}

/**
 * Opens images by way of the docker engine: the index from the registry, each platform by pulling the child digest into the
 * daemon and looking into a container that is created and never started. What only the daemon has is looked into there.
 * All images of a run are opened by one such function: they may share manifests, which are pulled and removed once.
 */
export function dockerImages(surroundings: DockerSurroundings): (location: DockerLocation) => ImageSource {
  const {env, signal, run} = surroundings
  const session: Session = {
    cli: dockerCli({env, signal}),
    cleaner: dockerCli({env}),
    run,
    progress: surroundings.progress,
    pause: pauseUnder(signal),
  }
  const pulls = trackPulls(session, surroundings.announcePull)
  return ({transport, text, reference}) => {
    let name: string | undefined
    let opened: Promise<Opened> | undefined
    const open = (): Promise<Opened> => {
      surroundings.announceDaemon()
      opened ??=
        transport === 'docker-daemon' ? openInDaemon(session, reference) : openByName(session, pulls, reference)
      return opened
    }
    return {
      reference: text,
      // What only the daemon has, nobody can sign, whatever its name says.
      get name() {
        return name
      },
      root: async () => {
        const {document, isInRegistry} = await open()
        if (isInRegistry) name = reference.name
        return document
      },
      platformImage: async entry => (await open()).platformImage(entry),
      close: async () => {
        await (await opened?.catch(() => undefined))?.close()
      },
    }
  }
}

interface Opened {
  readonly document: Document
  readonly isInRegistry: boolean
  platformImage(entry: PlatformEntry): Promise<PlatformImage>
  close(): Promise<void>
}

/** The registry first. What it does not have, or does not show us, may be in the daemon only: `docker build --load`. */
async function openByName(session: Session, pulls: Pulls, reference: Reference): Promise<Opened> {
  let document: RegistryDocument
  try {
    const read = () => readRegistryDocument(session.cli, reference)
    document = await (reference.digest === undefined ? read() : untilFound(read, session.pause))
  } catch (thrown) {
    const isAbsent = thrown instanceof SourceError && (thrown.code === 'not-found' || thrown.code === 'denied')
    if (!isAbsent || reference.digest !== undefined) throw thrown
    const inDaemon = await openInDaemon(session, reference).catch(() => undefined)
    if (inDaemon === undefined) throw thrown
    return inDaemon
  }
  if (document.other !== undefined) {
    throw new SourceError('unsupported', `${reference.name} is an ${document.other}, not an image`)
  }
  return openInRegistry(session, pulls, reference, document)
}

async function openInRegistry(
  session: Session,
  pulls: Pulls,
  reference: Reference,
  registry: RegistryDocument,
): Promise<Opened> {
  const held: string[] = []
  const hold = async (named: string): Promise<void> => {
    held.push(named)
    await pulls.ensure(named)
  }
  const close = async (): Promise<void> => {
    for (const named of held.splice(0)) await pulls.release(named)
  }
  const entries = await withRollback(() => readEntries(session, hold, reference, registry), close)
  const others = registry.children.flatMap(child => (child.kind === 'other' ? [child.entry] : []))
  return {
    document: {kind: registry.kind, descriptor: registry.descriptor, entries, others},
    isInRegistry: true,
    platformImage: async entry => {
      const named = referenceTo(reference, entry.descriptor.digest)
      return lookInside(session, entry, named, {
        // Never with --platform: both image stores choose wrongly by it where index and config disagree.
        prepare: () => pulls.ensure(named),
        finish: () => pulls.release(named),
      })
    },
    close,
  }
}

/** The platforms as the index claims them; where it does not, the config tells, for which the image has to be pulled. */
async function readEntries(
  {cli}: Session,
  hold: (named: string) => Promise<void>,
  reference: Reference,
  {children}: RegistryDocument,
): Promise<PlatformEntry[]> {
  const entries: PlatformEntry[] = []
  for (const child of children) {
    if (child.kind === 'platform') entries.push(child.entry)
    if (child.kind !== 'unclaimed') continue
    const named = referenceTo(reference, child.descriptor.digest)
    await hold(named)
    const {config} = await inspectImage(cli, named)
    entries.push({platform: config.platform, descriptor: child.descriptor, claimedBy: 'config'})
  }
  return entries
}

async function openInDaemon(session: Session, reference: Reference): Promise<Opened> {
  const named = reference.digest
    ? referenceTo(reference, reference.digest)
    : `${reference.name}:${reference.tag ?? 'latest'}`
  const {document, chosenByPlatform} = await readDaemonDocument(session.cli, named)
  return {
    document,
    isInRegistry: false,
    platformImage: entry =>
      lookInside(session, entry, named, chosenByPlatform ? {platform: formatPlatform(entry.platform)} : {}),
    close: async () => {},
  }
}

interface Looking {
  /** Given only where one name stands for several platforms in the daemon. */
  readonly platform?: string
  prepare?(): Promise<void>
  finish?(): Promise<void>
}

/** Creates the container to look into; removes it, and what was pulled for it, when the image is closed or cannot be opened. */
async function lookInside(
  session: Session,
  entry: PlatformEntry,
  named: string,
  looking: Looking,
): Promise<PlatformImage> {
  const {cli, cleaner, run} = session
  const progress: Progress = message => session.progress?.(() => `${formatPlatform(entry.platform)}: ${message()}`)
  let container: string | undefined
  const close = async (): Promise<void> => {
    const id = container
    container = undefined
    await withCleanup(
      async () => {
        if (id !== undefined) await removeContainer(cleaner, id)
      },
      async () => looking.finish?.(),
    )
  }
  return withRollback(async () => {
    await looking.prepare?.()
    const {config} = await inspectImage(cli, named, looking.platform)
    // Not cancellable: a create that is cut off may leave a container whose id nobody knows.
    container = await createContainer(cleaner, named, run, looking.platform)
    return {entry, config, layers: [], rootfs: containerRootFs(cli, container, progress), close}
  }, close)
}
