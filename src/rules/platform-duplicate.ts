import type {PlatformEntry} from '../image/source.ts'
import {formatPlatformFully, platformsEqual} from '../platform/index.ts'
import type {Rule} from './rule.ts'
import {entriesOf, releasesOf} from './support/release.ts'

/** Two manifests for one platform: which of them a client takes is the client's choice. */
export const platformDuplicate: Rule = {
  id: 'platform-duplicate',
  level: 'warning',
  summary: 'Two different manifests stand for one platform.',
  *check(facts) {
    for (const release of releasesOf(facts)) {
      const entries = entriesOf(release).map(({entry}) => entry)
      for (const group of groupsOf(entries)) {
        const digests = [...new Set(group.map(({descriptor}) => descriptor.digest))]
        const [first] = group
        if (first === undefined || group.length < 2) continue
        const platform = formatPlatformFully(first.platform)
        const isSame = digests.length === 1
        yield {
          image: release.reference,
          platform,
          ...(isSame ? {level: 'note' as const} : {}),
          message: isSame
            ? `${platform} stands ${group.length} times in the index, each time as ${digests[0]}`
            : `${platform} has ${digests.length} different manifests, and a client may take any: ${digests.join(', ')}`,
          evidence: {digests, entries: group.length},
          ...(isSame ? {} : {fix: 'Join the index again from one manifest for each platform.'}),
        }
      }
    }
  },
}

function groupsOf(entries: readonly PlatformEntry[]): PlatformEntry[][] {
  const groups: PlatformEntry[][] = []
  for (const entry of entries) {
    const group = groups.find(([first]) => first && isSamePlatform(first, entry))
    if (group) group.push(entry)
    else groups.push([entry])
  }
  return groups
}

/** Windows images of several OS versions stand side by side on purpose. */
function isSamePlatform({platform: a}: PlatformEntry, {platform: b}: PlatformEntry): boolean {
  return platformsEqual(a, b) && (a.osVersion ?? '') === (b.osVersion ?? '')
}
