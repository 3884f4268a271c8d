import {SourceError} from '../../errors.ts'
import {withAmbiguities} from '../../image/ambiguity.ts'
import type {ImageConfig} from '../../image/config.ts'
import type {Digest} from '../../image/digest.ts'
import {type Reference, referenceTo} from '../../image/reference.ts'
import type {Descriptor, FileLayers, PlatformEntry, Referrer} from '../../image/source.ts'
import {withCleanup, withRollback} from '../../lib/cleanup.ts'
import {isAttestationOf} from '../blobs/attestations.ts'
import {claimedByConfig} from '../blobs/claimed-by-config.ts'
import {sortChildren} from '../blobs/flat-index.ts'
import {lookInside} from './container-image.ts'
import {inspectImage} from './inspect.ts'
import type {Pulls} from './pulls.ts'
import {type RegistryRoot, readArtifactName, readManifestLayers} from './registry-root.ts'
import {layersInSaved, namedByRegistry, type SavedImage, savedImage} from './saved-image.ts'
import type {OpenedImage, Session} from './session.ts'

/** Opens an image of a registry: each platform is pulled by the digest of its own manifest. */
export async function openInRegistry(
  session: Session,
  pulls: Pulls,
  reference: Reference,
  registry: RegistryRoot,
): Promise<OpenedImage> {
  const held: string[] = []
  const hold = async (named: string): Promise<void> => {
    held.push(named)
    await pulls.ensure(named)
  }
  const close = async (): Promise<void> => {
    for (const named of held.splice(0)) await pulls.release(named)
  }
  // Where the index names no platform, the config does, for which the image has to be pulled.
  const claim = async (descriptor: Descriptor): Promise<PlatformEntry | Referrer> => {
    const named = referenceTo(reference, descriptor.digest)
    const failure = await hold(named).then(
      () => undefined,
      (thrown: unknown) => explainPull(session, reference, descriptor, thrown),
    )
    if (failure?.what !== undefined) return {descriptor, kind: 'artifact', what: failure.what}
    return claimedByConfig(descriptor, async () => {
      if (failure) throw failure.thrown
      const {config = await readConfig(session, reference, descriptor.digest)} = await inspectImage(session.cli, named)
      return config.platform
    })
  }
  const {entries, referrers} = await withRollback(() => sortChildren(registry.children, claim), close)
  return {
    root: {
      ...{kind: registry.kind, descriptor: registry.descriptor, entries, referrers},
      ...withAmbiguities(registry.ambiguities),
    },
    isInRegistry: true,
    platformImage: async entry => {
      const named = referenceTo(reference, entry.descriptor.digest)
      const saved = savedImage(session.saving, named)
      return lookInside(session, entry, named, {
        // Never with --platform: both image stores choose wrongly by it where index and config disagree.
        prepare: () => pulls.ensure(named).catch(thrown => rethrowPull(session, reference, entry.descriptor, thrown)),
        layersOf: paths => layersInRegistry(session, saved, reference, entry, paths),
        untoldConfig: () => readConfig(session, reference, entry.descriptor.digest),
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

/** What the registry has as the config of a manifest. */
async function readConfig(session: Session, reference: Reference, digest: Digest): Promise<ImageConfig> {
  const source = await session.openRegistry({...reference, digest})
  return withCleanup(
    async () => {
      const [entry] = (await source.root()).entries
      if (!entry)
        throw new SourceError('not-an-image', `${referenceTo(reference, digest)} is not the manifest of an image`)
      const image = await source.platformImage(entry)
      return withCleanup(
        async () => image.config,
        () => image.close(),
      )
    },
    () => source.close(),
  )
}

/** The classic store packs layers anew, so that it has them under other digests than the registry. */
async function layersInRegistry(
  {cli}: Session,
  saved: SavedImage,
  reference: Reference,
  entry: PlatformEntry,
  paths: readonly string[],
): Promise<FileLayers> {
  const {layers, of} = await layersInSaved(saved, entry, paths)
  return {layers: namedByRegistry(layers, await readManifestLayers(cli, reference, entry.descriptor.digest)), of}
}

/** Why a manifest cannot be pulled: `what` it is where it is not an image's, or what is `thrown`. */
interface PullFailure {
  readonly what?: string
  readonly thrown: unknown
}

/**
 * An engine refuses what is not an image's manifest with words of its own, and the classic store breaks off without a
 * word where a manifest is `null` or says nothing: what the manifest itself is decides, where it can be read.
 */
async function explainPull(
  {cli}: Session,
  reference: Reference,
  {digest}: Descriptor,
  thrown: unknown,
): Promise<PullFailure> {
  if (!(thrown instanceof SourceError) || thrown.code === 'aborted') return {thrown}
  try {
    const what = await readArtifactName(cli, reference, digest)
    return what === undefined ? {thrown} : {what, thrown}
  } catch (why) {
    return {thrown: why instanceof SourceError && why.code === 'malformed' ? why : thrown}
  }
}

async function rethrowPull(
  session: Session,
  reference: Reference,
  descriptor: Descriptor,
  failure: unknown,
): Promise<never> {
  const {what, thrown} = await explainPull(session, reference, descriptor, failure)
  throw what === undefined ? thrown : new SourceError('not-an-image', what, {cause: thrown})
}
