import {SourceError} from '../../errors.ts'
import type {Location} from '../../image/location.ts'
import {type Reference, referenceTo} from '../../image/reference.ts'
import type {
  Attestation,
  FileOrigins,
  ImageRoot,
  ImageSource,
  PlatformEntry,
  PlatformImage,
} from '../../image/source.ts'
import {withCleanup, withRollback} from '../../lib/cleanup.ts'
import {formatPlatform} from '../../platform/index.ts'
import {isAttestationOf} from '../blobs/attestations.ts'
import type {Progress} from '../progress.ts'
import {type DockerCli, dockerCli} from './cli.ts'
import {createContainer, removeContainer} from './containers.ts'
import {readDaemonDocument} from './daemon-document.ts'
import {inspectImage} from './inspect.ts'
import {pauseUnder, untilFound} from './lag.ts'
import {type Pulls, trackPulls} from './pulls.ts'
import {type RegistryDocument, readManifestLayers, readRegistryDocument} from './registry-document.ts'
import {containerRootFs} from './rootfs.ts'
import {namedByRegistry, originsInSaved, type SavedImage, type SavingOptions, savedImage} from './saved-image.ts'

/** What the docker reader needs of the process that it runs in. */
export interface DockerSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly run: string
  announceDaemon(): void
  announcePull(reference: string): void
  /** Told where long work stands. */
  readonly progress?: Progress
  /** Told of every secret before it is used, so that no log shows it. */
  mask(secret: string): void
  /** A folder for an image that has to be saved. */
  readonly temporary: string
}

type DockerLocation = Extract<Location, {transport: 'docker' | 'docker-daemon'}>

/** What both kinds of image, in a registry or in the daemon alone, are looked into with. */
interface Session {
  readonly cli: DockerCli
  /** Outlives a cancelled run, to remove what it created. */
  readonly cleaner: DockerCli
  readonly run: string
  readonly progress: Progress | undefined
  readonly saving: SavingOptions
  pause(ms: number): Promise<void>
  /** The registry's own reader: docker shows no attestation as it is. */
  openRegistry(reference: Reference): Promise<ImageSource>
}

/**
 * Opens images by way of the docker engine: the index from the registry, each platform by pulling the child
 * digest into the daemon and looking into a container that is created and never started. What only the
 * daemon has is looked into there. All images of a run are opened by one such function: they may share
 * manifests, which are pulled and removed once.
 */
export function dockerImages(surroundings: DockerSurroundings): (location: DockerLocation) => ImageSource {
  const {env, signal, run} = surroundings
  const cli = dockerCli({env, signal})
  const session: Session = {
    cli,
    cleaner: dockerCli({env}),
    run,
    progress: surroundings.progress,
    saving: {cli, signal, temporary: surroundings.temporary},
    pause: pauseUnder(signal),
    openRegistry: async reference => {
      // Only who asks for an attestation waits for it.
      const {openRegistry} = await import('../registry/source.ts')
      const mask = (secret: string): void => surroundings.mask(secret)
      return openRegistry({text: reference.name, reference}, {env, signal, mask})
    },
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
      attestations: async (entry, predicateType) => (await open()).attestations(entry, predicateType),
      close: async () => {
        await (await opened?.catch(() => undefined))?.close()
      },
    }
  }
}

interface Opened {
  readonly document: ImageRoot
  readonly isInRegistry: boolean
  platformImage(entry: PlatformEntry): Promise<PlatformImage>
  attestations(entry: PlatformEntry, predicateType: string): Promise<readonly Attestation[]>
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
  const referrers = registry.children.flatMap(child => (child.kind === 'other' ? [child.entry] : []))
  return {
    document: {kind: registry.kind, descriptor: registry.descriptor, entries, referrers},
    isInRegistry: true,
    platformImage: async entry => {
      const named = referenceTo(reference, entry.descriptor.digest)
      const saved = savedImage(session.saving, named)
      return lookInside(session, entry, named, {
        // Never with --platform: both image stores choose wrongly by it where index and config disagree.
        prepare: () => pulls.ensure(named),
        originsOf: paths => originsInRegistry(session, saved, reference, entry, paths),
        finish: () =>
          withCleanup(
            () => saved.close(),
            () => pulls.release(named),
          ),
      })
    },
    attestations: async (entry, predicateType) => {
      const digest = registry.descriptor?.digest
      const isAttested = referrers.some(({descriptor}) => isAttestationOf(descriptor, entry.descriptor.digest))
      if (digest === undefined || !isAttested) return []
      // What stands at a tag by now may be another image.
      const source = await session.openRegistry({...reference, digest})
      return withCleanup(
        async () => (await source.attestations?.(entry, predicateType)) ?? [],
        () => source.close(),
      )
    },
    close,
  }
}

/** The classic store packs layers anew, so that it has them under other digests than the registry. */
async function originsInRegistry(
  {cli}: Session,
  saved: SavedImage,
  reference: Reference,
  entry: PlatformEntry,
  paths: readonly string[],
): Promise<FileOrigins> {
  const {layers, of} = await originsInSaved(saved, entry, paths)
  return {layers: namedByRegistry(layers, await readManifestLayers(cli, reference, entry.descriptor.digest)), of}
}

/**
 * The platforms as the index claims them; where it does not, the config tells, for which the image has to be pulled.
 */
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
  const saved = savedImage(session.saving, named)
  return {
    document,
    isInRegistry: false,
    platformImage: entry =>
      lookInside(session, entry, named, {
        ...(chosenByPlatform ? {platform: formatPlatform(entry.platform)} : {}),
        originsOf: paths => originsInSaved(saved, entry, paths),
      }),
    attestations: async (entry, predicateType) => {
      const isAttested = document.referrers.some(({descriptor}) => isAttestationOf(descriptor, entry.descriptor.digest))
      return isAttested ? ((await (await saved.open()).attestations?.(entry, predicateType)) ?? []) : []
    },
    close: () => saved.close(),
  }
}

interface Looking {
  /** Given only where one name stands for several platforms in the daemon. */
  readonly platform?: string
  originsOf(paths: readonly string[]): Promise<FileOrigins>
  prepare?(): Promise<void>
  finish?(): Promise<void>
}

/**
 * Creates the container to look into; removes it, and what was pulled for it, when
 * the image is closed or cannot be opened.
 */
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
    const rootfs = containerRootFs(cli, container, progress)
    return {entry, config, layers: [], rootfs, originsOf: paths => looking.originsOf(paths), close}
  }, close)
}
