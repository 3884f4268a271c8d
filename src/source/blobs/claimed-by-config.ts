import {isFaultOfImage, SourceError} from '../../errors.ts'
import type {Descriptor, PlatformEntry} from '../../image/source.ts'
import type {Platform} from '../../platform/index.ts'

/** The entry of a manifest whose platform its config names. A config that is missing or wrong is the image's fault. */
export async function claimedByConfig(
  descriptor: Descriptor,
  readPlatform: () => Promise<Platform>,
): Promise<PlatformEntry> {
  try {
    return {platform: await readPlatform(), descriptor, claimedBy: 'config'}
  } catch (thrown) {
    if (!(thrown instanceof SourceError) || !isFaultOfImage(thrown.code)) throw thrown
    const {code, message} = thrown
    return {
      platform: {os: '', architecture: '', variant: ''},
      descriptor,
      claimedBy: 'config',
      unread: {code, message},
    }
  }
}
