import {SourceError} from '../../errors.ts'
import {withAmbiguities} from '../../image/ambiguity.ts'
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
      (thrown: unknown) => ({thrown}),
    )
    const what = failure && (await artifactName(session, reference, descriptor, failure.thrown))
    if (what !== undefined) return {descriptor, kind: 'artifact', what}
    return claimedByConfig(descriptor, async () => {
      if (failure) throw failure.thrown
      return (await inspectImage(session.cli, named)).config.platform
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
        prepare: () => pulls.ensure(named).catch(thrown => explainPull(session, reference, entry, thrown)),
        layersOf: paths => layersInRegistry(session, saved, reference, entry, paths),
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

/** Throws why a manifest cannot be pulled: an engine refuses what is not an image's with words of its own. */
async function explainPull(
  session: Session,
  reference: Reference,
  {descriptor}: PlatformEntry,
  thrown: unknown,
): Promise<never> {
  const what = await artifactName(session, reference, descriptor, thrown)
  throw what === undefined ? thrown : new SourceError('not-an-image', what, {cause: thrown})
}

/** What a manifest is that cannot be pulled; undefined where that is an image's, or cannot be told. */
async function artifactName(
  {cli}: Session,
  reference: Reference,
  {digest}: Descriptor,
  thrown: unknown,
): Promise<string | undefined> {
  if (!(thrown instanceof SourceError) || thrown.code === 'aborted') return undefined
  return readArtifactName(cli, reference, digest).catch(() => undefined)
}
