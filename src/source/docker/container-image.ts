import type {ImageConfig} from '../../image/config.ts'
import type {FileLayers, PlatformEntry, PlatformImage} from '../../image/source.ts'
import {withCleanup, withRollback} from '../../lib/cleanup.ts'
import {formatPlatform} from '../../platform/index.ts'
import type {Progress} from '../progress.ts'
import {containerRootFs} from './container-rootfs.ts'
import {createContainer, removeContainer} from './containers.ts'
import {inspectImage} from './inspect.ts'
import type {Session} from './session.ts'

interface Looking {
  /** Given only where one name stands for several platforms in the daemon. */
  readonly platform?: string
  layersOf(paths: readonly string[]): Promise<FileLayers>
  /** The config, where the daemon says nothing of it. */
  untoldConfig(): Promise<ImageConfig>
  prepare?(): Promise<void>
  /** Throws where the container may have been made of another image than was meant. */
  confirm?(): Promise<void>
  finish?(): Promise<void>
}

/**
 * Creates the container to look into; removes it, and what was pulled for it, when
 * the image is closed or cannot be opened.
 */
export async function lookInside(
  session: Session,
  entry: PlatformEntry,
  named: string,
  looking: Looking,
): Promise<PlatformImage> {
  const {cli, cleaner, run, limits, saving} = session
  // The first part of a digest distinguishes images.
  const name = named.replace(/(@sha\d+:[0-9a-f]{12})[0-9a-f]{52,}$/, '$1')
  const progress: Progress = message =>
    session.progress?.(() => `${name} ${formatPlatform(entry.platform)}: ${message()}`)
  let container: string | undefined
  let closeFiles = async (): Promise<void> => {}
  const close = async (): Promise<void> => {
    const id = container
    container = undefined
    await withCleanup(
      async () => {
        if (id !== undefined) await removeContainer(cleaner, id)
      },
      () =>
        withCleanup(
          async () => looking.finish?.(),
          () => closeFiles(),
        ),
    )
  }
  return withRollback(async () => {
    await looking.prepare?.()
    const {config = await looking.untoldConfig()} = await inspectImage(cli, named, looking.platform)
    container = await createContainer(session, named, run, looking.platform)
    await looking.confirm?.()
    const {temporary: folder, signal} = saving
    const rootfs = containerRootFs(cli, container, {progress, limits, folder, signal})
    closeFiles = () => rootfs.close()
    return {entry, config, layers: [], rootfs, layersOf: paths => looking.layersOf(paths), close}
  }, close)
}
