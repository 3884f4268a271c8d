import {type Reference, referenceTo} from '../../image/reference.ts'
import {formatPlatform} from '../../platform/index.ts'
import {isAttestationOf} from '../blobs/attestations.ts'
import {lookInside} from './container-image.ts'
import {confirmName, readDaemonRoot, refuseUntold} from './daemon-root.ts'
import {layersInSaved, savedImage} from './saved-image.ts'
import type {OpenedImage, Session} from './session.ts'

/** Opens an image that only the daemon has. */
export async function openInDaemon(session: Session, reference: Reference): Promise<OpenedImage> {
  const named = reference.digest
    ? referenceTo(reference, reference.digest)
    : `${reference.name}:${reference.tag ?? 'latest'}`
  const {root, chosenByPlatform, id} = await readDaemonRoot(session.cli, named, session.limits)
  const saved = savedImage(session.saving, named)
  return {
    root,
    isInRegistry: false,
    platformImage: entry =>
      lookInside(session, entry, named, {
        ...(chosenByPlatform ? {platform: formatPlatform(entry.platform)} : {}),
        layersOf: paths => layersInSaved(saved, entry, paths),
        untoldConfig: async () => refuseUntold(named),
        // A tag may have been given to another image before the container was made of it.
        confirm: () => confirmName(session.cli, named, id),
      }),
    attestations: async (entry, predicateType) => {
      const isAttested = root.referrers.some(({descriptor}) => isAttestationOf(descriptor, entry.descriptor.digest))
      return isAttested ? ((await (await saved.open()).attestations?.(entry, predicateType)) ?? []) : []
    },
    close: () => saved.close(),
  }
}
