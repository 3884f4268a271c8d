import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Rule} from './rule.ts'

/** The index names a manifest, config or layer that is not there or is not what its digest says. */
export const platformUnreadable: Rule = {
  id: 'platform-unreadable',
  level: 'error',
  summary: 'The index names a manifest, config or layer that is not there or is not what its digest says.',
  *checkAll({images}) {
    for (const image of images) {
      for (const {entry, code, message} of image.unreadable) {
        const platform = entry.unread ? undefined : formatPlatform(entry.platform)
        const what = platform === undefined ? 'the image' : `${platform} is named and`
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
