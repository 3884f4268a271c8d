import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Rule} from './rule.ts'

/** The index names a manifest, config or layer that does not exist or does not match its digest. */
export const platformUnreadable: Rule = {
  id: 'platform-unreadable',
  level: 'error',
  summary: 'The index names a manifest, config or layer that does not exist or does not match its digest.',
  *checkAll({images}) {
    for (const image of images) {
      for (const {entry, code, message} of image.unreadable) {
        const platform = entry.unread ? undefined : formatPlatform(entry.platform)
        const what = platform === undefined ? 'the image' : `${platform} is in the index and`
        yield {
          image: image.reference,
          ...defined({platform}),
          message: `${what} cannot be read: ${message}`,
          evidence: {digest: entry.descriptor.digest, code, reason: message},
          fix: 'Push the platform again. Where the registry cleans up untagged manifests, keep those that an index names.',
        }
      }
    }
  },
}
