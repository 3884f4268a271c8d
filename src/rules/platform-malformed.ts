import {findMalformedPlatform, formatPlatform} from '../platform/index.ts'
import type {Rule} from './rule.ts'

/** An entry of the index whose platform no client matches: it can never be pulled by platform. */
export const platformMalformed: Rule = {
  id: 'platform-malformed',
  level: 'error',
  summary: 'The index names a platform that no client matches.',
  *checkAll({images}) {
    for (const image of images) {
      for (const {platform, descriptor, unread} of image.root.entries) {
        const problem = unread ? undefined : findMalformedPlatform(platform)
        if (problem === undefined) continue
        const name = formatPlatform(platform)
        const meant = problem.meant && formatPlatform(problem.meant)
        yield {
          image: image.reference,
          platform: name,
          message: `no client matches ${name}: ${problem.reason}${meant === undefined ? '' : `; probably ${meant} is meant`}`,
          evidence: {digest: descriptor.digest, reason: problem.reason, meant: meant ?? null},
          fix: `Build with --platform ${meant ?? 'OS/ARCH[/VARIANT]'}, or use this name when the index is created.`,
        }
      }
    }
  },
}
