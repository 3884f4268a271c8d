import type {Digest} from '../image/digest.ts'
import type {PlatformEntry} from '../image/source.ts'
import {formatPlatformFully, isRequested, platformsEqual} from '../platform/index.ts'
import type {Rule} from './rule.ts'
import {entriesOf, type Release, releasesOf} from './support/release.ts'

/** Two manifests for one platform: which of them a client takes is the client's choice. */
export const platformDuplicate: Rule = {
  id: 'platform-duplicate',
  level: 'warning',
  summary: 'One platform has two different manifests.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) {
      const entries = entriesOf(release).map(({entry}) => entry)
      for (const group of groupsOf(entries)) {
        const digests = [...new Set(group.map(({descriptor}) => descriptor.digest))]
        const [first] = group
        if (first === undefined || group.length < 2) continue
        const platform = formatPlatformFully(first.platform)
        const isSame = digests.length === 1
        const isTwin = !isSame && areTwins(release, digests)
        yield {
          image: release.reference,
          platform,
          ...(isSame || isTwin || !isWanted(release, first) ? {level: 'note' as const} : {}),
          message: isSame
            ? `${platform} stands ${group.length} times in the index, each time as ${digests[0]}`
            : isTwin
              ? `${platform} has ${digests.length} manifests of one image, compressed in different ways: ${digests.join(', ')}`
              : `${platform} has ${digests.length} different manifests, and a client may take any: ${digests.join(', ')}`,
          evidence: {digests, entries: group.length},
          ...(isSame || isTwin ? {} : {fix: 'Create the index again, with one manifest for each platform.'}),
        }
      }
    }
  },
}

/**
 * One root filesystem and one config under several manifests, as gzip for old clients
 * and as zstd for new ones: any will do.
 */
function areTwins({images}: Release, digests: readonly Digest[]): boolean {
  const read = images.flatMap(({platforms}) => platforms.filter(({entry}) => digests.includes(entry.descriptor.digest)))
  const configs = new Set(
    read.map(({config}) => {
      const {created: _, history: __, ...rest} = config ?? {}
      return JSON.stringify(rest)
    }),
  )
  const isRead = digests.every(digest => read.some(({entry}) => entry.descriptor.digest === digest))
  return isRead && configs.size === 1 && read.every(({config}) => (config?.diffIds.length ?? 0) > 0)
}

/** What nobody asked for was not read either: it may be one image in different compressions. */
function isWanted({images}: Release, {platform}: PlatformEntry): boolean {
  return images.some(({required}) => required?.some(wanted => isRequested(wanted, platform)) ?? true)
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
