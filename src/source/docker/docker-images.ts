import {SourceError} from '../../errors.ts'
import type {Location} from '../../image/location.ts'
import type {Reference} from '../../image/reference.ts'
import type {ImageSource} from '../../image/source.ts'
import type {Limits} from '../../lib/limits.ts'
import {untilThere} from '../just-pushed.ts'
import {openInDaemon} from './daemon-image.ts'
import {type Pulls, trackPulls} from './pulls.ts'
import {openInRegistry} from './registry-image.ts'
import {type RegistryRoot, readRegistryRoot} from './registry-root.ts'
import {type DockerEnvironment, type OpenedImage, openSession, type Session} from './session.ts'

type DockerLocation = Extract<Location, {transport: 'docker' | 'docker-daemon'}>

/**
 * Opens images by way of the docker engine: the index from the registry, each platform by pulling the child
 * digest into the daemon and looking into a container that is created and never started. What only the
 * daemon has is looked into there. All images of a run are opened by one such function: they may share
 * manifests, which are pulled and removed once.
 */
export function dockerImages(
  environment: DockerEnvironment,
  limits?: Limits,
): (location: DockerLocation) => ImageSource {
  const session = openSession(environment, limits)
  const pulls = trackPulls(session, environment.announcePull)
  return ({transport, text, reference}) => {
    let name: string | undefined
    let opened: Promise<OpenedImage> | undefined
    const open = (): Promise<OpenedImage> => {
      environment.announceDaemon()
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
        const {root, isInRegistry} = await open()
        if (isInRegistry) name = reference.name
        return root
      },
      platformImage: async entry => (await open()).platformImage(entry),
      attestations: async (entry, predicateType) => (await open()).attestations(entry, predicateType),
      close: async () => {
        await (await opened?.catch(() => undefined))?.close()
      },
    }
  }
}

/** The registry first. What it does not have, or does not show us, may be in the daemon only: `docker build --load`. */
async function openByName(session: Session, pulls: Pulls, reference: Reference): Promise<OpenedImage> {
  let root: RegistryRoot
  try {
    const read = () => readRegistryRoot(session.cli, reference, session.limits)
    root = await (reference.digest === undefined ? read() : untilThere(session)(read))
  } catch (thrown) {
    const isAbsent = thrown instanceof SourceError && (thrown.code === 'not-found' || thrown.code === 'denied')
    if (!isAbsent || reference.digest !== undefined) throw thrown
    const inDaemon = await openInDaemon(session, reference).catch(() => undefined)
    if (inDaemon === undefined) throw thrown
    return inDaemon
  }
  if (root.other !== undefined) {
    throw new SourceError('unsupported', `${reference.name} is an ${root.other}, not an image`)
  }
  return openInRegistry(session, pulls, reference, root)
}
